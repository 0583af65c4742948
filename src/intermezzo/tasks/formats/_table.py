"""Columns of tables: from what a declaration names to where it stands in a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from intermezzo.errors import nearest
from intermezzo.tasks.formats._source import Column, Faults, Record, Source


def has_header(source: Source) -> bool:
    """Whether the first row names the columns: as the options say, else when a column is given by name."""
    given = source.options.get("header")
    if isinstance(given, bool):
        return given
    return not source.columns or any(isinstance(name, str) for name in _flat(source.columns))


def _flat(columns: Mapping[str, Column]) -> list[str | int]:
    return [one for column in columns.values() for one in (column if isinstance(column, tuple) else (column,))]


class Columns:
    """Where each role stands in the rows of a table whose rows are lists."""

    def __init__(self, source: Source, first: Sequence[str], header: bool, faults: Faults) -> None:
        self.width = len(first)
        self.ragged = bool(source.options.get("ragged", False))
        self._first, self._header, self._faults = list(first), header, faults
        self.at: dict[str, int | tuple[int, ...]] = {}
        self.where: list[tuple[int, str]] = []
        wide = source.options.get("width")
        if wide is not None and self.width != wide:
            raise faults.stop(f"has {self.width} fields", line=1, allowed=f"{wide} fields")
        for role, column in source.columns.items():
            many = column if isinstance(column, tuple) else (column,)
            found = [self._find(one, role, source.may_lack(role)) for one in many]
            places = tuple(place for place in found if place is not None)
            if len(places) == len(many):
                self.at[role] = places if isinstance(column, tuple) else places[0]
        for name, value in source.options.get("where", {}).items():
            place = self._find(name, "where", False)
            if place is not None:
                self.where.append((place, str(value)))
        if faults.problems:
            faults.check()
        used = [place for at in self.at.values() for place in (at if isinstance(at, tuple) else (at,))]
        self._most = max([*used, *(place for place, _ in self.where)], default=0)

    def _find(self, column: str | int, role: str, optional: bool) -> int | None:
        if isinstance(column, int):
            if column < self.width:
                return column
            if not optional:
                self._faults.add(f"no column {column}", line=1, field=role, allowed=f"0 to {self.width - 1}")
            return None
        if not self._header:
            what = f"{column!r} names no column: the file has no header"
            self._faults.add(what, field=role, allowed="column numbers, from 0")
            return None
        if self._first.count(column) == 1:
            return self._first.index(column)
        if column in self._first:
            self._faults.add(f"two columns are called {column!r}", line=1, field=role, allowed="names that differ")
        elif not optional:
            allowed = ", ".join(repr(name[:40]) for name in self._first[:20])
            near = nearest(column, self._first)
            self._faults.add(f"no column {column!r}", line=1, field=role, allowed=allowed, near=near)
        return None

    def record(self, row: Sequence[str], line: int) -> Record | None:
        """The record of a row; None when it is not meant (``where``) or when its number of fields is a fault."""
        if len(row) != self.width and (not self.ragged or len(row) <= self._most):
            what = "blank line" if not any(row) else f"has {len(row)} field{'s' * (len(row) != 1)}"
            self._faults.add(what, line=line, allowed=f"{self.width} fields, as line 1 has")
            return None
        if any(row[place] != value for place, value in self.where):
            return None
        values = {
            role: [row[place] for place in at] if isinstance(at, tuple) else row[at] for role, at in self.at.items()
        }
        return Record(values, line=line)


def table(rows: Iterator[tuple[int, Sequence[str]]], source: Source, faults: Faults) -> Iterator[Record]:
    """Records of rows of fields, each with its line; the first row may be a header."""
    columns: Columns | None = None
    for line, row in rows:
        if columns is None:
            header = has_header(source)
            columns = Columns(source, row, header, faults)
            if header:
                continue
        record = columns.record(row, line)
        if record is not None:
            yield record


def pick(item: Mapping[str, Any], column: Column) -> Any:
    """A value of an object by name or by a path of names (``question.stem``). Raises ``KeyError``, naming the part."""
    if isinstance(column, tuple):
        return [pick(item, one) for one in column]
    name = str(column)
    if name in item or "." not in name:
        return item[name]
    found: Any = item
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            raise KeyError(name)
        found = found[part]
    return found


def picked(item: Mapping[str, Any], source: Source, faults: Faults, **place: int) -> dict[str, Any] | None:
    """Role -> value of an object; None when it is not meant (``where``) or lacks a column (a fault)."""
    if any(str(item.get(name)) != str(value) for name, value in source.options.get("where", {}).items()):
        return None
    values: dict[str, Any] = {}
    for role, column in source.columns.items():
        try:
            values[role] = pick(item, column)
        except KeyError as error:
            if not source.may_lack(role):
                name = str(error.args[0])
                allowed = ", ".join(str(key)[:40] for key in list(item)[:20])
                near = nearest(name, [str(key) for key in item])
                faults.add("is missing", field=name, allowed=allowed, near=near, **place)
                return None
    return values
