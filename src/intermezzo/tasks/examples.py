"""Examples as parsed: one frozen record a test or training item, one class a kind.

Text is kept exactly as the file has it (no stripping, no Unicode normalisation): offsets count code points
of the raw text. ``id`` is what the file calls the item; it need not be unique, so nothing may be keyed by it:
an example is named by its position in its split.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Any

from intermezzo.digests import canonical_json


@dataclass(frozen=True, slots=True)
class TextExample:
    """One text and its class (kind ``text``)."""

    id: str
    text: str
    label: str | None


@dataclass(frozen=True, slots=True)
class PairExample:
    """Two texts and their class (kind ``pair``): premise and hypothesis, two questions, ..."""

    id: str
    text: str
    pair: str
    label: str | None


@dataclass(frozen=True, slots=True)
class ChoiceExample:
    """A text, a question (may be empty) and its possible continuations; ``label`` is the index of the right one."""

    id: str
    context: str
    question: str
    choices: tuple[str, ...]
    label: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A gold answer: its text and the code point of the context at which it starts."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class SpanExample:
    """A question on a context (kind ``span``). No answers and ``impossible`` true: it has none (SQuAD 2.0)."""

    id: str
    question: str
    context: str
    answers: tuple[Answer, ...]
    impossible: bool = False


@dataclass(frozen=True, slots=True)
class TagsExample:
    """A sentence as words with one tag each (kind ``tags``)."""

    id: str
    tokens: tuple[str, ...]
    tags: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class RetrievalExample:
    """One row of two parallel files (kinds ``retrieval``, ``bitext``): ``text`` in the language, ``pair`` in English."""

    id: str
    text: str
    pair: str


@dataclass(frozen=True, slots=True)
class LineExample:
    """One line or document of plain text (kind ``mlm``)."""

    id: str
    text: str


Example = TextExample | PairExample | ChoiceExample | SpanExample | TagsExample | RetrievalExample | LineExample

EXAMPLE_OF_KIND: dict[str, type[Example]] = {
    "text": TextExample,
    "pair": PairExample,
    "choice": ChoiceExample,
    "span": SpanExample,
    "tags": TagsExample,
    "retrieval": RetrievalExample,
    "bitext": RetrievalExample,
    "mlm": LineExample,
}


def examples_digest(examples: Iterable[Example]) -> str:
    """SHA-256 of examples in their order: the identity of data, whatever file or format they came from."""
    state = hashlib.sha256()
    for example in examples:
        state.update(canonical_json([type(example).__name__, *astuple(example)]))
        state.update(b"\n")
    return state.hexdigest()


def characters(example: Example) -> int:
    """Code points of all texts of an example: what cost estimates are made from."""
    match example:
        case TextExample() | LineExample():
            return len(example.text)
        case PairExample() | RetrievalExample():
            return len(example.text) + len(example.pair)
        case ChoiceExample():
            return sum(len(example.context) + len(example.question) + len(c) for c in example.choices)
        case SpanExample():
            return len(example.question) + len(example.context)
        case TagsExample():
            return sum(len(token) + 1 for token in example.tokens)


def to_json(example: Example) -> list[object]:
    """The fields of an example in their order, as JSON values."""
    return list(astuple(example))


def from_json(kind: str, values: list[Any]) -> Example:
    """The example of a kind whose fields are ``values``; the inverse of ``to_json``."""
    if kind == "span":
        answers = tuple(Answer(str(text), int(start)) for text, start in values[3])
        return SpanExample(values[0], values[1], values[2], answers, values[4])
    return EXAMPLE_OF_KIND[kind](*(tuple(value) if isinstance(value, list) else value for value in values))
