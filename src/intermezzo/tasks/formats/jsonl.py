"""One JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator

from intermezzo.tasks.formats._json import Malformed, parse
from intermezzo.tasks.formats._source import Faults, Record, Source, kind_of, lines
from intermezzo.tasks.formats._table import picked


def read(source: Source, faults: Faults) -> Iterator[Record]:
    """Records of a JSONL file; option ``where``. A column is a key, or a path of keys (``question.stem``)."""
    for number, line in lines(source.path, faults):
        if not line.strip():
            faults.add("blank line", line=number, allowed="one JSON object a line")
            continue
        try:
            item = parse(line)
        except Malformed as error:
            faults.add(str(error), line=number, allowed="one JSON object a line")
            continue
        if not isinstance(item, dict):
            faults.add(f"is {kind_of(item)}", line=number, allowed="one JSON object a line")
            continue
        values = picked(item, source, faults, line=number)
        if values is not None:
            yield Record(values, line=number)
