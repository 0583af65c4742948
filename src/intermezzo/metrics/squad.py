"""Exact match and token F1 of extractive question answering: the SQuAD v1.1 and v2.0 official scripts.

Rajpurkar et al. 2016 (v1.1, also used by XTREME for XQuAD and TyDiQA-GoldP in every language) and Rajpurkar et al.
2018 (v2.0, ``evaluate-v2.0.py``). English articles go in all languages; text is not Unicode-normalised.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

VERSION = 1
ARTICLES = re.compile(r"\b(?:a|an|the)\b")
NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
Question = tuple[str, Sequence[str]]


@lru_cache(maxsize=65536)
def normalize(text: str) -> str:
    """Lower case, the 32 ASCII punctuation marks deleted, whole words a, an, the blanked, white space made single."""
    return " ".join(ARTICLES.sub(" ", text.lower().translate(NO_PUNCTUATION)).split())


def _overlap(answer: Sequence[str], gold: Sequence[str]) -> float:
    same = sum((Counter(answer) & Counter(gold)).values())
    if same == 0:
        return 0.0
    precision, recall = same / len(answer), same / len(gold)
    return 2 * precision * recall / (precision + recall)


def exact_v1(answer: str, golds: Sequence[str]) -> float:
    """1 when the normalised answer equals a normalised gold, else 0 (v1.1; 0 without golds)."""
    return max((float(normalize(answer) == normalize(gold)) for gold in golds), default=0.0)


def f1_v1(answer: str, golds: Sequence[str]) -> float:
    """Best token F1 over the golds, 0 to 1. Two texts that normalise to nothing score 0 (v1.1)."""
    return max((_overlap(normalize(answer).split(), normalize(gold).split()) for gold in golds), default=0.0)


def _golds_v2(golds: Sequence[str]) -> list[str]:
    return [gold for gold in golds if normalize(gold)] or [""]


def exact_v2(answer: str, golds: Sequence[str]) -> float:
    """As v1.1, but golds that normalise to nothing are left out; without golds the empty answer is right (v2.0)."""
    return max(float(normalize(answer) == normalize(gold)) for gold in _golds_v2(golds))


def f1_v2(answer: str, golds: Sequence[str]) -> float:
    """As v1.1, but where either side has no token: 1 if both have none, else 0 (v2.0)."""
    tokens = normalize(answer).split()
    best = 0.0
    for gold in _golds_v2(golds):
        wanted = normalize(gold).split()
        best = max(best, float(tokens == wanted) if not tokens or not wanted else _overlap(tokens, wanted))
    return best


def squad_v1(questions: Sequence[Question], predictions: Mapping[str, str]) -> dict[str, float]:
    """``exact_match`` and ``f1`` in percent over all questions, in file order; ``missing`` and ``unknown`` counted.

    questions: (id, gold texts); an id that stands twice counts twice. A question without prediction scores 0; a
    prediction for an unknown id is ignored.
    """
    exact = f1 = 0.0
    missing = 0
    for name, golds in questions:
        if name not in predictions:
            missing += 1
            continue
        exact += exact_v1(predictions[name], golds)
        f1 += f1_v1(predictions[name], golds)
    total = len(questions)
    known = {name for name, _ in questions}
    return {
        "exact_match": 100.0 * exact / total if total else 0.0,
        "f1": 100.0 * f1 / total if total else 0.0,
        "total": total,
        "missing": missing,
        "unknown": sum(name not in known for name in predictions),
    }


@dataclass(frozen=True)
class Best:
    """The best score that a threshold on the no-answer score could reach, in percent, and that threshold."""

    score: float
    threshold: float


def best_threshold(
    scores: Mapping[str, float],
    answerable: Mapping[str, bool],
    predictions: Mapping[str, str],
    no_answer: Mapping[str, float],
) -> Best:
    """``find_best_thresh`` of evaluate-v2.0.py: sweep the questions by rising no-answer score, ties in given order.

    scores: un-thresholded score of each question that has a prediction. Ties are not grouped, so the best may stand
    inside a tie that no real threshold can split.
    """
    now = best = float(sum(not has for has in answerable.values()))
    threshold = 0.0
    for name in sorted(no_answer, key=lambda key: no_answer[key]):
        if name not in scores:
            continue
        if answerable[name]:
            now += scores[name]
        elif predictions[name]:
            now -= 1.0
        if now > best:
            best, threshold = now, no_answer[name]
    return Best(100.0 * best / len(scores) if scores else 0.0, threshold)


def squad_v2(
    questions: Sequence[Question],
    predictions: Mapping[str, str],
    no_answer: Mapping[str, float] | None = None,
    threshold: float = 1.0,
) -> dict[str, float]:
    """The official output of v2.0 in percent: ``exact f1 total``, the same with ``HasAns_`` and ``NoAns_``,
    and ``best_exact best_exact_thresh best_f1 best_f1_thresh`` when ``no_answer`` (id -> no-answer score) is given.

    Above the threshold (strictly) a question counts as answered with nothing. Questions without prediction are left
    out of the means and counted in ``missing``; predictions for unknown ids are ignored and counted in ``unknown``.
    """
    answerable = {name: bool(golds) for name, golds in questions}
    exact = {name: exact_v2(predictions[name], golds) for name, golds in questions if name in predictions}
    f1 = {name: f1_v2(predictions[name], golds) for name, golds in questions if name in predictions}
    empty = {name for name in exact if (no_answer or {}).get(name, 0.0) > threshold}

    def after(scores: Mapping[str, float]) -> dict[str, float]:
        return {name: float(not answerable[name]) if name in empty else s for name, s in scores.items()}

    groups: dict[str, Iterable[str]] = {
        "": exact,
        "HasAns_": [name for name in exact if answerable[name]],
        "NoAns_": [name for name in exact if not answerable[name]],
    }
    thresholded = {"exact": after(exact), "f1": after(f1)}
    result: dict[str, float] = {}
    for prefix, group in groups.items():
        chosen = list(group)
        if prefix and not chosen:
            continue
        for metric, scores in thresholded.items():
            result[prefix + metric] = 100.0 * sum(scores[name] for name in chosen) / len(chosen) if chosen else 0.0
        result[prefix + "total"] = len(chosen)
    if no_answer is not None:
        for metric, scores in (("exact", exact), ("f1", f1)):
            found = best_threshold(scores, answerable, predictions, no_answer)
            result[f"best_{metric}"], result[f"best_{metric}_thresh"] = found.score, found.threshold
    result["missing"] = len(answerable) - len(exact)
    result["unknown"] = sum(name not in answerable for name in predictions)
    return result
