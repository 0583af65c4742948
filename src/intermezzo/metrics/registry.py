"""Which metrics a kind has, by name: a function over prediction rows, a version, a unit.

A prediction row is a mapping with ``gold``, ``answer`` and ``raw``; what they hold depends on the kind:

===========  ============================  =======================  ==========================================
kind         gold                          answer                   raw
===========  ============================  =======================  ==========================================
text, pair   label or None                 label                    logits in label order
choice       index or None                 index                    a logit a choice
tags         tags or None                  tags, one a word         log-probabilities of the answered tags
span         gold texts, none = no answer  text                     ``score`` and ``null``: best span, no answer
retrieval    row                           row of the nearest       its cosine
mlm          None                          None                     ``loss`` (summed, nats) and ``n`` (pieces)
===========  ============================  =======================  ==========================================
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from intermezzo.errors import InputError, Problem, nearest
from intermezzo.metrics import chunks, classification, squad
from intermezzo.metrics.items import Items

Row = Mapping[str, Any]
Rows = Sequence[Row]
Labels = Sequence[str]


@dataclass(frozen=True)
class Metric:
    """One metric of one kind. ``items`` is None where the score is no ratio of sums over items; then ``whole`` is set.

    chance: what a uniform guess gets, as a fraction: ``labels`` 1/labels, ``choices`` 1/choices, ``rows`` 1/rows,
    ``zero``, or ``none`` where it has no meaning.
    """

    name: str
    version: int
    unit: str
    chance: str
    items: Callable[[Rows, Labels], Items] | None = None
    whole: Callable[[Rows, Labels], float] | None = None

    def value(self, rows: Rows, labels: Labels) -> float:
        """The score of ``rows``, in the metric's unit."""
        if self.items is not None:
            return self.items(rows, labels).percent()
        assert self.whole is not None
        return self.whole(rows, labels)


def _golds(rows: Rows) -> list[Any]:
    return [row["gold"] for row in rows]


def _answers(rows: Rows) -> list[Any]:
    return [row["answer"] for row in rows]


def _accuracy(rows: Rows, labels: Labels) -> Items:
    return classification.accuracy_items(_golds(rows), _answers(rows))


def _macro_f1(rows: Rows, labels: Labels) -> Items:
    return classification.macro_f1_items(_golds(rows), _answers(rows), labels)


def _token_accuracy(rows: Rows, labels: Labels) -> Items:
    return classification.token_accuracy_items(_golds(rows), _answers(rows))


def _chunk(
    items: Callable[[Sequence[Sequence[str]], Sequence[Sequence[str]], chunks.Rule], Items],
    rule: chunks.Rule,
    rows: Rows,
    labels: Labels,
) -> Items:
    # A sentence without gold becomes an empty one, so that items keep their places.
    gold = [row["gold"] or [] for row in rows]
    return items(gold, [row["answer"] if row["gold"] else [] for row in rows], rule)


def _span(metric: str, rows: Rows, labels: Labels) -> Items:
    """v2.0 as soon as one question has no answer (v1.1 cannot score such a set), else v1.1."""
    two = any(not row["gold"] for row in rows)
    score = {
        ("exact_match", False): squad.exact_v1,
        ("exact_match", True): squad.exact_v2,
        ("f1", False): squad.f1_v1,
        ("f1", True): squad.f1_v2,
    }[metric, two]
    return Items([score(row["answer"], row["gold"]) for row in rows], [1.0] * len(rows), len(rows))


def _best(metric: str, what: str, rows: Rows, labels: Labels) -> float:
    """The no-answer score is the null score minus that of the best span, as both stand in one list of logits."""
    score = squad.exact_v2 if metric == "exact" else squad.f1_v2
    names = [str(i) for i in range(len(rows))]
    found = squad.best_threshold(
        {name: score(row["answer"], row["gold"]) for name, row in zip(names, rows, strict=True)},
        {name: bool(row["gold"]) for name, row in zip(names, rows, strict=True)},
        {name: row["answer"] for name, row in zip(names, rows, strict=True)},
        {name: row["raw"]["null"] - row["raw"]["score"] for name, row in zip(names, rows, strict=True)},
    )
    return found.score if what == "score" else found.threshold


def _loss(rows: Rows, labels: Labels) -> float:
    """Mean negative log-likelihood of a masked piece, in nats."""
    pieces = sum(int(row["raw"]["n"]) for row in rows)
    return float(sum(row["raw"]["loss"] for row in rows)) / max(1, pieces)


def _likelihood(rows: Rows, labels: Labels) -> float:
    """Geometric mean probability of the masked pieces in percent: 100 / perplexity, higher is better."""
    return 100.0 * math.exp(-_loss(rows, labels))


def _percent(name: str, version: int, chance: str, items: Callable[[Rows, Labels], Items]) -> Metric:
    return Metric(name, version, "percent", chance, items)


ACCURACY = _percent("accuracy", classification.VERSION, "labels", _accuracy)
MACRO_F1 = _percent("macro_f1", classification.VERSION, "labels", _macro_f1)
RULES: tuple[tuple[str, chunks.Rule], ...] = (("", "xtreme"), ("_seqeval1", "seqeval1"))
CHUNKS = [
    _percent(name + suffix, chunks.VERSION, "zero", partial(_chunk, items, rule))
    for suffix, rule in RULES
    for name, items in (("f1", chunks.f1_items), ("precision", chunks.precision_items), ("recall", chunks.recall_items))
]
SPANS = [
    _percent("f1", squad.VERSION, "zero", partial(_span, "f1")),
    _percent("exact_match", squad.VERSION, "zero", partial(_span, "exact_match")),
    *(
        Metric(f"best_{metric}{suffix}", squad.VERSION, unit, chance, None, partial(_best, metric, what))
        for metric in ("exact", "f1")
        for suffix, what, unit, chance in (("", "score", "percent", "zero"), ("_thresh", "threshold", "logit", "none"))
    ),
]
KINDS: dict[str, tuple[Metric, ...]] = {
    "text": (ACCURACY, MACRO_F1),
    "pair": (ACCURACY, MACRO_F1),
    "choice": (_percent("accuracy", classification.VERSION, "choices", _accuracy),),
    "tags": (_percent("token_accuracy", classification.VERSION, "labels", _token_accuracy), *CHUNKS),
    "span": tuple(SPANS),
    "retrieval": (_percent("accuracy", classification.VERSION, "rows", _accuracy),),
    "bitext": (_percent("accuracy", classification.VERSION, "rows", _accuracy),),
    "mlm": (
        Metric("likelihood", 1, "percent", "none", None, _likelihood),
        Metric("loss", 1, "nats", "none", None, _loss),
    ),
}


def names(kind: str) -> tuple[str, ...]:
    """Names of the metrics of a kind."""
    return tuple(metric.name for metric in KINDS[kind])


def get(kind: str, name: str) -> Metric:
    """The metric of that name. Raises ``InputError`` when the kind has none."""
    for metric in KINDS.get(kind, ()):
        if metric.name == name:
            return metric
    if kind not in KINDS:
        raise InputError(Problem(f"unknown kind {kind!r}", allowed=" ".join(KINDS), near=nearest(kind, KINDS)))
    known = names(kind)
    raise InputError(Problem(f"kind {kind} has no metric {name!r}", allowed=" ".join(known), near=nearest(name, known)))


def version(kind: str, name: str) -> int:
    """Version of a metric: a small integer, raised by hand when its results change."""
    return get(kind, name).version


def compute(kind: str, name: str, rows: Rows, labels: Labels = ()) -> float:
    """One metric of prediction rows, in its unit (percent for nearly all)."""
    return get(kind, name).value(rows, labels)
