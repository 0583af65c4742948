"""One word a line with its tag, a blank line between sentences; a tab or a single blank stands between them.

Options: ``separator`` (``tab``, ``space``; default: a tab if the first word has one) and ``prefix``, which every line
bears and which is cut (WikiANN's ``sw:``). The last blank line may miss.
"""

from __future__ import annotations

from collections.abc import Iterator

from intermezzo.tasks.formats._source import Faults, Record, Source, lines

SEPARATORS = {"tab": "\t", "space": " "}


def read(source: Source, faults: Faults) -> Iterator[Record]:
    """Records with tokens and tags (no tags where the file has none and may have none)."""
    prefix = str(source.options.get("prefix", ""))
    separator: str | None = SEPARATORS.get(str(source.options.get("separator", "")))
    width = 0
    tokens: list[str] = []
    tags: list[str] = []
    start = 0
    for number, line in lines(source.path, faults):
        if not line:
            if tokens:
                yield _record(tokens, tags, start)
            tokens, tags = [], []
            continue
        if not line.startswith(prefix):
            faults.add(f"lacks the prefix {prefix!r}", line=number)
            continue
        line = line[len(prefix) :]
        separator = separator or ("\t" if "\t" in line else " ")
        fields = line.split(separator)
        width = width or (1 if source.blank and len(fields) == 1 else 2)
        if len(fields) != width or not all(fields):
            _fault(fields, width, separator, number, faults)
            continue
        start = start if tokens else number
        tokens.append(fields[0])
        tags.extend(fields[1:])
    if tokens:
        yield _record(tokens, tags, start)


def _record(tokens: list[str], tags: list[str], start: int) -> Record:
    return Record({"tokens": tokens, "tags": tags} if tags else {"tokens": tokens}, line=start)


def _fault(fields: list[str], width: int, separator: str, number: int, faults: Faults) -> None:
    name = "tab" if separator == "\t" else "blank"
    allowed = f"a word, one {name} and its tag" if width == 2 else "a word alone, as in the lines before"
    if len(fields) != width:
        faults.add(f"has {len(fields)} field{'s' * (len(fields) != 1)}", line=number, allowed=allowed)
    else:
        faults.add("is empty", line=number, field="tokens" if not fields[0] else "tags", allowed=allowed)
