"""From raw records to examples: the checks that a kind asks for, the same for every file format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from intermezzo.errors import nearest
from intermezzo.tasks.examples import (
    Answer,
    ChoiceExample,
    Example,
    LineExample,
    PairExample,
    RetrievalExample,
    SpanExample,
    TagsExample,
    TextExample,
)
from intermezzo.tasks.formats import Faults, Record
from intermezzo.tasks.formats._source import Column, kind_of
from intermezzo.tasks.task import Task

ANSWER_START = "answer_start"
NO_SPAN = "answer_start -1"
NOT_FOUND = "answer not in context"

# Roles that an example of a kind is made of; the optional ones may miss in a file unless they are named.
ROLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "text": (("text", "label"), ("id",)),
    "pair": (("text", "pair", "label"), ("id",)),
    "choice": (("choices", "label"), ("context", "question", "id")),
    "span": (("question", "context", "answers"), ("id",)),
    "tags": (("tokens", "tags"), ("id",)),
    "retrieval": (("text", "pair"), ("id",)),
    "bitext": (("text", "pair"), ("id",)),
    "mlm": (("text",), ("id",)),
}
GOLD = {"text": "label", "pair": "label", "choice": "label", "span": "answers", "tags": "tags"}


class _Skip(Exception):
    """This record gives no example: a fault of it was noted, or it is dropped and counted."""


@dataclass
class Assembler:
    """Makes the examples of one split. ``blank``: whether its gold may be absent as a whole."""

    task: Task
    faults: Faults
    columns: Mapping[str, Column]
    repairs: frozenset[str] = frozenset()
    blank: bool = False
    examples: list[Example] = field(default_factory=list)
    rows: int = 0
    _blanks: int = 0
    _first_blank: Record | None = None

    def add(self, record: Record) -> None:
        """Make the example of a record, or note what is wrong with it."""
        number, self.rows = self.rows, self.rows + 1
        with suppress(_Skip):
            self.examples.append(_MAKERS[self.task.kind](self, record, self._id(record, number)))

    def finish(self) -> None:
        """Gold that is absent in some rows and there in others is a fault."""
        if self._first_blank is not None and self._blanks < self.rows:
            what = f"is missing here and in {self._blanks - 1} more of {self.rows} rows"
            self._note(self._first_blank, GOLD[self.task.kind], what, "in every row or in none")

    # --- faults ---

    def _name(self, record: Record, role: str) -> str:
        if record.path:
            return f"{record.path}.{role}"
        column = self.columns.get(role)
        return column if isinstance(column, str) else role

    def _note(self, record: Record, role: str, what: str, allowed: str | None = None, near: str | None = None) -> None:
        name = self._name(record, role)
        self.faults.add(what, line=record.line, row=record.row, field=name, allowed=allowed, near=near)

    def _refuse(
        self, record: Record, role: str, what: str, allowed: str | None = None, near: str | None = None
    ) -> _Skip:
        self._note(record, role, what, allowed, near)
        return _Skip()

    def _drop(self, reason: str) -> _Skip:
        self.faults.dropped[reason] += 1
        return _Skip()

    # --- values ---

    def _id(self, record: Record, number: int) -> str:
        given = record.values.get("id")
        if isinstance(given, str) or (isinstance(given, int) and not isinstance(given, bool)):
            return str(given)
        return str(number)

    def text(self, record: Record, role: str) -> str:
        """A text value."""
        if role not in record.values:
            raise self._refuse(record, role, "is missing", "text")
        return self.as_text(record, role, record.values[role])

    def as_text(self, record: Record, role: str, value: Any) -> str:
        """``value`` when it is text that can be encoded."""
        if not isinstance(value, str):
            raise self._refuse(record, role, f"is {kind_of(value)}", "text")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise self._refuse(record, role, "holds half of a surrogate pair", "Unicode text") from None
        return value

    def label(self, record: Record) -> str | None:
        """The label; None when it is absent and may be."""
        if "label" not in record.values and self.blank:
            self.without_gold(record)
            return None
        value = _word(record.values.get("label"))
        if not value:
            given = record.values.get("label", "")
            found = "is missing" if given == "" else f"is {kind_of(given)}"
            raise self._refuse(record, "label", found, self._allowed())
        if value in _texts(self.task.options.get("drop_labels")):
            raise self._drop(f"label {value}")
        value = self.task.aliases.get(value, value)
        if self.task.labels and value not in self.task.labels:
            near = nearest(value, self.task.labels)
            raise self._refuse(record, "label", f"undeclared label {value[:60]!r}", self._allowed(), near)
        return value

    def without_gold(self, record: Record) -> None:
        """Count a row whose gold is absent."""
        self._blanks += 1
        self._first_blank = self._first_blank or record

    def _allowed(self) -> str | None:
        shown = ", ".join(self.task.labels[:20])
        return shown + (f", ... ({len(self.task.labels)} labels)" if len(self.task.labels) > 20 else "") or None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, (tuple, list)) else ()


def _word(value: Any) -> str | None:
    """A label as text: numbers and truth values as JSON writes them; None for what is no label."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int)) else None


# --- one maker a kind ---------------------------------------------------------------------------------------------


def _text(make: Assembler, record: Record, name: str) -> Example:
    return TextExample(name, make.text(record, "text"), make.label(record))


def _pair(make: Assembler, record: Record, name: str) -> Example:
    return PairExample(name, make.text(record, "text"), make.text(record, "pair"), make.label(record))


def _retrieval(make: Assembler, record: Record, name: str) -> Example:
    return RetrievalExample(name, make.text(record, "text"), make.text(record, "pair"))


def _line(make: Assembler, record: Record, name: str) -> Example:
    return LineExample(name, make.text(record, "text"))


def _choice(make: Assembler, record: Record, name: str) -> Example:
    given = record.values.get("choices")
    if not isinstance(given, (list, tuple)):
        raise make._refuse(record, "choices", f"is {kind_of(given)}", "a list")
    labels = list(make.task.labels) or [str(i) for i in range(len(given))]
    if len(given) != len(labels) or len(given) < 2:
        allowed = str(len(labels)) if make.task.labels else "2 and more"
        raise make._refuse(record, "choices", f"has {len(given)} entries", allowed)
    if all(isinstance(one, Mapping) for one in given):
        found = [_word(one.get("label")) for one in given]
        if sorted(str(one) for one in found) != sorted(labels):
            raise make._refuse(record, "choices", f"are labelled {', '.join(map(str, found))}", ", ".join(labels))
        labels = [str(one) for one in found]
        given = [one.get("text") for one in given]
    choices = tuple(make.as_text(record, "choices", one) for one in given)
    context, question = (make.text(record, role) if role in record.values else "" for role in ("context", "question"))
    label = make.label(record)
    if label is not None and label not in labels:
        raise make._refuse(record, "label", f"undeclared label {label[:60]!r}", ", ".join(labels))
    return ChoiceExample(name, context, question, choices, None if label is None else labels.index(label))


def _tags(make: Assembler, record: Record, name: str) -> Example:
    tokens = _words(make, record, "tokens")
    if not tokens:
        raise make._refuse(record, "tokens", "is empty", "at least one word")
    if "tags" not in record.values and make.blank:
        make.without_gold(record)
        return TagsExample(name, tokens, None)
    tags = tuple(make.task.aliases.get(tag, tag) for tag in _words(make, record, "tags"))
    if len(tags) != len(tokens):
        raise make._refuse(record, "tags", f"has {len(tags)} entries for {len(tokens)} words", "one tag a word")
    known = set(make.task.labels)
    for position, tag in enumerate(tags):
        if known and tag not in known:
            what = f"undeclared label {tag[:60]!r} at word {position + 1} ({tokens[position][:40]!r})"
            raise make._refuse(record, "tags", what, make._allowed(), nearest(tag, make.task.labels))
    return TagsExample(name, tokens, tags)


def _words(make: Assembler, record: Record, role: str) -> tuple[str, ...]:
    value = record.values.get(role)
    if isinstance(value, str):
        value = value.split(" ")
    if not isinstance(value, Sequence):
        raise make._refuse(record, role, f"is {kind_of(value)}", "a list of words, or words with a blank between them")
    words = tuple(_word(one) if role == "tags" else make.as_text(record, role, one) for one in value)
    if not all(words):
        place = [bool(word) for word in words].index(False) + 1
        raise make._refuse(record, role, f"has an empty entry at word {place}", "words")
    return tuple(str(word) for word in words)


def _span(make: Assembler, record: Record, name: str) -> Example:
    question, context = make.text(record, "question"), make.text(record, "context")
    impossible = record.values.get("impossible", False)
    if not isinstance(impossible, bool):
        raise make._refuse(record, "is_impossible", f"is {kind_of(impossible)}", "true, false")
    answers = _given_answers(make, record)
    if impossible:
        if not make.task.options.get("impossible", False):
            raise make._refuse(record, "is_impossible", "is true", "false: every question of this task has an answer")
        if answers:
            raise make._refuse(record, "answers", "an impossible question has an answer", "an empty list")
        return SpanExample(name, question, context, (), True)
    if make.blank and not any(text for text, _ in answers):
        make.without_gold(record)
        return SpanExample(name, question, context, ())
    if not answers:
        raise make._refuse(record, "answers", "is empty", "at least one answer")
    placed = [_placed(make, record, i, text, start, context) for i, (text, start) in enumerate(answers)]
    reasons = [one for one in placed if isinstance(one, str)]
    if len(reasons) == len(placed):
        raise make._drop(reasons[0])
    make.faults.repaired.update(reasons)
    return SpanExample(name, question, context, tuple(one for one in placed if isinstance(one, Answer)))


def _given_answers(make: Assembler, record: Record) -> list[tuple[str, int | None]]:
    """Texts and starts of a list of objects, of an object of two lists (the hub's form), or of one text."""
    given = record.values.get("answers")
    if given is None and make.blank:
        return []
    if isinstance(given, str):
        return [(make.as_text(record, "answers", given), None)]
    if isinstance(given, Mapping) and isinstance(given.get("text"), list) and isinstance(given.get(ANSWER_START), list):
        if len(given["text"]) != len(given[ANSWER_START]):
            raise make._refuse(record, "answers", "has lists of two lengths", "one start a text")
        given = [{"text": t, ANSWER_START: s} for t, s in zip(given["text"], given[ANSWER_START], strict=True)]
    if not isinstance(given, list):
        found = "is missing" if "answers" not in record.values else f"is {kind_of(given)}"
        raise make._refuse(record, "answers", found, "a list of {text, answer_start}")
    answers: list[tuple[str, int | None]] = []
    for position, one in enumerate(given):
        role = f"answers[{position}]"
        if not isinstance(one, Mapping):
            raise make._refuse(record, role, f"is {kind_of(one)}", "an object {text, answer_start}")
        start = one.get(ANSWER_START)
        if isinstance(start, bool) or not isinstance(start, int):
            found = "is missing" if ANSWER_START not in one else f"is {kind_of(start)}"
            raise make._refuse(record, f"{role}.{ANSWER_START}", found, "a whole number")
        if "text" not in one:
            raise make._refuse(record, f"{role}.text", "is missing", "text")
        answers.append((make.as_text(record, f"{role}.text", one["text"]), start))
    return answers


def _placed(make: Assembler, record: Record, position: int, text: str, start: int | None, context: str) -> Answer | str:
    """The answer where it stands, or why it is left out. Wrong places are faults unless they are repaired."""
    role = f"answers[{position}]"
    if not text:
        raise make._refuse(record, f"{role}.text", "is empty", "the text of the answer")
    if start is None:
        found = context.find(text)
        if found < 0:
            raise make._refuse(record, "answers", f"{text[:60]!r} does not stand in the context")
        return Answer(text, found)
    if start >= 0 and context.startswith(text, start):
        return Answer(text, start)
    if ANSWER_START not in make.repairs:
        there = context[start : start + len(text)][:60] if start >= 0 else ""
        what = f"is {start}, where {there!r} stands and not {text[:60]!r}"
        raise make._refuse(record, f"{role}.{ANSWER_START}", what, "the character at which the answer begins, from 0")
    if start < 0:
        return NO_SPAN
    near = _nearest_place(context, text, start)
    if near < 0:
        return NOT_FOUND
    make.faults.repaired[ANSWER_START] += 1
    return Answer(text, near)


def _nearest_place(context: str, text: str, start: int) -> int:
    before, after = context.rfind(text, 0, min(start, len(context)) + len(text)), context.find(text, start)
    if before < 0 or after < 0:
        return max(before, after)
    return before if start - before <= after - start else after


_MAKERS: dict[str, Callable[[Assembler, Record, str], Example]] = {
    "text": _text,
    "pair": _pair,
    "choice": _choice,
    "span": _span,
    "tags": _tags,
    "retrieval": _retrieval,
    "bitext": _retrieval,
    "mlm": _line,
}
