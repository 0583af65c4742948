"""Items that two tasks share: how they are recognised, and which training they forbid."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from intermezzo.tasks.examples import (
    ChoiceExample,
    Example,
    LineExample,
    PairExample,
    RetrievalExample,
    SpanExample,
    TagsExample,
    TextExample,
)
from intermezzo.tasks.task import SplitRule, Task

_GAPS = re.compile(r"\W+")


def normalised(text: str) -> str:
    """Text for comparing: NFKC, lower case, every run of non-word characters one blank, none at the edges."""
    return _GAPS.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()


def keys(example: Example) -> tuple[str, ...]:
    """The normalised texts by which an example is recognised in another task: one in common makes it shared.

    A span example has its question and its context, other kinds their texts (a choice its context, else its question).
    """
    texts: tuple[str, ...]
    match example:
        case SpanExample():
            texts = (example.question, example.context)
        case TextExample() | LineExample():
            texts = (example.text,)
        case PairExample() | RetrievalExample():
            texts = (example.text, example.pair)
        case ChoiceExample():
            texts = (example.context or example.question,)
        case TagsExample():
            texts = (" ".join(example.tokens),)
    return tuple(key for text in texts if (key := normalised(text)))


def row_range(rows: str | None) -> tuple[int, int | None]:
    """``"4000:"`` -> (4000, None): the first row and the one after the last, counted from 0."""
    first, _, last = (rows or ":").partition(":")
    return int(first or 0), int(last) if last else None


def forbidden_training(train: Task, target: Task, splits: Sequence[str] = ("train",)) -> str | None:
    """Why a task may not be trained on when another is scored; None when it may.

    splits: the splits that are used, as the study names them (``dev`` too when checkpoints are chosen on it); rules of
    ``train.split_rules`` are followed to the files that they come from. Refused are splits that the task declares to
    hold items of the target (``contaminates``) unless their rule is ``without`` it, and the rows that are scored.
    """
    scored_name = "test" if "test" in target.splits else "dev"
    scored = target.split_rules.get(scored_name, SplitRule(scored_name))
    for split in splits:
        rule = train.split_rules.get(split, SplitRule(split))
        if target.id in rule.without:
            continue
        for declared in train.contaminates:
            source, other, *only = declared.split()
            if source == rule.source and other == target.id and (not only or scored.source in only):
                return (
                    f"the {source} split of {train.id} holds items of {target.id}; take another split, or leave "
                    f"them out with 'without: [{target.id}]'"
                )
        if train.id == target.id and _rows_meet(rule, scored):
            return f"its {split} split holds rows of the {scored_name} split that is scored"
    return None


def _rows_meet(one: SplitRule, other: SplitRule) -> bool:
    if one.source != other.source:
        return False
    (first, last), (begin, end) = row_range(one.rows), row_range(other.rows)
    return (end is None or first < end) and (last is None or begin < last)
