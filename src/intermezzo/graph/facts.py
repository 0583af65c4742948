"""Facts about encoders and data that a graph is built from; found out by other rooms, plain values here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from intermezzo.tasks.task import Task


@dataclass(frozen=True)
class EncoderFacts:
    """What a folder with an encoder says of itself. parameters: without embeddings."""

    folder: Path
    digest: str
    tokenizer_digest: str
    parameters: int
    parameters_total: int
    layers: int
    hidden: int
    vocabulary: int


@dataclass(frozen=True)
class DataFacts:
    """One split of one language: digest of its examples as parsed, how many, how long."""

    digest: str
    examples: int
    characters: int
    dropped: Mapping[str, int] = field(default_factory=dict)


class Describe(Protocol):
    """Finds the facts of a split; raises ``InputError`` when its files are missing or broken."""

    def __call__(self, task: Task, split: str, language: str) -> DataFacts:
        """Facts of one split of one language."""
