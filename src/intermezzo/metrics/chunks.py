"""Chunk precision, recall and F1 of tag sequences, in seqeval's lenient mode.

Two rules read the type of a tag. ``xtreme`` is that of seqeval up to 0.0.13, on which XTREME's figures for panx and
udpos (google-research/xtreme ``evaluate.py``) rest; ``seqeval1`` is that of seqeval 0.0.19 to 1.2.2. On well-formed
BIO tags they agree. One micro average over all types and sentences; without gold and predicted chunks it is 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from intermezzo.errors import InputError, Problem
from intermezzo.metrics.items import Items

VERSION = 1
Rule = Literal["xtreme", "seqeval1"]
Chunk = tuple[str, int, int]
OUTSIDE = "O."


@dataclass(frozen=True)
class Counts:
    """Chunks of each sentence: right, predicted, gold."""

    right: Sequence[int]
    predicted: Sequence[int]
    gold: Sequence[int]


def tag_type(tag: str, rule: Rule) -> str:
    """The type of a tag. xtreme: what follows the last hyphen, or the whole tag (``NOUN`` is ``NOUN``).

    seqeval1: what follows the first hyphen after the first character, or all but the first character (``NOUN`` is
    ``OUN``), or ``_`` when that is empty.
    """
    if rule == "xtreme":
        return tag.rpartition("-")[2]
    rest = tag[1:]
    return (rest.partition("-")[2] if "-" in rest else rest) or "_"


def chunks(sentences: Iterable[Sequence[str]], rule: Rule = "xtreme") -> set[Chunk]:
    """(type, first, last) in the run of all sentences with one ``O`` after each, so that no chunk crosses an end.

    A chunk opens at an ``I-X`` that follows ``O`` or another type; ``B`` and ``S`` always open one; a tag without a
    prefix acts by its first letter, so part-of-speech tags give runs of equal tags.
    """
    found: set[Chunk] = set()
    before, before_type, begin, i = "O", "", 0, 0
    for sentence in sentences:
        for tag in (*sentence, "O"):
            letter, kind = tag[:1], tag_type(tag, rule)
            changed = kind != before_type
            if (
                before in ("E", "S")
                or (before in ("B", "I") and letter in ("B", "S", "O"))
                or (before not in OUTSIDE and changed)
            ):
                found.add((before_type, begin, i - 1))
            if (
                letter in ("B", "S")
                or (before in ("E", "S", "O") and letter in ("E", "I"))
                or (letter not in OUTSIDE and changed)
            ):
                begin = i
            before, before_type, i = letter, kind, i + 1
    return found


def count_chunks(gold: Sequence[Sequence[str]], answers: Sequence[Sequence[str]], rule: Rule = "xtreme") -> Counts:
    """Chunks by sentence (that of their last position).

    Raises ``InputError`` when the numbers of sentences differ; with the rule ``seqeval1`` also when two lengths
    differ (the older program shifted what follows and went on, and so does the rule ``xtreme``).
    """
    if len(gold) != len(answers):
        raise InputError(Problem(f"{len(gold)} gold sentences but {len(answers)} predicted ones"))
    if rule == "seqeval1":
        bad = [i for i, (g, a) in enumerate(zip(gold, answers, strict=True)) if len(g) != len(a)]
        if bad:
            what = f"{len(gold[bad[0]])} gold tags but {len(answers[bad[0]])} predicted ones"
            raise InputError(Problem(what, row=bad[0] + 1))
    wanted, given = chunks(gold, rule), chunks(answers, rule)
    return Counts(_by_sentence(wanted & given, gold), _by_sentence(given, answers), _by_sentence(wanted, gold))


def _by_sentence(found: set[Chunk], sentences: Sequence[Sequence[str]]) -> list[int]:
    owner = [i for i, sentence in enumerate(sentences) for _ in range(len(sentence) + 1)]
    counts = [0] * len(sentences)
    for _, _, last in found:
        counts[owner[last]] += 1
    return counts


def f1_items(gold: Sequence[Sequence[str]], answers: Sequence[Sequence[str]], rule: Rule = "xtreme") -> Items:
    """2 x right over predicted + gold chunks, a sentence at a time: their ratio is F1 = 2PR / (P + R)."""
    c = count_chunks(gold, answers, rule)
    both = [float(p + g) for p, g in zip(c.predicted, c.gold, strict=True)]
    return Items([2.0 * x for x in c.right], both, sum(c.gold))


def precision_items(gold: Sequence[Sequence[str]], answers: Sequence[Sequence[str]], rule: Rule = "xtreme") -> Items:
    """Right over predicted chunks."""
    c = count_chunks(gold, answers, rule)
    return Items([float(x) for x in c.right], [float(x) for x in c.predicted], sum(c.gold))


def recall_items(gold: Sequence[Sequence[str]], answers: Sequence[Sequence[str]], rule: Rule = "xtreme") -> Items:
    """Right over gold chunks."""
    c = count_chunks(gold, answers, rule)
    return Items([float(x) for x in c.right], [float(x) for x in c.gold], sum(c.gold))


def chunk_scores(
    gold: Sequence[Sequence[str]], answers: Sequence[Sequence[str]], rule: Rule = "xtreme"
) -> dict[str, float]:
    """``f1``, ``precision`` and ``recall`` in percent. Rules: see the module."""
    c = count_chunks(gold, answers, rule)
    right, predicted, wanted = sum(c.right), sum(c.predicted), sum(c.gold)
    precision = right / predicted if predicted else 0.0
    recall = right / wanted if wanted else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"f1": 100.0 * f1, "precision": 100.0 * precision, "recall": 100.0 * recall}
