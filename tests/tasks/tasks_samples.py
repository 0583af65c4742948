"""Small local tasks for the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from intermezzo.tasks import Layout, Split, Task, read

LANGUAGE = "swh-Latn"
COLUMNS: dict[str, dict[str, Any]] = {
    "text": {"text": "text", "label": "label"},
    "pair": {"text": "text", "pair": "pair", "label": "label"},
    "choice": {"question": "question", "choices": "choices", "label": "label"},
    "span": {"question": "question", "context": "context", "answers": "answers"},
    "tags": {"tokens": "tokens", "tags": "tags"},
    "retrieval": {"text": "text", "pair": "pair"},
    "mlm": {"text": "text"},
}
LABELS = {"text": ("a", "b"), "pair": ("a", "b"), "tags": ("NOUN", "VERB")}


def task_of(
    path: Path,
    kind: str,
    format: str,
    columns: Mapping[str, Any] | None = None,
    options: Mapping[str, object] | None = None,
    **fields: Any,
) -> Task:
    """A local task with one test file in Swahili."""
    bare = format in ("squad", "conllu", "conll", "lines")
    layout = Layout(
        files={"test": {LANGUAGE: str(path)}},
        format=format,
        columns={} if bare and columns is None else COLUMNS[kind] if columns is None else columns,
        options=options or {},
    )
    declared: dict[str, Any] = {
        "id": "mine",
        "kind": kind,
        "roles": ("target",),
        "languages": (LANGUAGE,),
        "metrics": ("accuracy",),
        "sources": (layout,),
        "labels": LABELS.get(kind, ()),
        "local": True,
    }
    return Task(**{**declared, **fields})


def read_file(path: Path, kind: str, format: str, *args: Any, **fields: Any) -> Split:
    """The one split of such a task."""
    return read(task_of(path, kind, format, *args, **fields), "test", LANGUAGE, None)


def squad(*questions: dict[str, Any], context: str = "Panya alikimbia nyumbani.") -> dict[str, Any]:
    """A SQuAD document with one paragraph."""
    return {"version": "1.1", "data": [{"title": "t", "paragraphs": [{"context": context, "qas": list(questions)}]}]}


def question(text: str = "Panya", start: object = 0, **more: Any) -> dict[str, Any]:
    """A question with one answer."""
    return {"id": "q", "question": "Nani?", "answers": [{"text": text, "answer_start": start}], **more}
