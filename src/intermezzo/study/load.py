"""Read a study: its form, then every name, then what must hold between its parts; all problems come at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from intermezzo.errors import InputError, Problem, nearest
from intermezzo.study import checks
from intermezzo.study.folders import check_folder, encoder_of
from intermezzo.study.guess import FORMAT_OF_SUFFIX
from intermezzo.study.ladders import ladder
from intermezzo.study.lookup import Lookup, listed
from intermezzo.study.parse import Parsed, parse
from intermezzo.study.schema import (
    AnalysisForm,
    LadderForm,
    LimitsForm,
    MemberForm,
    RecipesForm,
    RouteForm,
    TargetForm,
    translated,
)
from intermezzo.study.study import Analysis, Encoder, Limits, Member, Phase, Route, Study, Target
from intermezzo.study.yaml import Key, read_yaml
from intermezzo.tasks.task import Generated, Layout, Task

PRECISIONS = ("float32", "bfloat16", "float16")
OWN_TRAINING = ":train"


def load_study(
    path: str | Path,
    *,
    data_root: str | Path | None = None,
    encoders: Mapping[str, str | Path] | None = None,
    precision: str | None = None,
) -> Study:
    """The study in a file, resolved and complete.

    data_root: where the files of catalogue tasks lie. encoders: name -> folder, replaces encoders of the study.
    precision: float32, bfloat16 or float16, wins over every recipe. Reads no data and opens no socket.
    Raises ``InputError`` with every problem found, in the order of the file.
    """
    document = read_yaml(path)
    parsed = parse(document)
    base = Path(os.path.abspath(path)).parent
    root = Path(os.path.abspath(data_root)) if data_root is not None else None
    lookup = Lookup(document, parsed, base, root)
    if precision is not None and precision not in PRECISIONS:
        near = nearest(precision, PRECISIONS)
        what = f"unknown precision {precision!r}"
        lookup.problems.append(Problem(what, field="--precision", allowed=", ".join(PRECISIONS), near=near))
    found = _replaced(_encoders(parsed, lookup), dict(encoders or {}), lookup)
    routes = (Route("direct"), *_routes(parsed, lookup))
    targets = _targets(parsed, lookup)
    overrides: dict[str, object] = {"precision": precision} if precision else {}
    if encoders:
        overrides["encoders"] = {name: str(folder) for name, folder in encoders.items()}
    study = Study(
        name=parsed.name,
        path=Path(os.path.abspath(path)),
        encoders=tuple(found),
        routes=routes,
        targets=tuple(targets),
        seeds=tuple(parsed.seeds),
        tasks=lookup.used,
        recipes=_recipes(parsed.recipes, lookup),
        limits=_limits(parsed.limits),
        analysis=_analysis(parsed.analysis),
        data_root=root,
        overrides=overrides,
    )
    checks.check(study, lookup)
    if lookup.problems:
        raise InputError(sorted(_unique(lookup.problems), key=lambda problem: problem.line or 0))
    return replace(study, warnings=tuple(dict.fromkeys(lookup.warnings)))


def _unique(problems: Iterable[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


# --- encoders ----------------------------------------------------------------------------------------------------


def _encoders(parsed: Parsed, lookup: Lookup) -> list[tuple[Key, Encoder]]:
    found: list[tuple[Key, Encoder]] = []
    for path, item in parsed.encoders:
        if isinstance(item, LadderForm):
            with lookup.at((*path, "ladder")):
                found.extend((path, encoder) for encoder in ladder(item.ladder, lookup.base))
        else:
            found.append((path, encoder_of(item, lookup.base)))
    first: dict[str, Key] = {}
    own_name = "a name of its own: {id: ..., name: ...}"
    for path, encoder in found:
        if set(encoder.name) & set("=;,/\\@"):
            lookup.problem(path, f"{encoder.name!r} is no name for an encoder", own_name)
        elif encoder.name in first:
            line = lookup.document.line(first[encoder.name])
            what = f"two encoders are called {encoder.name!r} (the first in line {line})"
            lookup.problem(path, what, own_name)
        first.setdefault(encoder.name, path)
        if encoder.is_folder and encoder.revision is not None:
            lookup.problem((*path, "revision"), "a folder has no revision", "null")
    return found


def _replaced(found: list[tuple[Key, Encoder]], given: dict[str, str | Path], lookup: Lookup) -> list[Encoder]:
    """Encoders with those of the command line put in place; every folder looked into."""
    names = [encoder.name for _, encoder in found]
    for name in given:
        if name not in names:
            what = f"the study has no encoder {name!r}"
            allowed, near = listed(names), nearest(name, names)
            lookup.problems.append(Problem(what, field="--encoder", allowed=allowed, near=near))
    encoders = []
    for path, encoder in found:
        if encoder.name in given:
            folder = os.path.abspath(Path(given[encoder.name]).expanduser())
            encoder = replace(encoder, source=folder, is_folder=True, revision=None, parameters=None)
            try:
                check_folder(Path(folder))
            except InputError as error:
                field = f"--encoder {encoder.name}"
                lookup.problems.extend(replace(problem, field=field) for problem in error.problems)
        elif encoder.is_folder:
            with lookup.at(path):
                check_folder(Path(encoder.source))
        encoders.append(encoder)
    return encoders


# --- routes and targets --------------------------------------------------------------------------------------------


def _routes(parsed: Parsed, lookup: Lookup) -> list[Route]:
    routes = []
    for name, item in parsed.routes.items():
        path: Key = ("routes", name)
        long = isinstance(item, RouteForm)
        phases = item.phases if isinstance(item, RouteForm) else item
        below: Key = (*path, "phases") if long else path
        if not phases:
            lookup.problem(path, "a route without phases is 'direct'", "at least one phase, such as [mnli]")
        made = [_phase(phase, (*below, position), lookup) for position, phase in enumerate(phases)]
        recipe = item.recipe.given() if isinstance(item, RouteForm) and item.recipe else {}
        routes.append(Route(name, tuple(phase for phase in made if phase), recipe))
    return routes


def _phase(item: Any, path: Key, lookup: Lookup) -> Phase:
    """The members of a phase: one task, or a mixture. Members that are wrong are noted and left out."""
    if not isinstance(item, list):
        member = _member(item, path, lookup)
        return (member,) if member else ()
    members: list[Member] = []
    for position, entry in enumerate(item):
        here = (*path, position)
        member = _member(entry, here, lookup)
        if member is None:
            continue
        if any(other.task == member.task and set(other.languages) & set(member.languages) for other in members):
            lookup.problem(here, f"{member.task!r} stands twice in one mixture", "each task once, or other languages")
        members.append(member)
    return tuple(members)


def _member(item: str | MemberForm, path: Key, lookup: Lookup) -> Member | None:
    form = item if isinstance(item, MemberForm) else MemberForm(task=item)
    name, into = translated(form.task)
    here: Key = (*path, "task") if isinstance(item, MemberForm) else path
    task = lookup.task(name, here)
    for language in into:
        lookup.language(language, here)
    if into:
        what = f"{form.task!r}: machine-translated training data are not available yet"
        lookup.problem(here, what, f"{name!r}, or a task of your own with translated files")
        return None
    if task is None:
        return None
    if "train" not in task.splits:
        what = f"task {name!r} (kind {task.kind}) has no training data"
        lookup.problem(here, what, "a task with a train split")
        return None
    if form.languages is None:
        return Member(name, lookup.training_languages(task), form.share)
    what = f"in which {name!r} has training data"
    languages = lookup.languages(form.languages, (*path, "languages"), task, task.train_languages, what)
    return None if languages is None else Member(name, languages, form.share)


def _targets(parsed: Parsed, lookup: Lookup) -> list[Target]:
    targets: list[Target] = []
    first: dict[str, Key] = {}
    for path, item in parsed.targets:
        form = item if isinstance(item, TargetForm) else TargetForm(task=item)
        here: Key = (*path, "task") if isinstance(item, TargetForm) else path
        name, into = translated(form.task)
        if into:
            lookup.problem(here, f"{form.task!r}: a target is evaluated on its own data", f"{name!r}")
        if name in first:
            line = lookup.document.line(first[name])
            lookup.problem(here, f"the target {name!r} stands twice (first in line {line})", "each target once")
            continue
        first[name] = here
        task = lookup.task(name, here)
        if task is None:
            _train_of_unknown(form, path, lookup)
            continue
        if not task.metrics or not {"test", "dev"} & set(task.splits):
            what = f"task {name!r} (kind {task.kind}) has nothing to evaluate on"
            lookup.problem(here, what, "a task with a test or dev split and a metric")
            continue
        languages: tuple[str, ...] | None = task.languages
        if form.languages is not None:
            what = f"in which {name!r} is evaluated"
            languages = lookup.languages(form.languages, (*path, "languages"), task, task.languages, what)
        train = _training(task, form, path, lookup)
        if languages is not None:
            targets.append(Target(name, languages, train))
    return targets


def _train_of_unknown(form: TargetForm, path: Key, lookup: Lookup) -> None:
    """The target's task is unknown; what it is trained on can be looked at all the same."""
    if isinstance(form.train, (str, list, MemberForm)):
        _phase(form.train, (*path, "train"), lookup)


def _training(task: Task, form: TargetForm, path: Key, lookup: Lookup) -> Phase:
    """What target training reads: as given, else what the task declares, else its own train split; retrieval: none."""
    here: Key = (*path, "train")
    if task.kind == "retrieval":
        if form.train is not None:
            lookup.problem(here, "retrieval is measured without target training", "no 'train'; put tasks into a route")
        return ()
    if isinstance(form.train, dict):
        return _own_files(task, form.train, here, lookup)
    if form.train is not None:
        phase = _phase(form.train, here, lookup)
        if phase:
            checks.head_fits(task, phase, here, lookup)
        return phase
    default = task.train_on or (task.id if "train" in task.splits else None)
    if default is None:
        lookup.problem(path, f"target {task.id!r} has no training data", "train: a task id, or {language: file}")
        return ()
    phase = _phase(default, path, lookup)
    if phase:
        checks.head_fits(task, phase, path, lookup)
    return phase


def _own_files(task: Task, files: Mapping[str, str], path: Key, lookup: Lookup) -> Phase:
    """In-language training: a task like the target whose train split is the files named, in the target's own format."""
    found: dict[str, str] = {}
    for text, name in files.items():
        language, file = lookup.language(text, (*path, text)), lookup.file((*path, text), name)
        if language in found:
            lookup.problem((*path, text), f"{text!r} ({language}) stands twice", "each language once")
        elif language is not None and file is not None:
            found[language] = os.path.abspath(file)
    layouts = [source for source in task.sources if isinstance(source, Layout) and not source.options.get("where")]
    suffixes = {FORMAT_OF_SUFFIX.get(Path(file).suffix.lower()) for file in found.values()}
    layouts = [layout for layout in layouts if {layout.format} == suffixes] or layouts
    if not layouts or any(isinstance(source, Generated) for source in task.sources):
        lookup.problem(path, f"the data of {task.id!r} are generated; files of its form are not read", "a task id")
        return ()
    if len(found) < len(files):
        return ()
    own = replace(
        task,
        id=task.id + OWN_TRAINING,
        sources=tuple(replace(layout, files={"train": dict(found)}, codes="any") for layout in layouts),
        splits=("train",),
        languages=tuple(found),
        train_languages=tuple(found),
        train_on=None,
        folder=None,
        official_rows={},
        split_rules={},
        local=True,
    )
    lookup.used[own.id] = own
    return (Member(own.id, tuple(found)),)


# --- the rest ------------------------------------------------------------------------------------------------------


def _recipes(form: RecipesForm, lookup: Lookup) -> dict[str, Any]:
    recipes: dict[str, Any] = {"default": form.default.given() if form.default else {}, "phase": {}, "task": {}}
    if form.phase:
        given = {"intermediate": form.phase.intermediate, "target": form.phase.target}
        recipes["phase"] = {stage: recipe.given() for stage, recipe in given.items() if recipe}
    for name, recipe in (form.task or {}).items():
        if lookup.known(name, ("recipes", "task", name)):
            recipes["task"][name] = recipe.given()
            if name + OWN_TRAINING in lookup.used:
                recipes["task"][name + OWN_TRAINING] = recipe.given()
    return recipes


def _limits(form: LimitsForm) -> Limits:
    return Limits(form.train_examples, form.eval_examples, form.steps, form.hours)


def _analysis(form: AnalysisForm) -> Analysis:
    margins, low = form.margins, form.low_resource
    made = Analysis(alpha=form.alpha)
    if margins is not None:
        made = replace(made, margin_points=float(margins.points), margin_log_odds=float(margins.log_odds))
    if low is not None:
        made = replace(made, low_resource_rule=low.rule, low_resource_below=float(low.below))
    return made
