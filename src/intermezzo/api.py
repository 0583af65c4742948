"""The Python face: ``import intermezzo as im``; the command line calls the same functions.

Here, and only here, the rooms are put together: study, facts about encoders and data, graph, store, executor, tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intermezzo.errors import InputError, Problem, nearest
from intermezzo.graph import DataFacts, EncoderFacts, Graph, Job, build, needed
from intermezzo.graph import plan as plan_of
from intermezzo.places import cache_folder
from intermezzo.store import Store
from intermezzo.study import Encoder, Study, load_study

if TYPE_CHECKING:
    import polars

    from intermezzo.execution.local import Event, Summary
    from intermezzo.scores import Artifacts, Cell

__all__ = ["DEFAULT_STORE", "gains", "graph", "load_study", "plan", "run", "scores"]

DEFAULT_STORE = "./.intermezzo"


def graph(study: Study, *, store: Store | None = None, download: bool = False) -> Graph:
    """The study's graph. Reads data that no cache knows yet; fetches hub encoders only when ``download``."""
    from intermezzo.tasks import Index

    facts = {encoder.name: _encoder_facts(encoder, download) for encoder in study.encoders}
    index = Index(cache_folder() / "data.json")

    def describe(task: Any, split: str, language: str) -> DataFacts:
        found = index.describe(task, split, language, study.data_root)
        return DataFacts(found.digest, found.examples, found.characters, dict(found.dropped))

    try:
        return build(study, facts, describe, _measured_rate(store))
    finally:
        index.save()


def _encoder_facts(encoder: Encoder, download: bool) -> EncoderFacts:
    from intermezzo.encoders.files import inspect
    from intermezzo.encoders.hub import hub_folder

    if encoder.is_folder:
        folder = Path(encoder.source)
    else:
        folder = hub_folder(encoder.source, encoder.revision, download=download)
    files = inspect(folder, cache=cache_folder() / "encoders.json")
    return EncoderFacts(
        folder=folder,
        digest=files.digest,
        tokenizer_digest=files.tokenizer_digest,
        parameters=files.parameters,
        parameters_total=files.parameters_total,
        layers=files.layers,
        hidden=files.hidden,
        vocabulary=files.vocabulary,
    )


def _measured_rate(store: Store | None) -> float | None:
    """Median floating-point operations a second of the store's own trainings, for estimates."""
    if store is None:
        return None
    rates = []
    for job_id in sorted(store.ids())[:2000]:
        manifest = store.manifest(job_id)
        cost = manifest["cost"]
        if manifest["type"] == "train" and cost["seconds"] > 5.0 and cost["flops"]:
            rates.append(cost["flops"] / cost["seconds"])
        if len(rates) >= 20:
            break
    return sorted(rates)[len(rates) // 2] if rates else None


def plan(study: Study, store: str | Path = DEFAULT_STORE) -> dict[str, Any]:
    """The document of ``intermezzo plan --json``. Writes nothing, loads no torch, opens no socket."""
    opened = _existing(store)
    made = graph(study, store=opened)
    if opened is None:
        return plan_of(made, lambda job_id: False, lambda job_id: None)
    return plan_of(made, opened.has, opened.holder)


def _existing(store: str | Path) -> Store | None:
    """The store, when there is one."""
    return Store.open(store) if Path(store).exists() else None


def only_target(made: Graph, target: str | None) -> Graph:
    """The part of a graph that one target needs."""
    if target is None:
        return made
    names = list(dict.fromkeys(str(cell["target"]) for cell in made.cells))
    if target not in names:
        raise InputError(Problem(f"the study has no target {target!r}", field="--only", allowed=", ".join(names), near=nearest(target, names)))
    cells = tuple(cell for cell in made.cells if cell["target"] == target)
    wanted: set[str] = set()
    waiting = [str(cell["score"]) for cell in cells]
    while waiting:
        job_id = waiting.pop()
        if job_id not in wanted:
            wanted.add(job_id)
            waiting.extend(made.jobs[job_id].inputs.values())
    jobs = {job_id: job for job_id, job in made.jobs.items() if job_id in wanted}
    return Graph(made.study, jobs, cells, made.sharing, made.warnings)


@dataclass(frozen=True)
class Ran:
    """What a run did: the last line of ``intermezzo run --json``, and why jobs failed."""

    jobs: int
    ran: int
    had: int
    failed: Mapping[str, str]
    stopped: bool
    store: str


def run(
    study: Study,
    store: str | Path = DEFAULT_STORE,
    *,
    workers: int | None = None,
    threads: int | None = None,
    max_hours: float | None = None,
    only: str | None = None,
    on_event: Callable[[Event], None] = lambda event: None,
    on_graph: Callable[[Graph, Sequence[Job]], None] = lambda made, jobs: None,
) -> Ran:
    """Run what is missing of a study. Raises ``Interrupted`` or ``Stopped`` when cut short; run again to go on."""
    from intermezzo.execution.local import run_local

    made = only_target(graph(study, store=_existing(store), download=True), only)
    opened = Store.open(store, create=True)
    opened.save_study(study.name, record(made))
    _, must = needed(made, opened.has)
    jobs = [job for job in made.jobs.values() if job.id in must]
    on_graph(made, jobs)
    if not jobs:
        return Ran(len(made.jobs), 0, len(made.jobs), {}, False, str(store))
    hours = max_hours if max_hours is not None else study.limits.hours
    summary: Summary = run_local(jobs, opened, workers=workers, threads=threads, on_event=on_event, max_hours=hours)
    had = len(made.jobs) - len(jobs) + summary.had
    return Ran(len(made.jobs), summary.ran, had, summary.failed, summary.stopped, str(store))


def record(made: Graph) -> dict[str, Any]:
    """What the store keeps of a study: what was asked for, with its names, and the identities of its jobs."""
    study = made.study
    resolved = {
        "encoders": [asdict(encoder) | {"source": Path(encoder.source).name} for encoder in study.encoders],
        "routes": [asdict(route) for route in study.routes],
        "targets": [asdict(target) for target in study.targets],
        "seeds": list(study.seeds),
        "recipes": study.recipes,
        "limits": asdict(study.limits),
        "analysis": asdict(study.analysis),
        "tasks": {name: _declared(task) for name, task in study.tasks.items()},
    }
    plain: dict[str, Any] = json.loads(json.dumps(resolved, default=str))
    return {
        "study": study.name,
        "resolved": plain,
        "cells": [dict(cell) for cell in made.cells],
        "jobs": {job.id: job.name for job in made.jobs.values()},
        "warnings": list(made.warnings),
    }


def _declared(task: Any) -> dict[str, Any]:
    return {
        "kind": task.kind,
        "labels": list(task.labels),
        "metrics": list(task.metrics),
        "split_rules": {split: asdict(rule) for split, rule in task.split_rules.items()},
        "licence": task.licence,
        "non_commercial": task.non_commercial,
        "local": task.local,
        "parallel": task.parallel,
    }


class NoStore:
    """Stands where no store is yet: it has nothing."""

    def has(self, id: str) -> bool:
        """Never."""
        return False

    def path(self, id: str) -> Path:
        """Never asked for what it has not."""
        raise KeyError(id)


def cells(source: Study | str | Path, store: str | Path | None = None) -> tuple[list[Cell], Artifacts]:
    """The cells of a study, or of every current study of a store, and the store they lie in."""
    from intermezzo.scores import cell_from_json

    if isinstance(source, Study):
        opened = _existing(store if store is not None else DEFAULT_STORE)
        return [cell_from_json(cell) for cell in graph(source, store=opened).cells], opened or NoStore()
    opened = Store.open(source)
    found: list[Cell] = []
    for content in opened.current_studies():
        found += [cell_from_json(cell) for cell in content["cells"]]
    return found, opened


def scores(source: Study | str | Path, store: str | Path | None = None) -> polars.DataFrame:
    """The scores table of a study or of a store, as a polars data frame (columns in the documented order)."""
    from intermezzo.scores import frame, rows

    found, opened = cells(source, store)
    return frame(rows(found, opened))


def gains(source: Study | str | Path, store: str | Path | None = None) -> list[dict[str, Any]]:
    """Gains over ``direct`` with intervals, a record a language and a mean a target."""
    from intermezzo.scores.gains import gains as gains_of

    found, opened = cells(source, store)
    return gains_of(found, opened)


def why(job: str, study: Study | None, store: str | Path = DEFAULT_STORE) -> dict[str, Any]:
    """What makes a job's identity, and the difference to the nearest job of a store.

    job: the first digits of an identity, looked for in the study's graph (if given) and in the store.
    """
    from intermezzo.graph.why import differences, flat, nearest as nearest_job

    opened = _existing(store)
    made = None if study is None else graph(study, store=opened)
    known: dict[str, tuple[Mapping[str, Any], str]] = {}
    if opened is not None:
        for job_id in opened.ids():
            manifest = opened.manifest(job_id)
            known[job_id] = (manifest["job"], manifest["name"])
    every = dict(known)
    if made is not None:
        every.update({j.id: (j.meaning, j.name) for j in made.jobs.values()})
    found = sorted(job_id for job_id in every if job_id.startswith(job.lower()))
    if len(found) != 1:
        what = "no job" if not found else f"{len(found)} jobs"
        hint = "a study with --study, or a job of the store" if not found else ", ".join(i[:12] for i in found[:8])
        raise InputError(Problem(f"{what} of this identity: {job!r}", field="JOB", allowed=hint))
    meaning, name = every[found[0]]
    others = {job_id: value[0] for job_id, value in known.items() if job_id != found[0]}
    near = nearest_job(found[0], meaning, others.items())
    changed = [] if near is None else differences(meaning, others[near])
    for change in changed:
        if change["field"].startswith("inputs.") and change["this"] in every and change["other"] in every:
            change["because"] = differences(every[change["this"]][0], every[change["other"]][0])
    return {
        "id": found[0],
        "name": name,
        "state": "in the store" if found[0] in known else "not in the store",
        "fields": flat(meaning),
        "nearest": near,
        "nearest_name": None if near is None else known[near][1],
        "differences": changed,
    }
