"""Tasks: what can be trained on and measured. Declarations, strict readers, the catalogue; no torch."""

from __future__ import annotations

from intermezzo.tasks.examples import (
    Answer,
    ChoiceExample,
    Example,
    LineExample,
    PairExample,
    RetrievalExample,
    SpanExample,
    TagsExample,
    TextExample,
    examples_digest,
)
from intermezzo.tasks.index import Described, Index
from intermezzo.tasks.local import local_task, override
from intermezzo.tasks.overlap import forbidden_training
from intermezzo.tasks.read import files, read
from intermezzo.tasks.registry import catalog, chance, describe_task, get, metric_versions, names
from intermezzo.tasks.task import Generated, Layout, Split, SplitRule, Task

__all__ = [
    "Answer",
    "ChoiceExample",
    "Described",
    "Example",
    "Generated",
    "Index",
    "Layout",
    "LineExample",
    "PairExample",
    "RetrievalExample",
    "SpanExample",
    "Split",
    "SplitRule",
    "TagsExample",
    "Task",
    "TextExample",
    "catalog",
    "chance",
    "describe_task",
    "examples_digest",
    "files",
    "forbidden_training",
    "get",
    "local_task",
    "metric_versions",
    "names",
    "override",
    "read",
]
