"""What every format shares: the file to read, the records it yields, and the faults found on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from intermezzo.errors import InputError, Problem

Column = str | int | tuple[str | int, ...]

MOST_PROBLEMS = 20
BOM = "byte order mark"
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Source:
    """A file and how to read it.

    others: side files by name (``pair``, ``gold``). blank: whether the gold of the rows may be absent.
    """

    path: Path
    columns: Mapping[str, Column] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    others: Mapping[str, Path] = field(default_factory=dict)
    blank: bool = False

    def may_lack(self, role: str) -> bool:
        """Whether the file may have no column of that role."""
        return role in self.options.get("optional", ()) or (self.blank and role in ("label", "tags", "answers"))


@dataclass(frozen=True, slots=True)
class Record:
    """One unit of a file: role -> raw value, and its place. ``path`` leads to it inside a JSON document."""

    values: Mapping[str, Any]
    line: int | None = None
    row: int | None = None
    path: str = ""


@dataclass
class Faults:
    """Gathers the problems of the files of one split, and what was repaired; twenty are enough to stop."""

    file: str = ""
    problems: list[Problem] = field(default_factory=list)
    repaired: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)

    def add(
        self,
        what: str,
        *,
        line: int | None = None,
        row: int | None = None,
        field: str | None = None,
        allowed: str | None = None,
        near: str | None = None,
    ) -> None:
        """Note a problem of the file that is being read."""
        self.problems.append(Problem(what, self.file or None, line, row, field, allowed, near))
        if len(self.problems) >= MOST_PROBLEMS:
            self.check()

    def stop(self, what: str, **place: Any) -> InputError:
        """Note a problem after which the file cannot be read on; raise what is returned."""
        self.problems.append(Problem(what, self.file or None, **place))
        return InputError(self.problems)

    def check(self) -> None:
        """Raise everything that was noted."""
        if self.problems:
            raise InputError(self.problems)


def kind_of(value: Any) -> str:
    """What a JSON value is, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "text"
    if isinstance(value, (int, float)):
        return f"the number {value}" if -(10**15) < value < 10**15 else "a number"
    return "a list" if isinstance(value, (list, tuple)) else "an object" if isinstance(value, Mapping) else "no text"


def _open(path: Path, faults: Faults) -> IO[bytes]:
    faults.file = str(path)
    try:
        if path.exists() and not path.is_file():
            raise faults.stop("is no file", allowed="a regular file")
        return open(path, "rb")
    except OSError as error:
        raise faults.stop(f"cannot be read: {error.strerror or error}") from None


def _without_mark(head: bytes, faults: Faults) -> bytes:
    if head.startswith(_UTF16_BOMS):
        raise faults.stop("starts like UTF-16", line=1, allowed="UTF-8 text")
    if head.startswith(_UTF8_BOM):
        faults.repaired[BOM] += 1
        return head[len(_UTF8_BOM) :]
    return head


def _decoded(raw: bytes, number: int | None, faults: Faults) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        column = len(raw[: error.start].decode("utf-8", errors="replace")) + 1
        what = f"byte 0x{raw[error.start]:02X} (character {column}) is not UTF-8"
        if number is None:
            number = raw[: error.start].count(b"\n") + 1
        faults.add(what, line=number, allowed="UTF-8 text")
        return raw.decode("utf-8", errors="replace")


def ended_lines(path: Path, faults: Faults) -> Iterator[tuple[int, str]]:
    """Line numbers from 1 and lines with their ends, split after LF only. A file without content is a fault."""
    with _open(path, faults) as handle:
        number = 0
        for number, raw in enumerate(handle, 1):
            if number == 1:
                raw = _without_mark(raw, faults)
                if not raw:
                    break
            yield number, _decoded(raw, number, faults)
        else:
            if number:
                return
    raise faults.stop("the file is empty", allowed="at least one item")


def lines(path: Path, faults: Faults) -> Iterator[tuple[int, str]]:
    """Line numbers from 1 and lines: split at LF only, then one CR at the end is dropped; the last LF may miss."""
    for number, line in ended_lines(path, faults):
        yield number, line.removesuffix("\n").removesuffix("\r")


def whole(path: Path, faults: Faults) -> str:
    """The whole text of a file."""
    with _open(path, faults) as handle:
        try:
            raw = _without_mark(handle.read(), faults)
        except OSError as error:
            raise faults.stop(f"cannot be read: {error.strerror or error}") from None
    if not raw.strip():
        raise faults.stop("the file is empty", allowed="at least one item")
    text = _decoded(raw, None, faults)
    faults.check()
    return text
