"""Tasks of a study: from an entry of its ``tasks:`` section to a ``Task``."""

from __future__ import annotations

import mmap
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from intermezzo import metrics
from intermezzo.errors import InputError, Problem, nearest
from intermezzo.languages import canonical
from intermezzo.tasks import formats, registry
from intermezzo.tasks.assemble import ROLES
from intermezzo.tasks.overlap import row_range
from intermezzo.tasks.task import KINDS, SPLITS, Layout, SplitRule, Task

_ANY_KIND = ("tsv", "csv", "jsonl", "parquet")
FORMATS_OF_KIND = {
    **{kind: _ANY_KIND for kind in ("text", "pair", "choice", "retrieval", "bitext")},
    "tags": (*_ANY_KIND, "conll", "conllu"),
    "span": (*_ANY_KIND, "squad"),
    "mlm": (*_ANY_KIND, "lines"),
}
LABELLED = ("text", "pair", "tags")
_IMPOSSIBLE = re.compile(rb'"is_impossible"\s*:\s*true')
_CHUNK = re.compile(r"[BIES]-.+")


def local_task(name: str, declaration: Mapping[str, Any], base: Path) -> Task:
    """The task that a study declares from files of its own.

    declaration: ``kind role labels train dev test format columns metric licence quoting header``; ``train``, ``dev``
        and ``test`` are {language: file}, files relative to ``base``. Columns default to the names of their roles.
    Raises ``InputError`` with every problem; fields are named from the root of the study (``tasks.my-topic.labels``).
    """
    problems: list[Problem] = []
    where = f"tasks.{name}"
    kind, format = str(declaration.get("kind", "")), str(declaration.get("format", ""))
    if kind not in KINDS:
        near = nearest(kind, KINDS)
        raise InputError(Problem(f"unknown kind {kind!r}", field=f"{where}.kind", allowed=", ".join(KINDS), near=near))
    if format not in FORMATS_OF_KIND[kind]:
        allowed, near = FORMATS_OF_KIND[kind], nearest(format, formats.names())
        what = f"a task of kind {kind} is not read from format {format!r}"
        raise InputError(Problem(what, field=f"{where}.format", allowed=", ".join(allowed), near=near))
    labels = _labels(kind, declaration, where, problems)
    each = {split: _files(declaration.get(split), f"{where}.{split}", base, problems) for split in SPLITS}
    files = {split: found for split, found in each.items() if found}
    if not any(declaration.get(split) for split in SPLITS):
        problems.append(Problem("has no files", field=where, allowed="train, dev or test: {language: file}"))
    options, columns = _columns(kind, format, declaration, where, problems)
    scored = _metrics(kind, labels, declaration.get("metric"), where, problems)
    if problems:
        raise InputError(problems)
    task_options: dict[str, object] = {}
    if format == "squad" and any(_holds_impossible(Path(path)) for found in files.values() for path in found.values()):
        task_options["impossible"] = True
    evaluated = next(tuple(files[split]) for split in ("test", "dev", "train") if split in files)
    return Task(
        id=name,
        kind=kind,
        roles=_roles(declaration.get("role"), files),
        languages=evaluated,
        metrics=scored,
        sources=(Layout(files=files, format=format, columns=columns, options=options),),
        splits=tuple(files),
        labels=labels,
        train_languages=tuple(files.get("train", ())),
        options=task_options,
        local=True,
        licence=declaration.get("licence"),
    )


def _labels(kind: str, declaration: Mapping[str, Any], where: str, problems: list[Problem]) -> tuple[str, ...]:
    labels = tuple(str(label) for label in declaration.get("labels") or ())
    field = f"{where}.labels"
    if not labels and kind in LABELLED:
        problems.append(Problem(f"a task of kind {kind} declares its labels", field=field, allowed="a list of labels"))
    if labels and kind not in (*LABELLED, "choice"):
        problems.append(Problem(f"a task of kind {kind} has no labels", field=field, allowed="leave it out"))
    if len(set(labels)) < len(labels):
        problems.append(Problem("a label stands twice", field=field, allowed="distinct labels"))
    return labels


def _files(given: Any, field: str, base: Path, problems: list[Problem]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text, name in (given or {}).items():
        here = f"{field}.{text}"
        try:
            language = canonical(str(text))
        except InputError as error:
            problems.extend(replace(problem, field=here) for problem in error.problems)
            continue
        if language in found:
            problems.append(Problem(f"{text!r} ({language}) stands twice", field=here, allowed="each language once"))
            continue
        path = Path(os.path.abspath(base / Path(str(name)).expanduser()))
        if not path.is_file():
            near = nearest(path.name, [child.name for child in path.parent.iterdir()]) if path.parent.is_dir() else None
            allowed = "a path relative to the study file"
            problems.append(Problem(f"no file {str(path)!r}", field=here, allowed=allowed, near=near))
            continue
        found[language] = str(path)
    return found


def _columns(
    kind: str, format: str, declaration: Mapping[str, Any], where: str, problems: list[Problem]
) -> tuple[dict[str, object], dict[str, str | int | tuple[str | int, ...]]]:
    """Options and columns of the layout. Roles that are not named stand under their own name."""
    options = {key: declaration[key] for key in ("quoting", "header") if declaration.get(key) is not None}
    given = {role: tuple(c) if isinstance(c, list) else c for role, c in (declaration.get("columns") or {}).items()}
    needed, optional = ROLES[kind]
    for role in given:
        if role not in (*needed, *optional):
            allowed = ", ".join((*needed, *optional))
            near = nearest(role, (*needed, *optional))
            what = f"a task of kind {kind} has no {role!r}"
            problems.append(Problem(what, field=f"{where}.columns.{role}", allowed=allowed, near=near))
    if format in ("squad", "lines", "conll"):
        if given:
            what = f"format {format} has no columns to name"
            problems.append(Problem(what, field=f"{where}.columns", allowed="leave it out"))
        return options, {}
    if format == "conllu":
        return options, {role: column for role, column in given.items() if role in needed}
    unnamed = [role for role in needed if role not in given]
    numbered = any(isinstance(column, int) for column in given.values()) and not any(
        isinstance(column, str) for column in given.values()
    )
    headless = options.get("header") is False or (numbered and "header" not in options)
    if unnamed and format in ("tsv", "csv") and headless:
        what = f"a file without a header needs the number of {', '.join(unnamed)}"
        problems.append(Problem(what, field=f"{where}.columns", allowed="column numbers, from 0"))
    defaults: tuple[str, ...] = () if headless else optional
    options["optional"] = tuple(role for role in defaults if role not in given)
    return options, {**{role: role for role in (*needed, *defaults)}, **given}


def _metrics(kind: str, labels: tuple[str, ...], given: Any, where: str, problems: list[Problem]) -> tuple[str, ...]:
    """The metrics of a kind, the headline first: as given, else the kind's first; F1 for tags that are chunks."""
    known = metrics.names(kind)
    chunks = kind == "tags" and bool(labels) and all(label == "O" or _CHUNK.fullmatch(label) for label in labels)
    headline = str(given) if given is not None else "f1" if chunks else known[0]
    if headline not in known:
        near = nearest(headline, known)
        what = f"kind {kind} has no metric {headline!r}"
        problems.append(Problem(what, field=f"{where}.metric", allowed=", ".join(known), near=near))
        return known
    usual = {"tags": ("f1", "precision", "recall", "token_accuracy"), "span": ("f1", "exact_match")}.get(kind, known)
    return (headline, *(name for name in usual if name != headline))


def _roles(given: Any, files: Mapping[str, Any]) -> tuple[str, ...]:
    if given is not None:
        return (given,) if isinstance(given, str) else tuple(given)
    roles = (("intermediate", "train" in files), ("target", "test" in files or "dev" in files))
    return tuple(role for role, there in roles if there)


def _holds_impossible(path: Path) -> bool:
    try:
        with open(path, "rb") as handle, mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return _IMPOSSIBLE.search(content) is not None
    except (OSError, ValueError):  # an empty file cannot be mapped; reading it will say so
        return False


def override(task: Task, declaration: Mapping[str, Any], base: Path) -> Task:
    """A catalogue task whose splits a study replaces.

    declaration: ``{splits: {train: {from: dev, rows: "0:4000", without: [xquad]}}}``. base: the study's folder, unused,
    so that the call is that of ``local_task``. Raises ``InputError`` with every problem.
    """
    problems: list[Problem] = []
    rules: dict[str, SplitRule] = dict(task.split_rules)
    there = _splits(task)
    for split, given in (declaration.get("splits") or {}).items():
        field = f"tasks.{task.id}.splits.{split}"
        source, rows = given.get("from", given.get("source")), given.get("rows")
        without = tuple(given.get("without") or ())
        if split not in SPLITS:
            near = nearest(split, SPLITS)
            problems.append(Problem(f"unknown split {split!r}", field=field, allowed=", ".join(SPLITS), near=near))
        if source not in there:
            what = f"task {task.id!r} has no split {source!r}"
            near = nearest(str(source), there)
            problems.append(Problem(what, field=f"{field}.from", allowed=", ".join(there), near=near))
        if rows is not None and not _is_range(str(rows)):
            what = f"{rows!r} is no range of rows"
            problems.append(Problem(what, field=f"{field}.rows", allowed='"0:4000" or "4000:"'))
        for position, other in enumerate(without):
            here = f"{field}.without[{position}]"
            if other == task.id:
                problems.append(Problem("a task cannot be without itself", field=here, allowed="another task"))
            elif other not in registry.names():
                known = registry.names()
                near = nearest(other, known)
                problems.append(Problem(f"unknown task {other!r}", field=here, allowed=", ".join(known), near=near))
        rules[split] = SplitRule(str(source), None if rows is None else str(rows), without)
    if problems:
        raise InputError(problems)
    splits = tuple(split for split in SPLITS if split in task.splits or split in rules)
    return replace(task, split_rules=rules, splits=splits)


def _splits(task: Task) -> tuple[str, ...]:
    files: Iterable[str] = (name for source in task.sources if isinstance(source, Layout) for name in source.files)
    return tuple(dict.fromkeys((*task.splits, *files)))


def _is_range(rows: str) -> bool:
    if not re.fullmatch(r"[0-9]{0,15}:[0-9]{0,15}", rows) or rows == ":":
        return False
    first, last = row_range(rows)
    return last is None or first < last
