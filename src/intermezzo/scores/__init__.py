"""Scores of predictions, the scores table, paired gains. Who owns the rows."""

from __future__ import annotations

from intermezzo.scores.cell import Cell, cell_from_json, cell_to_json
from intermezzo.scores.gains import gains
from intermezzo.scores.score import score_predictions
from intermezzo.scores.store import Artifacts, read_json, read_scores
from intermezzo.scores.table import COLUMNS, FORMATS, frame, render, rows

__all__ = [
    "COLUMNS",
    "FORMATS",
    "Artifacts",
    "Cell",
    "cell_from_json",
    "cell_to_json",
    "frame",
    "gains",
    "read_json",
    "read_scores",
    "render",
    "rows",
    "score_predictions",
]
