"""One file a job type; ``run`` finds the file by the job's type and calls it.

A job type is a module with ``run(job, inputs, out, partial, tools) -> Cost``; its meaning version stands in
``graph.versions`` and is raised by hand when its results change. It reads its inputs' folders, writes its own, and knows nothing of
schedulers, studies or reports.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from pathlib import Path

from intermezzo.errors import JobError
from intermezzo.jobs.tools import Cost, Tools
from intermezzo.jobs.work import Work

__all__ = ["Cost", "Tools", "Work", "run"]


def run(job: Work, inputs: Mapping[str, Path], out: Path, partial: Path, tools: Tools) -> Cost:
    """Do one job. Raises ``Stopped`` when asked to stop and an ``IntermezzoError`` when it cannot be done."""
    name = f"intermezzo.jobs.{job.type}"
    if not job.type.isidentifier() or importlib.util.find_spec(name) is None:
        raise JobError(f"unknown job type {job.type!r}")
    cost: Cost = importlib.import_module(name).run(job, inputs, out, partial, tools)
    return cost
