"""A job: one unit of work whose identity is the SHA-256 of what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from intermezzo.digests import digest


@dataclass(frozen=True)
class Estimate:
    """What a job is expected to cost, before it runs."""

    examples: int = 0
    steps: int = 0
    flops: float = 0.0
    seconds: float = 0.0
    bytes: int = 0


@dataclass(frozen=True)
class Job:
    """One unit of work.

    meaning: the canonical description, JSON values only: ``type``, ``version`` (raised by hand when the code of that
        job type gives other results), ``inputs`` (name -> identity of another job) and the fields of that type.
        Nothing else makes the identity.
    name: for people. context: what a worker needs to do the job here and now but what cannot change its result
        (where files lie, how to read them); never part of the identity. group: jobs with one group run back to back
        on a warm model.
    """

    meaning: Mapping[str, Any]
    name: str
    context: Mapping[str, Any] = field(default_factory=dict)
    group: str = ""
    estimate: Estimate = Estimate()
    id: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", digest(self.meaning))

    @property
    def type(self) -> str:
        """tokenize, train, predict or score."""
        return str(self.meaning["type"])

    @property
    def inputs(self) -> Mapping[str, str]:
        """Name of an input -> identity of the job that makes it."""
        inputs: Mapping[str, str] = self.meaning["inputs"]
        return inputs
