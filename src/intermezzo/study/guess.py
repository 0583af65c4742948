"""What a data file holds, guessed from its suffix, its header and its rows: a first draft for a person to correct."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from intermezzo.errors import InputError, Problem

FORMAT_OF_SUFFIX = {
    ".tsv": "tsv",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".conll": "conll",
    ".bio": "conll",
    ".iob2": "conll",
    ".txt": "conll",
    ".conllu": "conllu",
    ".json": "squad",
}
# Column names in common use, by the role that they have; the first that a file has counts.
NAMES: dict[str, tuple[str, ...]] = {
    "tokens": ("tokens", "words"),
    "tags": ("tags", "ner_tags", "pos_tags", "ner", "pos", "upos"),
    "question": ("question",),
    "context": ("context", "passage"),
    "answers": ("answers", "answer"),
    "text": ("text", "sentence", "sentence1", "premise", "text1", "text_a", "question1", "review", "tweet", "content"),
    "pair": ("pair", "sentence2", "hypothesis", "hypo", "text2", "text_b", "question2"),
    "label": ("label", "labels", "gold_label", "category", "class", "topic", "sentiment", "is_duplicate"),
    "id": ("id", "uid", "guid"),
}
_NEEDS = {
    "tags": ("tokens", "tags"),
    "span": ("question", "context", "answers"),
    "pair": ("text", "pair", "label"),
    "text": ("text", "label"),
    "retrieval": ("text", "pair"),
}
MOST_LABELS = 200


@dataclass(frozen=True)
class Guess:
    """A file as guessed. columns: role -> name or position; header: whether the first row names the columns."""

    kind: str
    format: str
    columns: Mapping[str, str | int] = field(default_factory=dict)
    header: bool | None = None
    labels: tuple[str, ...] = ()


def guess(path: Path) -> Guess:
    """Guess one file. Raises ``InputError`` when it cannot be read or is of no form that is known."""
    format = FORMAT_OF_SUFFIX.get(path.suffix.lower())
    if format is None:
        allowed = ", ".join(FORMAT_OF_SUFFIX)
        raise InputError(Problem(f"unknown file suffix {path.suffix!r}", file=str(path), allowed=allowed))
    try:
        if format == "squad":
            return _squad(path)
        if format in ("conll", "conllu"):
            return _words(path, format)
        header, rows = _table(path, format)
    except OSError as error:
        raise InputError(Problem(f"cannot be read: {error.strerror or error}", file=str(path))) from None
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        raise InputError(Problem(f"cannot be read as {format}: {error}", file=str(path))) from None
    if not rows:
        raise InputError(Problem("the file has no rows", file=str(path)))
    return _of_table(path, format, header, rows)


def _lines(path: Path) -> Iterator[str]:
    with open(path, encoding="utf-8-sig", newline="\n") as handle:
        for line in handle:
            yield line.rstrip("\n").removesuffix("\r")


def _squad(path: Path) -> Guess:
    content = json.loads(path.read_text(encoding="utf-8-sig"))
    if not isinstance(content, dict) or not isinstance(content.get("data"), list):
        what = "no SQuAD file: it has no list 'data'"
        raise InputError(Problem(what, file=str(path), allowed="SQuAD JSON, or .jsonl"))
    return Guess("span", "squad")


def _words(path: Path, format: str) -> Guess:
    """One word a line, its tag in the last column (CoNLL-U: the fourth), blank line between sentences."""
    tags: dict[str, None] = {}
    started = False
    for number, line in enumerate(_lines(path), 1):
        if not line.strip() or (line.startswith("#") and not started):
            started = False
            continue
        started = True
        parts = line.split("\t") if "\t" in line else line.split(" ")
        if format == "conllu" and (len(parts) != 10 or not parts[0].isdigit()):
            continue
        if format == "conll" and len(parts) != 2:
            allowed = "a word and its tag in each line, a blank line between sentences"
            raise InputError(Problem(f"has {len(parts)} fields", file=str(path), line=number, allowed=allowed))
        tags.setdefault(parts[3] if format == "conllu" else parts[-1])
        if len(tags) > MOST_LABELS:
            raise InputError(Problem("the last column holds too many different tags to be tags", file=str(path)))
    if not tags:
        raise InputError(Problem("the file has no words with tags", file=str(path)))
    return Guess("tags", format, labels=tuple(sorted(tags)))


def _table(path: Path, format: str) -> tuple[list[str] | None, list[Sequence[Any]]]:
    """Column names (None when the file has none) and rows."""
    if format == "parquet":
        import pyarrow.parquet  # type: ignore[import-untyped]

        table = pyarrow.parquet.read_table(path)
        return list(table.column_names), [tuple(row.values()) for row in table.to_pylist()]
    if format == "jsonl":
        records = [json.loads(line) for line in _lines(path) if line.strip()]
        if not all(isinstance(record, dict) for record in records):
            raise ValueError("a line is no JSON object")
        names = list(dict.fromkeys(key for record in records for key in record))
        return names, [[record.get(name) for name in names] for record in records]
    if format == "csv":
        rows: list[Sequence[Any]] = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    else:
        rows = [line.split("\t") for line in _lines(path)]
    rows = [row for row in rows if any(row)]
    known = {name for names in NAMES.values() for name in names}
    if rows and any(str(cell).strip().lower() in known for cell in rows[0]):
        return [str(cell) for cell in rows[0]], rows[1:]
    return None, rows


def _of_table(path: Path, format: str, header: list[str] | None, rows: list[Sequence[Any]]) -> Guess:
    roles = _by_name(header) if header is not None else _by_content(rows)
    kind = next((kind for kind, needs in _NEEDS.items() if all(role in roles for role in needs)), None)
    if kind is None:
        seen = ", ".join(header) if header is not None else f"{len(rows[0])} columns without names"
        allowed = "; ".join(f"{kind}: {' + '.join(needs)}" for kind, needs in _NEEDS.items())
        raise InputError(Problem(f"cannot tell what the columns hold ({seen})", file=str(path), allowed=allowed))
    kept = {role: roles[role] for role in (*_NEEDS[kind], "id") if role in roles}
    columns: dict[str, str | int] = {role: header[at] if header is not None else at for role, at in kept.items()}
    labels = _labels(path, kind, kept, rows)
    return Guess(kind, format, columns, header is not None if format in ("tsv", "csv") else None, labels)


def _by_name(header: Sequence[str]) -> dict[str, int]:
    lowered = [name.strip().lower() for name in header]
    return {role: lowered.index(name) for role, names in NAMES.items() for name in names[::-1] if name in lowered}


def _by_content(rows: list[Sequence[Any]]) -> dict[str, int]:
    """Columns without names: few different single words are labels, the rest is text in its order."""
    width = max(len(row) for row in rows)
    columns = [[str(row[at]) for row in rows if at < len(row)] for at in range(width)]
    distinct = [len(set(column)) for column in columns]
    label = None
    if width in (2, 3) and len(rows) >= 4:
        most = min(50, max(2, 3 * len(rows) // 4))
        words = [distinct[at] <= most and not any(" " in cell for cell in columns[at]) for at in range(width)]
        label = next((at for at in reversed(range(width)) if words[at]), None)
    texts = [at for at in range(width) if at != label]
    roles = {} if label is None else {"label": label}
    if len(texts) in (1, 2):
        roles["text"] = texts[0]
    if len(texts) == 2:
        roles["pair"] = texts[1]
    return roles


def _labels(path: Path, kind: str, roles: Mapping[str, int], rows: list[Sequence[Any]]) -> tuple[str, ...]:
    role = {"text": "label", "pair": "label", "tags": "tags"}.get(kind)
    if role is None:
        return ()
    found: dict[str, None] = {}
    for row in rows:
        value = row[roles[role]] if roles[role] < len(row) else None
        values = value if isinstance(value, list) else str(value).split() if role == "tags" else [value]
        found.update((str(item), None) for item in values if item not in (None, ""))
    if len(found) > MOST_LABELS:
        what = f"the column of {role}s holds {len(found)} different values"
        raise InputError(Problem(what, file=str(path), allowed=f"at most {MOST_LABELS}"))
    if len(found) < 2:
        raise InputError(Problem(f"the column of {role}s holds fewer than two values", file=str(path)))
    return tuple(sorted(found))
