"""Accuracy, macro-averaged F1 and token accuracy.

Accuracy is XTREME's (google-research/xtreme ``evaluate.py``: share of equal strings, in percent). Macro F1 follows
scikit-learn's ``f1_score(gold, answer, labels=declared, average="macro", zero_division=0)``.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from intermezzo.metrics.items import Items

VERSION = 1


def accuracy_items(gold: Sequence[Hashable | None], answers: Sequence[Hashable | None]) -> Items:
    """1 for an answer equal to its gold, else 0; items without gold (None) are not scored."""
    den = [0.0 if g is None else 1.0 for g in gold]
    num = [float(g is not None and g == a) for g, a in zip(gold, answers, strict=True)]
    return Items(num, den, int(sum(den)))


def accuracy(gold: Sequence[Hashable | None], answers: Sequence[Hashable | None]) -> float:
    """Percent of answers equal to their gold. XTREME ``evaluate.py``, tasks pawsx, xnli, tatoeba."""
    return accuracy_items(gold, answers).percent()


def macro_f1_items(gold: Sequence[str | None], answers: Sequence[str | None], labels: Sequence[str]) -> Items:
    """Macro F1 as a mean over items: each item's number is the score plus the item's influence on it.

    F_l = 2 tp / (gold + answered) of label l is a ratio of means; the influence of item i on it is
    (2 tp_i - F_l (gold_i + answered_i)) / mean(gold + answered), the first-order (delta method) term, which sums to 0
    over items. So the mean of the numbers is the score and their spread is its sampling error.
    """
    scored = [(g, a) for g, a in zip(gold, answers, strict=True) if g is not None]
    n = len(scored)
    score, influence = 0.0, [0.0] * n
    for label in labels:
        twice = [2.0 * (g == label and a == label) for g, a in scored]
        seen = [float(g == label) + float(a == label) for g, a in scored]
        if total := sum(seen):
            f1 = sum(twice) / total
            score += f1 / len(labels)
            influence = [
                x + (t - f1 * s) * n / total / len(labels) for x, t, s in zip(influence, twice, seen, strict=True)
            ]
    values = iter(influence)
    num = [0.0 if g is None else score + next(values) for g in gold]
    return Items(num, [0.0 if g is None else 1.0 for g in gold], n)


def macro_f1(gold: Sequence[str | None], answers: Sequence[str | None], labels: Sequence[str]) -> float:
    """Mean over the declared labels of F1 = 2 tp / (gold + answered), in percent.

    scikit-learn ``f1_score`` with ``labels=declared, average="macro", zero_division=0``: a declared label that
    neither gold nor answers have counts 0; other answers count as wrong.
    """
    scored = [(g, a) for g, a in zip(gold, answers, strict=True) if g is not None]
    found = 0.0
    for label in labels:
        right = sum(g == label and a == label for g, a in scored)
        seen = sum((g == label) + (a == label) for g, a in scored)
        found += 2 * right / seen if seen else 0.0
    return 100.0 * found / len(labels) if labels else 0.0


def token_accuracy_items(gold: Sequence[Sequence[str] | None], answers: Sequence[Sequence[str]]) -> Items:
    """Right words and words of each sentence; the answer has one tag a word."""
    num, den = [], []
    for g, a in zip(gold, answers, strict=True):
        num.append(0.0 if g is None else float(sum(x == y for x, y in zip(g, a, strict=True))))
        den.append(0.0 if g is None else float(len(g)))
    return Items(num, den, int(sum(den)))


def token_accuracy(gold: Sequence[Sequence[str] | None], answers: Sequence[Sequence[str]]) -> float:
    """Percent of words with the right tag, over all sentences."""
    return token_accuracy_items(gold, answers).percent()
