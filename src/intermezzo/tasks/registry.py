"""The catalogue: every task of ``tasks/catalog`` and those that installed packages register.

A package registers under the entry point group ``intermezzo.tasks``; the object is a module (its ``TASK`` or
``TASKS``), a ``Task``, or an iterable of tasks.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import metadata
from types import MappingProxyType, ModuleType
from typing import Any

from intermezzo import metrics
from intermezzo.errors import InputError, Problem, nearest
from intermezzo.tasks.task import Generated, Layout, Task

GROUP = "intermezzo.tasks"


@lru_cache(maxsize=1)
def catalog() -> Mapping[str, Task]:
    """Every task by id, sorted. Raises ``InputError`` when a package registers no task or an id that is taken."""
    found: dict[str, tuple[Task, str]] = {}
    for task, origin in (*_shipped(), *_registered()):
        if task.id in found:
            what = f"task {task.id!r} is registered by {found[task.id][1]} and by {origin}"
            raise InputError(Problem(what, allowed="one task an id; uninstall one of the packages"))
        found[task.id] = (task, origin)
    return MappingProxyType({name: found[name][0] for name in sorted(found)})


def _shipped() -> Iterator[tuple[Task, str]]:
    shipped = importlib.import_module("intermezzo.tasks.catalog")
    for module in pkgutil.iter_modules(shipped.__path__):
        yield importlib.import_module(f"{shipped.__name__}.{module.name}").TASK, "intermezzo"


def _registered() -> Iterator[tuple[Task, str]]:
    for point in metadata.entry_points(group=GROUP):
        origin = f"package {point.dist.name!r}" if point.dist else f"entry point {point.name!r}"
        try:
            loaded = point.load()
        except Exception as error:  # a stranger's module: whatever it raises, say whose it is
            raise InputError(Problem(f"{origin} registers tasks and cannot be loaded: {error!r}")) from error
        for task in tasks_of(loaded, origin):
            yield task, origin


def tasks_of(loaded: Any, origin: str) -> list[Task]:
    """The tasks that a registered object stands for."""
    if isinstance(loaded, ModuleType):
        loaded = getattr(loaded, "TASKS", None) or getattr(loaded, "TASK", None)
    tasks = [loaded] if isinstance(loaded, Task) else list(loaded) if isinstance(loaded, Iterable) else []
    if not tasks or not all(isinstance(task, Task) for task in tasks):
        allowed = "a module, a Task, an iterable of Tasks"
        raise InputError(Problem(f"{origin} registers {type(loaded).__name__}", allowed=allowed))
    return tasks


def names() -> tuple[str, ...]:
    """The ids of the catalogue, sorted."""
    return tuple(catalog())


def get(name: str) -> Task:
    """The task of that id. Raises ``InputError`` with the nearest id when there is none."""
    if name not in catalog():
        raise InputError(Problem(f"unknown task {name!r}", allowed=", ".join(names()), near=nearest(name, names())))
    return catalog()[name]


def chance(task: Task) -> float | None:
    """What guessing gets of the headline metric, as a fraction; None where it depends on the number of items."""
    if task.chance is not None:
        return task.chance
    if not task.metrics:
        return None
    rule = metrics.get(task.kind, task.headline).chance
    if rule == "zero":
        return 0.0
    return 1 / len(task.labels) if rule in ("labels", "choices") and task.labels else None


def metric_versions(task: Task) -> dict[str, int]:
    """Metric -> its version, for every metric of a task."""
    return {name: metrics.version(task.kind, name) for name in task.metrics}


def describe_task(task: Task) -> dict[str, Any]:
    """What a task declares, as JSON values."""
    return {
        "id": task.id,
        "kind": task.kind,
        "roles": list(task.roles),
        "languages": list(task.languages),
        "splits": list(task.splits),
        "metrics": list(task.metrics),
        "headline": task.headline if task.metrics else None,
        "chance": chance(task),
        "labels": list(task.labels),
        "licence": task.licence,
        "non_commercial": task.non_commercial,
        "citation": task.citation,
        "sources": [_source(source) for source in task.sources],
        "train_languages": list(task.train_languages),
        "train_on": task.train_on,
        "folder": task.folder or task.id,
    }


def _source(source: Layout | Generated) -> dict[str, Any]:
    if isinstance(source, Generated):
        return {"generated": f"{source.make.__module__}.{source.make.__qualname__}"}
    files = {split: dict(names) if isinstance(names, Mapping) else names for split, names in source.files.items()}
    return {"format": source.format, "files": files}
