"""A cell: one (encoder, route, target, language, seed) that a study asked for, and the job that scores it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

ENGLISH = "eng-Latn"
FLAGS = ("seen", "trained", "shared_training", "floor", "ceiling", "capped", "failed")


@dataclass(frozen=True)
class Cell:
    """What a study knows of a cell before it is scored.

    score: identity of the score job. flags: those known from the study (seen, trained, shared_training, capped).
    parallel: the target has the same items in every language. parameters: without embeddings.
    """

    study: str
    encoder: str
    family: str
    checkpoint: str
    parameters: int | None
    parameters_total: int | None
    pretraining_seed: int | None
    route: str
    target: str
    kind: str
    language: str
    language_source: str
    split: str
    seed: int
    metrics: tuple[str, ...]
    headline: str
    score: str
    parallel: bool = False
    flags: tuple[str, ...] = ()


def cell_to_json(cell: Cell) -> dict[str, Any]:
    """A cell as JSON values."""
    return asdict(cell) | {"metrics": list(cell.metrics), "flags": list(cell.flags)}


def cell_from_json(values: Mapping[str, Any]) -> Cell:
    """The cell of a mapping with the field names of ``Cell``; other keys are left aside."""
    known = {f.name: values[f.name] for f in fields(Cell) if f.name in values}
    return Cell(**known | {name: tuple(known[name]) for name in ("metrics", "flags") if name in known})


def in_order(flags: set[str]) -> list[str]:
    """Flags in their fixed order."""
    return [flag for flag in FLAGS if flag in flags]
