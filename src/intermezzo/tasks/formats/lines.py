"""Plain text, one sentence or paragraph a line; a blank line is the border of two documents."""

from __future__ import annotations

from collections.abc import Iterator

from intermezzo.tasks.formats import _source
from intermezzo.tasks.formats._source import Faults, Record, Source


def read(source: Source, faults: Faults) -> Iterator[Record]:
    """Records with text and id: ``DOCUMENT.LINE``, both from 0, so that a change of document can be seen."""
    document, place = 0, 0
    for number, line in _source.lines(source.path, faults):
        if line.strip():
            yield Record({"text": line, "id": f"{document}.{place}"}, line=number)
            place += 1
        elif place:
            document, place = document + 1, 0
