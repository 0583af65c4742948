"""CoNLL-U: ten columns a word, a blank line after a sentence (https://universaldependencies.org/format.html).

Read are syntactic words, as the loaders of the ``datasets`` library read them: lines of multi-word tokens (``1-2``)
and of empty nodes (``8.1``) are skipped, and so are, counted, words whose form or tag is ``_``. A line that starts
with ``#`` is a comment only before the first word: a word may be ``#``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from intermezzo.tasks.formats._source import Faults, Record, Source, lines

COLUMNS = ("ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC")
_WORD, _SKIPPED = re.compile(r"[0-9]+"), re.compile(r"[0-9]+-[0-9]+|[0-9]+\.[0-9]+")
DROPPED = "word without form or tag"


def read(source: Source, faults: Faults) -> Iterator[Record]:
    """Records with tokens, tags and id (the sentence's ``sent_id``); columns may name others than FORM and UPOS."""
    form = _column(source, "tokens", "FORM", faults)
    tag = _column(source, "tags", "UPOS", faults)
    tokens: list[str] = []
    tags: list[str] = []
    values: dict[str, object] = {}
    start: int | None = None
    for number, line in lines(source.path, faults):
        if not line:
            if tokens:
                yield Record({**values, "tokens": tokens, "tags": tags}, line=start)
            tokens, tags, values, start = [], [], {}, None
        elif start is None and line.startswith("#"):
            name, mark, value = line[1:].partition("=")
            if mark and name.strip() == "sent_id":
                values["id"] = value.strip()
        else:
            start = start or number
            fields = _fields(line, number, faults)
            if fields is None:
                continue
            if "_" in (fields[form], fields[tag]):
                faults.repaired[DROPPED] += 1
                continue
            tokens.append(fields[form])
            tags.append(fields[tag])
    if tokens:
        yield Record({**values, "tokens": tokens, "tags": tags}, line=start)


def _column(source: Source, role: str, default: str, faults: Faults) -> int:
    column = source.columns.get(role, default)
    if isinstance(column, int) and column < len(COLUMNS):
        return column
    if str(column).upper() in COLUMNS:
        return COLUMNS.index(str(column).upper())
    faults.file = str(source.path)
    raise faults.stop(f"no column {column!r}", field=role, allowed=", ".join(COLUMNS))


def _fields(line: str, number: int, faults: Faults) -> list[str] | None:
    """The fields of a word; None for what is skipped and for faults."""
    fields = line.split("\t")
    if len(fields) != len(COLUMNS):
        what = f"has {len(fields)} field{'s' * (len(fields) != 1)}"
        faults.add(what, line=number, allowed="10 fields separated by tabs")
    elif _WORD.fullmatch(fields[0]):
        return fields
    elif not _SKIPPED.fullmatch(fields[0]):
        allowed = "a number, a range 1-2 or an empty node 1.1"
        faults.add(f"is {fields[0][:40]!r}", line=number, field="ID", allowed=allowed)
    return None
