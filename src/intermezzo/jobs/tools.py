"""What a job is given beside its meaning and inputs, and what it gives back beside its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


def _nothing(*_: object) -> None:
    return None


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Tools:
    """How a running job speaks to the outside. None of it can change a result.

    progress(done, total): steps, rows or files done. should_stop(): asked between steps; when true the job saves its
    state and raises ``Stopped``. log(event): one line for the job's log.
    """

    progress: Callable[[int, int], None] = _nothing
    should_stop: Callable[[], bool] = _never
    log: Callable[[Mapping[str, Any]], None] = _nothing
    threads: int = 1
    device: str = "cpu"


@dataclass(frozen=True)
class Cost:
    """What a job did, for its manifest. flops: 6 (training) or 2 (prediction) x parameters x pieces."""

    examples: int = 0
    steps: int = 0
    flops: float = 0.0
    notes: Mapping[str, Any] = field(default_factory=dict)
