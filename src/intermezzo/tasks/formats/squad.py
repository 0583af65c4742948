"""SQuAD JSON, versions 1.1 and 2.0: articles with paragraphs with questions. A row is a question, counted from 1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from intermezzo.tasks.formats._json import Malformed, parse
from intermezzo.tasks.formats._source import Faults, Record, Source, kind_of, whole


def read(source: Source, faults: Faults) -> Iterator[Record]:
    """Records with id, question, context, answers and, where the file has it, impossible."""
    try:
        document = parse(whole(source.path, faults))
    except Malformed as error:
        raise faults.stop(str(error), line=error.line, allowed="SQuAD JSON") from None
    row = 0
    for path, paragraph in _paragraphs(document, faults):
        for place, question in _items(paragraph, "qas", path, faults):
            row += 1
            values = {"context": paragraph.get("context")}
            for role, key in (("id", "id"), ("question", "question"), ("answers", "answers")):
                if key in question:
                    values[role] = question[key]
            if "is_impossible" in question:
                values["impossible"] = question["is_impossible"]
            yield Record(values, row=row, path=place)


def _paragraphs(document: Any, faults: Faults) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(document, dict):
        raise faults.stop(f"is {kind_of(document)}", row=1, allowed="a JSON object with the key 'data'")
    for path, article in _items(document, "data", "", faults):
        yield from _items(article, "paragraphs", path, faults)


def _items(owner: dict[str, Any], key: str, path: str, faults: Faults) -> Iterator[tuple[str, dict[str, Any]]]:
    name = f"{path}.{key}".lstrip(".")
    found = owner.get(key)
    if not isinstance(found, list):
        what = "is missing" if key not in owner else f"is {kind_of(found)}"
        faults.add(what, field=name, allowed="a list of objects")
        return
    for position, item in enumerate(found):
        place = f"{name}[{position}]"
        if isinstance(item, dict):
            yield place, item
        else:
            faults.add(f"is {kind_of(item)}", field=place, allowed="an object")
