"""Job type ``score``: metrics of stored predictions. A corrected metric scores again and trains nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from intermezzo.jobs.tools import Cost, Tools
from intermezzo.jobs.work import Work
from intermezzo.scores.score import score_predictions


def run(job: Work, inputs: Mapping[str, Path], out: Path, partial: Path, tools: Tools) -> Cost:
    """Writes ``scores.json``."""
    meaning = job.meaning
    with open(inputs["predictions"] / "predictions.jsonl", encoding="utf-8", errors="surrogatepass") as handle:
        rows = [json.loads(line) for line in handle]
    scored = score_predictions(
        meaning["kind"],
        list(meaning["metrics"]),
        meaning["labels"],
        rows,
        meaning["language"],
        headline=meaning["headline"],
    )
    text = json.dumps(scored, ensure_ascii=False, sort_keys=True, allow_nan=False)
    (out / "scores.json").write_text(text, encoding="utf-8")
    return Cost(examples=len(rows))
