"""What must hold between the parts of a study once every name is known."""

from __future__ import annotations

import json
from collections.abc import Iterator

from intermezzo.errors import nearest
from intermezzo.study.lookup import Lookup, listed
from intermezzo.study.recipe import Recipe
from intermezzo.study.study import Encoder, Phase, Route, Study
from intermezzo.study.yaml import Key
from intermezzo.tasks import overlap
from intermezzo.tasks.task import SplitRule, Task

MOST = 200_000


def check(study: Study, lookup: Lookup) -> None:
    """Note every fault between the parts of a study, and warn of what is allowed but may not be meant."""
    if not _size(study, lookup):
        return
    looks = _recipes(study, lookup)
    _forbidden(study, looks, lookup)
    _seen(study, lookup)


def head_fits(task: Task, phase: Phase, path: Key, lookup: Lookup) -> None:
    """Target training must give the head that evaluation uses: the first member decides its kind and labels."""
    trained = lookup.used[phase[0].task]
    if trained.kind == task.kind and set(task.labels) <= set(trained.labels):
        return
    labels = f" with the labels {', '.join(task.labels[:20])}" if task.labels else ""
    what = f"target {task.id!r} cannot be trained on {trained.id!r} (kind {trained.kind})"
    lookup.problem(path, what, f"a task of kind {task.kind}{labels}" + (", first" if len(phase) > 1 else ""))


def trainings(study: Study) -> Iterator[tuple[Encoder, str, Phase, Route]]:
    """Every kind of training that the study does: encoder, stage, phase, route; equal recipes once."""
    own = {json.dumps(encoder.recipe, sort_keys=True, default=str): encoder for encoder in study.encoders}
    for encoder in own.values():
        for route in study.routes:
            for phase in dict.fromkeys(route.phases):
                yield encoder, "intermediate", phase, route
            for phase in dict.fromkeys(target.train for target in study.targets if target.train):
                yield encoder, "target", phase, route


def _size(study: Study, lookup: Lookup) -> bool:
    """Whether the study is of a size that can be planned."""
    cells = len(study.encoders) * len(study.routes) * len(study.targets) * max(1, len(study.seeds))
    if cells > MOST:
        what = f"the study asks for {cells:,} trainings (encoders x routes x targets x seeds)"
        lookup.problem((), what, f"at most {MOST:,}; write several studies, they share what is equal")
    return cells <= MOST


def _recipes(study: Study, lookup: Lookup) -> frozenset[str]:
    """Check every recipe that is used; the tasks whose dev split is looked at while training."""
    looks: set[str] = set()
    for encoder, stage, phase, route in trainings(study):
        ids = tuple(member.task for member in phase)
        with lookup.at(()):
            recipe = study.recipe(encoder, stage, ids, route)
            _one_recipe(recipe, stage, ids, route, lookup)
            if recipe.early_stopping is not None:
                looks.update(name for name in ids if "dev" in lookup.used[name].splits)
    return frozenset(looks)


def _one_recipe(recipe: Recipe, stage: str, ids: tuple[str, ...], route: Route, lookup: Lookup) -> None:
    windows = any(lookup.used[name].kind == "span" for name in ids)  # no other kind cuts long texts into windows
    if windows and recipe.stride >= recipe.max_length:
        path = _written("stride", stage, ids, route, lookup)
        what = f"the stride {recipe.stride} leaves no room in windows of {recipe.max_length} pieces"
        lookup.problem(path, what, "a stride below max_length")
    if recipe.early_stopping is None:
        return
    metric = recipe.early_stopping.metric
    for name in ids:
        task = lookup.used[name]
        if "dev" not in task.splits:
            lookup.warnings.append(f"task {name!r} has no dev split: no early stopping there, the last step counts")
            continue
        if metric is not None and metric not in task.metrics:
            path = (*_written("early_stopping", stage, ids, route, lookup), "metric")
            what = f"{metric!r} is no metric of task {name!r}"
            lookup.problem(path, what, listed(task.metrics) or "none", nearest(metric, task.metrics))
        if _shared(task):
            what = f"the train split of {name!r} holds rows of its dev split, at which early stopping looks"
            lookup.warnings.append(what)


def _written(key: str, stage: str, ids: tuple[str, ...], route: Route, lookup: Lookup) -> Key:
    """Where a recipe key was written, the strongest level first; the recipes as a whole when nowhere."""
    candidates: list[Key] = [("routes", route.name, "recipe", key)]
    candidates += [("recipes", "task", name, key) for name in ids]
    candidates += [("recipes", "phase", stage, key), ("recipes", "default", key)]
    return next((path for path in candidates if path in lookup.document.places), ("recipes", "default", key))


def _places(study: Study, lookup: Lookup) -> Iterator[tuple[str, Key]]:
    """Every task that is trained on, and where the study says so."""
    for route in study.routes:
        for phase in route.phases:
            for member in phase:
                yield member.task, ("routes", route.name)
    written = lookup.document.value.get("targets")
    listed_targets = written if isinstance(written, list) else []
    positions = {_target_name(item): position for position, item in enumerate(listed_targets)}
    for target in study.targets:
        for member in target.train:
            yield member.task, ("targets", positions.get(target.task, 0))


def _target_name(item: object) -> str:
    return str(item.get("task")) if isinstance(item, dict) else str(item)


def _forbidden(study: Study, looks: frozenset[str], lookup: Lookup) -> None:
    """Training and dev sets that hold test items of a target; ``looks``: tasks whose dev split chooses a step."""
    places: dict[str, list[Key]] = {}
    for name, path in dict.fromkeys(_places(study, lookup)):
        places.setdefault(name, []).append(path)
    for name, paths in places.items():
        splits = ("train", "dev") if name in looks else ("train",)
        for target in study.targets:
            reason = overlap.forbidden_training(lookup.used[name], lookup.used[target.task], splits)
            if reason:
                what = f"{name!r} may not be trained on when {target.task!r} is a target: {reason}"
                for path in paths:
                    lookup.problem(path, what, f"other rows, under tasks.{name}.splits")


def _shared(task: Task) -> bool:
    """Whether the train split of a task, as the study replaces it, holds rows of its dev split."""
    train, dev = (task.split_rules.get(split, SplitRule(split)) for split in ("train", "dev"))
    if train.source != dev.source:
        return False
    (first, last), (begin, end) = overlap.row_range(train.rows), overlap.row_range(dev.rows)
    return (end is None or first < end) and (last is None or begin < last)


def _seen(study: Study, lookup: Lookup) -> None:
    known = lookup.names()
    for encoder in study.encoders:
        for name in encoder.seen:
            if name not in known:
                near = nearest(name, known)
                hint = f" (did you mean {near!r}?)" if near else ""
                lookup.warnings.append(f"encoder {encoder.name!r} has seen {name!r}, which is no task known here{hint}")
