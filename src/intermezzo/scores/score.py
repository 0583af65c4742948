"""From prediction rows to the content of ``scores.json``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from intermezzo import metrics

# A test file whose labels were withheld often carries one label throughout; below this many items that may be luck.
PLACEHOLDER_ROWS = 20


def score_predictions(
    kind: str,
    wanted: Sequence[str],
    labels: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    language: str,
    headline: str | None = None,
) -> dict[str, Any]:
    """Score the rows of one predictions file (their form: ``metrics.registry``).

    Returns ``values`` (metric -> number in its ``unit``, None when there is no gold to score against), ``unit``,
    ``metric_versions``, ``n`` (what each metric counts), ``chance`` (of the headline, a fraction; ``chances`` of every
    metric), ``headline`` (default: the first metric), ``language``, ``rows``, ``unlabelled`` (rows without gold),
    ``reason`` (why there is no score, or None) and ``items``: the headline is 100 * sum(num) / sum(den) with one entry
    a row; None where it is no such ratio.
    """
    given = list(rows)
    found = [metrics.get(kind, name) for name in wanted]
    headline = headline or wanted[0]
    reason = why_not(kind, labels, given)
    values: dict[str, float | None] = dict.fromkeys(wanted)
    counts = dict.fromkeys(wanted, 0)
    items: dict[str, list[float]] | None = None
    if reason is None:
        for metric in found:
            values[metric.name], counts[metric.name], parts = _one(metric, given, labels)
            if metric.name == headline and parts is not None:
                items = {"num": list(parts.num), "den": list(parts.den)}
    chances = {metric.name: chance(metric.chance, labels, given) for metric in found}
    return {
        "values": values,
        "unit": {metric.name: metric.unit for metric in found},
        "metric_versions": {metric.name: metric.version for metric in found},
        "n": counts,
        "chance": chances[headline],
        "chances": chances,
        "headline": headline,
        "language": language,
        "rows": len(given),
        "unlabelled": 0 if kind == "mlm" else sum(row["gold"] is None for row in given),
        "reason": reason,
        "items": items,
    }


def _one(
    metric: metrics.Metric, rows: Sequence[Mapping[str, Any]], labels: Sequence[str]
) -> tuple[float, int, metrics.Items | None]:
    if metric.items is None:
        return metric.value(rows, labels), len(rows), None
    parts = metric.items(rows, labels)
    return parts.percent(), parts.n, parts


def why_not(kind: str, labels: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str | None:
    """Why these rows cannot be scored: no rows, no gold, or one gold throughout (withheld labels); else None."""
    if not rows:
        return "no examples"
    if kind == "mlm":
        return None
    golds = [row["gold"] for row in rows if row["gold"] is not None]
    if not golds:
        return "no gold labels: the labels of this split are withheld or missing"
    if len(golds) < PLACEHOLDER_ROWS:
        return None
    if kind in ("text", "pair") and len(labels) > 1 and len(set(golds)) == 1:
        return f"placeholder gold: every one of {len(golds)} items has the label {golds[0]!r}"
    if kind == "choice" and len(set(golds)) == 1 and any(len(row["raw"]) > 1 for row in rows):
        return f"placeholder gold: every one of {len(golds)} items has the answer {golds[0]!r}"
    if kind == "tags" and len(labels) > 1 and len({tag for tags in golds for tag in tags}) <= 1:
        return f"placeholder gold: every word of {len(golds)} sentences has one tag"
    if kind == "span" and not any(golds):
        return f"no gold answers: none of {len(golds)} questions has one"
    return None


def chance(rule: str, labels: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> float | None:
    """What a uniform guess gets, as a fraction: see ``metrics.Metric.chance``. None where it has no meaning."""
    if rule == "zero":
        return 0.0
    if rule == "labels" and labels:
        return 1.0 / len(labels)
    if rule == "choices" and rows:
        return sum(1.0 / len(row["raw"]) for row in rows) / len(rows)
    if rule == "rows" and rows:
        return 1.0 / len(rows)
    return None
