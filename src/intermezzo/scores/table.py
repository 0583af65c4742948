"""The scores table: one row for each metric of each cell that the study asked for, failed ones included."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from intermezzo import metrics
from intermezzo.errors import InputError, Problem, nearest
from intermezzo.scores.cell import Cell, in_order
from intermezzo.scores.store import Artifacts, read_scores

if TYPE_CHECKING:
    import polars

Row = dict[str, Any]
COLUMNS = (
    "study",
    "encoder",
    "family",
    "checkpoint",
    "parameters",
    "parameters_total",
    "pretraining_seed",
    "route",
    "target",
    "kind",
    "language",
    "language_source",
    "split",
    "seed",
    "metric",
    "metric_version",
    "headline",
    "value",
    "unit",
    "n",
    "chance",
    "flags",
    "job",
)
ORDER = ("target", "language", "split", "study", "family", "parameters", "checkpoint", "route", "seed", "metric")
INTEGERS = ("parameters", "parameters_total", "pretraining_seed", "seed", "metric_version", "n")
FORMATS = ("table", "csv", "json", "parquet")


def rows(cells: Iterable[Cell], store: Artifacts) -> list[Row]:
    """Rows with the keys of ``COLUMNS``, sorted by ``ORDER``; missing is None, ``flags`` is a list.

    A cell without artifact, or without gold to score against, gives rows of null value flagged ``failed``.
    """
    read: dict[str, dict[str, Any] | None] = {}
    found: list[Row] = []
    for cell in cells:
        if cell.score not in read:
            read[cell.score] = read_scores(store, cell.score)
        found.extend(_row(cell, name, read[cell.score]) for name in cell.metrics)
    return sorted(found, key=lambda row: tuple((row[name] is not None, row[name]) for name in ORDER))


def _row(cell: Cell, metric: str, scores: dict[str, Any] | None) -> Row:
    declared = metrics.get(cell.kind, metric)
    scored = scores or {}
    value = _number(scored.get("values", {}).get(metric))
    n = scored.get("n", {}).get(metric) if value is not None else None
    chance = _number(scored.get("chances", {}).get(metric, scored.get("chance")))
    unit = scored.get("unit", {}).get(metric, declared.unit)
    return {
        "study": cell.study,
        "encoder": cell.encoder,
        "family": cell.family,
        "checkpoint": cell.checkpoint,
        "parameters": cell.parameters,
        "parameters_total": cell.parameters_total,
        "pretraining_seed": cell.pretraining_seed,
        "route": cell.route,
        "target": cell.target,
        "kind": cell.kind,
        "language": cell.language,
        "language_source": cell.language_source,
        "split": cell.split,
        "seed": cell.seed,
        "metric": metric,
        "metric_version": scored.get("metric_versions", {}).get(metric, declared.version),
        "headline": metric == cell.headline,
        "value": value,
        "unit": unit,
        "n": n,
        "chance": chance,
        "flags": in_order({*cell.flags, *level_flags(value, n, chance, unit)}),
        "job": cell.score,
    }


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def level_flags(value: float | None, n: int | None, chance: float | None, unit: str = "percent") -> set[str]:
    """Flags that follow from a score.

    ``floor``: value/100 < c + 2 sqrt(c(1 - c)/n), less than two binomial standard errors above chance c; ``ceiling``:
    value/100 > 1 - 2/sqrt(n); ``failed``: there is no value.
    """
    if value is None:
        return {"failed"}
    found: set[str] = set()
    if unit != "percent" or not n:
        return found
    if chance is not None and value / 100 < chance + 2 * math.sqrt(chance * (1 - chance) / n):
        found.add("floor")
    if value / 100 > 1 - 2 / math.sqrt(n):
        found.add("ceiling")
    return found


def frame(table: Sequence[Row]) -> polars.DataFrame:
    """The rows as a polars data frame (``flags`` a list of strings)."""
    import polars

    schema: dict[str, Any] = dict.fromkeys(COLUMNS, polars.String)
    schema |= dict.fromkeys(INTEGERS, polars.Int64)
    schema |= {"headline": polars.Boolean, "value": polars.Float64, "chance": polars.Float64}
    schema["flags"] = polars.List(polars.String)
    return polars.DataFrame([list(row.values()) for row in table], schema=schema, orient="row")


def render(table: Sequence[Row], form: str = "csv", width: int | None = None) -> bytes:
    """The rows in one of ``FORMATS``. Equal rows give equal bytes. Raises ``InputError`` for another format."""
    match form:
        case "csv":
            return to_csv(table, COLUMNS).encode("utf-8")
        case "json":
            return (json.dumps(list(table), ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")
        case "parquet":
            buffer = io.BytesIO()
            frame(table).write_parquet(buffer)
            return buffer.getvalue()
        case "table":
            return _screen(table, width).encode("utf-8")
    raise InputError(Problem(f"unknown format {form!r}", allowed=" ".join(FORMATS), near=nearest(form, FORMATS)))


def to_csv(table: Sequence[Row], columns: Sequence[str]) -> str:
    """RFC 4180, line ends ``\\n``: shortest round-trip numbers, ``true``/``false``, None empty, lists by ``;``."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_field(row[name]) for name in columns] for row in table)
    return buffer.getvalue()


def _field(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    return str(value)


def _screen(table: Sequence[Row], width: int | None) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = ("target", "language", "checkpoint", "route", "seed", "metric", "value", "n", "flags")
    grid = Table(box=None, pad_edge=False)
    for name in shown:
        grid.add_column(name, justify="right" if name in ("seed", "value", "n") else "left", no_wrap=name != "flags")
    for row in table:
        value = "-" if row["value"] is None else f"{row['value']:.2f}"
        cells = [value if name == "value" else _field(row[name]) for name in shown]
        grid.add_row(*(Text(cell) for cell in cells))
    buffer = io.StringIO()
    Console(file=buffer, width=width or 140, no_color=True, highlight=False).print(grid)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"
