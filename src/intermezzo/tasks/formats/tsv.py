"""Tab-separated lines.

``quoting``: ``none`` (default; quotes are text), ``csv`` (CSV quoting, fields may span lines), ``either`` (a field is
unquoted only when it starts and ends with ``"`` and every inner quote is doubled: official files and copies that went
through a CSV writer read alike).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from intermezzo.errors import InputError, Problem
from intermezzo.tasks.formats import csv
from intermezzo.tasks.formats._source import Faults, Record, Source, lines
from intermezzo.tasks.formats._table import table

QUOTINGS = ("none", "csv", "either")


def read(source: Source, faults: Faults) -> Iterator[Record]:
    """Records of a tab-separated file; options ``header``, ``quoting``, ``ragged``, ``width``, ``where``."""
    quoting = source.options.get("quoting") or "none"
    if quoting not in QUOTINGS:
        raise InputError(Problem(f"unknown quoting {quoting!r}", allowed=", ".join(QUOTINGS)))
    rows = csv.rows(source, faults, "\t") if quoting == "csv" else _rows(source, faults, quoting == "either")
    return table(rows, source, faults)


def _rows(source: Source, faults: Faults, either: bool) -> Iterator[tuple[int, Sequence[str]]]:
    for number, line in lines(source.path, faults):
        fields = line.split("\t")
        yield number, [unquoted(field) for field in fields] if either and '"' in line else fields


def unquoted(field: str) -> str:
    """A field without its CSV quoting, if it has any."""
    if len(field) < 2 or field[0] != '"' or field[-1] != '"':
        return field
    inner = field[1:-1]
    return field if '"' in inner.replace('""', "") else inner.replace('""', '"')
