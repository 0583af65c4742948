"""Comma-separated values as RFC 4180 has them: a quoted field may hold commas, doubled quotes and line breaks."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from intermezzo.tasks.formats._source import Faults, Record, Source, ended_lines
from intermezzo.tasks.formats._table import table

# The module's own bound (128 Ki) is below real documents; this one still stops a quote that is never closed.
MOST_CHARACTERS = 1 << 24


def read(source: Source, faults: Faults) -> Iterator[Record]:
    """Records of a CSV file, named by their first line; options ``header``, ``ragged``, ``width``, ``where``."""
    return table(rows(source, faults, ","), source, faults)


def rows(source: Source, faults: Faults, separator: str) -> Iterator[tuple[int, Sequence[str]]]:
    """First line and fields of each record."""
    csv.field_size_limit(MOST_CHARACTERS)
    reader = csv.reader(
        (line for _, line in ended_lines(source.path, faults)), delimiter=separator, doublequote=True, strict=True
    )
    while True:
        first = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.add(_words(str(error), separator), line=first, allowed="quotes doubled inside a quoted field")
            continue
        yield first, row or [""]


def _words(error: str, separator: str) -> str:
    if "expected after" in error:
        return "text after a closing quote"
    if "unexpected end" in error:
        return "a quote is opened and never closed"
    if "field larger" in error:
        return f"a field of more than {MOST_CHARACTERS} characters: a quote is opened and never closed"
    if "new-line" in error:
        return "a carriage return inside a field without quotes"
    return error
