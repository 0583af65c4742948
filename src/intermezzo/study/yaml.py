"""Study files as YAML: plain values, the place of each, and no surprises.

Only plain data is read: mappings with text keys, lists, and scalars by the YAML 1.2 core schema
(https://yaml.org/spec/1.2.2/#103-core-schema), so ``no``, ``on`` and ``yes`` stay text wherever they stand. PyYAML
gives the events; values are built here, because its own constructors follow YAML 1.1 and recurse without bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from intermezzo.errors import InputError, Problem

Key = tuple[str | int, ...]

MAX_BYTES = 1_000_000
MAX_DEPTH = 50
MAX_NODES = 50_000
MAX_ALIASES = 100
MAX_DIGITS = 25

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CORE = "tag:yaml.org,2002:"
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Document:
    """A file as read. Paths are tuples of keys and 0-based positions; the root is ``()``.

    places: path -> (line, column), both from 1; of a mapping's entry it is the place of the key.
    source: path of a scalar -> its text as written (``007`` where the value is 7).
    """

    file: str
    value: dict[str, Any]
    places: dict[Key, tuple[int, int]] = field(default_factory=dict)
    source: dict[Key, str] = field(default_factory=dict)

    def line(self, path: Key) -> int | None:
        """Line of a path; of its nearest parent when it is not in the file."""
        while path and path not in self.places:
            path = path[:-1]
        place = self.places.get(path)
        return place[0] if place else None

    def problem(self, path: Key, what: str, *, allowed: str | None = None, near: str | None = None) -> Problem:
        """A problem at a path of this file."""
        return Problem(what, file=self.file, line=self.line(path), field=dotted(path), allowed=allowed, near=near)


def dotted(path: Key) -> str:
    """``("targets", 1, "languages", 0)`` -> ``targets[1].languages[0]``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
            continue
        word = part if part.isprintable() else repr(part)
        text += ("." if text else "") + (word if len(word) <= 80 else word[:77] + "...")
    return text


def read_yaml(path: str | Path) -> Document:
    """Read one study file. Raises ``InputError`` with file, line and field."""
    name = str(path)
    try:
        with open(path, "rb") as handle:
            content = handle.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(Problem(f"cannot be read: {error.strerror or error}", file=name)) from None
    except ValueError as error:
        raise InputError(Problem(f"cannot be read: {error}", file=repr(name))) from None
    return parse_yaml(content, name)


def parse_yaml(content: bytes, file: str) -> Document:
    """Parse the bytes of a study file; ``file`` is its name in messages. Raises ``InputError``."""
    text = _text(content, file)
    events = _expand(_events(text, file), file)
    builder = _Builder(file, iter(events))
    value = builder.node((), 0)
    if not isinstance(value, dict):
        what = "the file is empty" if value is None else "the file is no mapping of keys to values"
        builder.problems.append(Problem(what, file=file, line=1, allowed="a study that begins with 'intermezzo: 1'"))
    if builder.problems:
        raise InputError(builder.problems)
    return Document(file, value, builder.places, builder.source)


def _text(content: bytes, file: str) -> str:
    if len(content) > MAX_BYTES:
        raise InputError(Problem("the file is too large", file=file, allowed=f"at most {MAX_BYTES:,} bytes"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        what = f"not UTF-8: byte 0x{content[error.start]:02x}"
        raise InputError(Problem(what, file=file, line=line, allowed="a file saved as UTF-8")) from None
    found = _CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        what = f"control character U+{ord(found.group()):04X}"
        raise InputError(Problem(what, file=file, line=line, allowed="printable text; write \\u0000 in double quotes"))
    if "\t" in text:
        line = text.count("\n", 0, text.index("\t")) + 1
        allowed = "blanks; inside double quotes a tab is written \\t"
        raise InputError(Problem("a tab character", file=file, line=line, allowed=allowed))
    return text


def _events(text: str, file: str) -> list[Any]:
    """The parser's events; stops at the depth and size bounds, so that a hostile file costs next to nothing."""
    try:
        events = list(_bounded(yaml.parse(text, Loader=_LOADER), file))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        line = mark.line + 1 if mark else None
        if "nesting" in str(error):  # libyaml has a bound of its own
            raise _too_deep(file, line) from None
        raise InputError(Problem(f"not valid YAML: {reason}", file=file, line=line)) from None
    if not events:
        raise InputError(Problem("the file is empty", file=file, line=1, allowed="a study, see 'intermezzo init'"))
    return events


def _bounded(events: Iterator[Any], file: str) -> Iterator[Any]:
    """The events of nodes, as long as they keep to one document and the bounds."""
    depth = documents = nodes = 0
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise InputError(Problem("a second document", file=file, line=line, allowed="one study a file"))
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _too_deep(file, line)
        if isinstance(event, (yaml.NodeEvent, yaml.CollectionEndEvent)):
            nodes += 1
            yield event
        if nodes > 2 * MAX_NODES:
            raise _too_many(file, line)


def _too_deep(file: str, line: int | None) -> InputError:
    return InputError(Problem("nested too deeply", file=file, line=line, allowed=f"at most {MAX_DEPTH} levels"))


def _too_many(file: str, line: int | None) -> InputError:
    return InputError(Problem("too many values", file=file, line=line, allowed=f"at most {MAX_NODES:,}"))


def _expand(events: list[Any], file: str) -> list[Any]:
    """Replace each alias by the events of its anchor, within the bounds (a "billion laughs" file stops here)."""
    out: list[Any] = []
    anchors: dict[str, tuple[int, int]] = {}
    open_nodes: list[tuple[str | None, int]] = []
    aliases = 0
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            aliases += 1
            name = str(event.anchor)
            if name not in anchors:
                what = f"alias *{name[:80]} names no finished anchor"
                raise InputError(Problem(what, file=file, line=line, allowed="an anchor that ends before its alias"))
            begin, end = anchors[name]
            if aliases > MAX_ALIASES:
                raise InputError(Problem("too many aliases", file=file, line=line, allowed=f"at most {MAX_ALIASES}"))
            if len(out) + end - begin > 2 * MAX_NODES:
                raise _too_many(file, line)
            out.extend(out[begin:end])
            continue
        out.append(event)
        if isinstance(event, yaml.CollectionStartEvent):
            anchors.pop(event.anchor or "", None)
            open_nodes.append((event.anchor, len(out) - 1))
            continue
        anchor, begin = (event.anchor, len(out) - 1) if isinstance(event, yaml.ScalarEvent) else open_nodes.pop()
        if anchor:
            anchors[anchor] = (begin, len(out))
    return out


class _Builder:
    """Values from events; gathers problems instead of stopping at the first."""

    def __init__(self, file: str, events: Iterator[Any]) -> None:
        self.file = file
        self.events = events
        self.problems: list[Problem] = []
        self.places: dict[Key, tuple[int, int]] = {}
        self.source: dict[Key, str] = {}

    def node(self, path: Key, depth: int, event: Any = None) -> Any:
        event = next(self.events) if event is None else event
        mark = event.start_mark
        self.places.setdefault(path, (mark.line + 1, mark.column + 1))
        if depth > MAX_DEPTH:
            raise _too_deep(self.file, mark.line + 1)
        if isinstance(event, yaml.MappingStartEvent):
            self.tag(path, event, "map")
            return self.mapping(path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            self.tag(path, event, "seq")
            return self.sequence(path, depth)
        return self.scalar(path, event)

    def sequence(self, path: Key, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node((*path, len(items)), depth + 1, event))
        return items

    def mapping(self, path: Key, depth: int) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            key = self.key(path, event, depth)
            inner = (*path, key)
            if key in entries:
                first = self.places[inner][0]
                self.problem(inner, line, f"the key stands twice (first in line {first})", "each key once")
                inner = (*path, f"{key} (again)")
            self.places[inner] = (line, column)
            value = self.node(inner, depth + 1)
            entries.setdefault(key, value)
        return entries

    def key(self, path: Key, event: Any, depth: int) -> str:
        line = event.start_mark.line + 1
        if not isinstance(event, yaml.ScalarEvent):
            self.node((*path, "?"), depth + 1, event)
            self.problem(path, line, "a list or mapping as a key", "a word as a key")
            return "?"
        if event.value == "<<":
            self.problem(path, line, "merge keys (<<) are not read", "the keys written out")
        elif not event.value:
            self.problem(path, line, "an empty key", "a word as a key")
        if event.tag not in (None, "!", _CORE + "str"):
            self.problem(path, line, f"the tag {event.tag[:80]!r} is not read", "plain values")
        return str(event.value)

    def tag(self, path: Key, event: Any, kind: str) -> None:
        if event.tag not in (None, "!", _CORE + kind):
            self.problem(path, event.start_mark.line + 1, f"the tag {event.tag[:80]!r} is not read", "plain values")

    def problem(self, path: Key, line: int, what: str, allowed: str) -> None:
        self.problems.append(Problem(what, file=self.file, line=line, field=dotted(path) or None, allowed=allowed))

    def scalar(self, path: Key, event: Any) -> Any:
        text = str(event.value)
        self.source[path] = text
        if any("\ud800" <= char <= "\udfff" for char in text):  # PyYAML without libyaml lets these escapes through
            self.problem(path, event.start_mark.line + 1, "half of a surrogate pair", "the character itself")
            return ""
        plain = event.tag is None and event.implicit[0]
        if plain and len(text) > MAX_DIGITS and _INT.fullmatch(text):
            allowed = f"a number of at most {MAX_DIGITS} digits; put text in quotes"
            self.problem(path, event.start_mark.line + 1, "a number with too many digits", allowed)
            return 0
        if plain:
            return resolve_scalar(text)
        wanted = _TYPES.get((event.tag or "!").removeprefix(_CORE))
        if wanted is None:
            self.tag(path, event, "str")
            return text
        value = resolve_scalar(text) if len(text) <= MAX_DIGITS else text
        if type(value) is not wanted:
            self.problem(path, event.start_mark.line + 1, f"{text[:40]!r} does not fit its tag", "plain values")
        return value


_TYPES: dict[str, type] = {"int": int, "float": float, "bool": bool, "null": type(None)}


def resolve_scalar(text: str) -> bool | int | float | str | None:
    """The value of an unquoted scalar by the YAML 1.2 core schema (section 10.3.2): anything unknown is text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        base = {"0o": 8, "0x": 16}.get(text[:2], 10)
        return int(text[2:], base) if base != 10 else int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return text
