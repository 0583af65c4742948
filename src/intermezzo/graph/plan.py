"""The plan: every job with have / run / wait and why, what it will cost, what sharing saves."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from intermezzo.graph.build import Graph
from intermezzo.graph.job import Job


def needed(graph: Graph, have: Callable[[str], bool]) -> tuple[dict[str, bool], set[str]]:
    """Which jobs the store has, and which missing ones must run for the cells to be complete.

    A job that is missing but whose every use is there already need not run.
    """
    there = {job_id: have(job_id) for job_id in graph.jobs}
    must: set[str] = set()
    for job_id, job in reversed(graph.jobs.items()):
        if there[job_id]:
            continue
        if job.type == "score" or job_id in must:
            must.add(job_id)
            must.update(i for i in job.inputs.values() if not there[i])
    return there, must


def plan(graph: Graph, have: Callable[[str], bool], leased: Callable[[str], str | None]) -> dict[str, Any]:
    """The document of ``intermezzo plan --json``.

    leased: who holds a job at this moment, or None.
    """
    there, must = needed(graph, have)
    rows = [_row(graph, job, there, must, leased) for job in graph.jobs.values()]
    left = [row for row in rows if row["state"] != "have"]
    sharing = graph.sharing
    return {
        "study": graph.study.name,
        "jobs": rows,
        "totals": {
            "jobs": len(rows),
            "have": len(rows) - len(left),
            "examples": sum(row["examples"] for row in left),
            "flops": sum(row["flops"] for row in left),
            "seconds": sum(row["seconds"] for row in left),
            "bytes": sum(row["bytes"] for row in left),
        },
        "sharing": {
            "ours_examples": sharing.ours,
            "independent_scripts_examples": sharing.independent,
            "careful_user_examples": sharing.careful,
        },
        "precision_bought": _precision(graph),
        "warnings": list(graph.warnings),
    }


def _row(
    graph: Graph, job: Job, there: Mapping[str, bool], must: set[str], leased: Callable[[str], str | None]
) -> dict[str, Any]:
    state, why = "run", "not in the store, its inputs are there"
    if there[job.id]:
        state, why = "have", "in the store"
    elif job.id not in must:
        state, why = "have", "not needed: all that is made from it is in the store"
    elif holder := leased(job.id):
        state, why = "wait", f"running: {holder}"
    elif missing := [i for i in job.inputs.values() if not there[i]]:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        state, why = "wait", f"needs {graph.jobs[missing[0]].name}{more}"
    elif not job.inputs:
        why = "not in the store, needs no other job"
    estimate = job.estimate
    return {
        "id": job.id,
        "type": job.type,
        "name": job.name,
        "state": state,
        "inputs": list(job.inputs.values()),
        "examples": estimate.examples,
        "steps": estimate.steps,
        "flops": estimate.flops,
        "seconds": estimate.seconds,
        "bytes": estimate.bytes,
        "why": why,
    }


def _precision(graph: Graph) -> dict[str, Any]:
    """For each target the half width of a 95 % interval of a gain in one language, from its test items alone.

    Two runs that each get half of n items right and whose errors are independent: 1.96 sqrt(2 x 0.25 / n), the widest
    that the items can make it; paired errors make it narrower, differences between seeds wider.
    """
    smallest: dict[str, int] = {}
    for cell in graph.cells:
        items = graph.jobs[graph.jobs[cell["score"]].inputs["predictions"]].estimate.examples
        smallest[cell["target"]] = min(items, smallest.get(cell["target"], items))
    return {
        "seeds": len(graph.study.seeds),
        "targets": {
            target: {"items": items, "half_width_points": 196.0 * math.sqrt(0.5 / max(1, items))}
            for target, items in smallest.items()
        },
    }
