"""The part of a job that a job type may see: what it means and where things lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Work(Protocol):
    """A job as its type sees it (``graph.Job`` fits)."""

    @property
    def id(self) -> str:
        """Identity."""

    @property
    def type(self) -> str:
        """Job type."""

    @property
    def meaning(self) -> Mapping[str, Any]:
        """What the job means: the only thing that may change its result."""

    @property
    def context(self) -> Mapping[str, Any]:
        """Where things lie on this machine."""
