"""Names in a study: tasks, languages and files, looked up; what is wrong is gathered with its line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from intermezzo import tasks as catalogue
from intermezzo.errors import InputError, Problem, nearest
from intermezzo.languages import canonical
from intermezzo.study.parse import Parsed
from intermezzo.study.schema import LocalTaskForm, OverrideForm
from intermezzo.study.yaml import Document, Key, dotted
from intermezzo.tasks.layouts import Disk
from intermezzo.tasks.task import Layout, Task

_SHOWN = 20
_ENOUGH = 200  # problems after which nothing more is looked up: only some are ever shown


def listed(names: Iterable[str]) -> str:
    """Names for a message, cut when there are many."""
    ordered = list(names)
    more = f", ... ({len(ordered)} in all)" if len(ordered) > _SHOWN else ""
    return ", ".join(ordered[:_SHOWN]) + more


class Lookup:
    """Looks up the names of one study. ``problems`` and ``warnings`` grow; nothing is raised."""

    def __init__(self, document: Document, parsed: Parsed, base: Path, root: Path | None) -> None:
        self.document = document
        self.base = base
        self.root = root
        self.problems: list[Problem] = list(parsed.problems)
        self.warnings: list[str] = []
        self.used: dict[str, Task] = {}
        self._broken = set(parsed.broken_tasks)
        self._known = tuple(catalogue.names())
        self._declared: dict[str, Task] = {}
        for name, form in parsed.tasks.items():
            task = self._declare(name, form)
            if task is None:
                self._broken.add(name)
            else:
                self._declared[name] = task
        self._names = tuple(dict.fromkeys((*self._known, *self._declared, *sorted(self._broken))))

    def problem(self, path: Key, what: str, allowed: str | None = None, near: str | None = None) -> None:
        """Note a problem at a path of the study."""
        self.problems.append(self.document.problem(path, what, allowed=allowed, near=near))

    @contextmanager
    def at(self, path: Key) -> Iterator[None]:
        """Problems raised inside are noted at this path (or below it, when they name a field there)."""
        try:
            yield
        except InputError as error:
            self.problems.extend(self._placed(path, problem) for problem in error.problems)

    def _placed(self, path: Key, problem: Problem) -> Problem:
        ours = (None, self.document.file, os.path.abspath(self.document.file))
        if problem.file in ours and problem.line is not None:
            return problem
        if problem.file in ours:
            full = (*path, *_below(path, problem.field or ""))
            return self.document.problem(full, problem.what, allowed=problem.allowed, near=problem.near)
        # The fault lies in a file that the study names: say both places.
        what = str(replace(problem, allowed=None, near=None))
        return self.document.problem(path, what, allowed=problem.allowed, near=problem.near)

    def _declare(self, name: str, form: LocalTaskForm | OverrideForm) -> Task | None:
        path: Key = ("tasks", name)
        known = name in self._known
        if isinstance(form, LocalTaskForm):
            if known:
                allowed = "another name; or {splits: ...} to replace its splits"
                self.problem(path, f"{name!r} is a task of the catalogue", allowed)
                return None
            with self.at(path):
                return catalogue.local_task(name, form.given(), self.base)
            return None
        if not known:
            near = nearest(name, self._known)
            self.problem(path, f"no catalogue task {name!r} whose splits could be replaced", near=near)
            return None
        with self.at(path):
            return catalogue.override(catalogue.get(name), form.given(), self.base)
        return None

    def file(self, path: Key, name: str) -> Path | None:
        """A file that the study names, relative to it."""
        found = self.base / Path(name).expanduser()
        try:
            if found.is_file():
                return found
        except OSError:
            pass
        folder = found.parent
        names = [child.name for child in folder.iterdir()] if folder.is_dir() else []
        near = nearest(found.name, names)
        self.problem(path, f"no file {str(found)!r}", "a path relative to the study file", near)
        return None

    def task(self, name: str, path: Key) -> Task | None:
        """A task by id, its override applied; noted as used."""
        if name in self.used:
            return self.used[name]
        if name in self._broken:
            return None  # its own problem is already noted
        if name in self._declared:
            self.used[name] = self._declared[name]
            return self.used[name]
        if not self.known(name, path):
            return None
        with self.at(path):
            self.used[name] = catalogue.get(name)
            return self.used[name]
        return None

    def names(self) -> tuple[str, ...]:
        """Ids of the catalogue and of the study's own tasks, broken ones too."""
        return self._names

    def known(self, name: str, path: Key) -> bool:
        """Whether there is such a task; noted when not."""
        names = self.names()
        if name not in names and len(self.problems) < _ENOUGH:
            near = nearest(name, names)
            self.problem(path, f"unknown task {name!r}", None if near else listed(sorted(names)), near)
        return name in names

    def training_languages(self, task: Task) -> tuple[str, ...]:
        """The languages that a member without ``languages`` trains on: those that the task declares.

        Of a task that would train on many (plain text, pairs of translations), those with files below the data root.
        """
        if len(task.train_languages) < 2 or task.local or self.root is None or not _from_files(task):
            return task.train_languages
        disk = Disk()
        found = tuple(language for language in task.train_languages if self._has_files(task, language, disk))
        if found and len(found) < len(task.train_languages):
            self.warnings.append(f"task {task.id!r} trains on the languages with files here: {listed(found)}")
        return found or task.train_languages

    def _has_files(self, task: Task, language: str, disk: Disk) -> bool:
        try:
            return bool(catalogue.files(task, "train", language, self.root, disk))
        except InputError:
            return False

    def language(self, text: str, path: Key) -> str | None:
        """The canonical code of a language in any usual form."""
        if len(self.problems) < _ENOUGH:
            with self.at(path):
                return canonical(text)
        return None

    def languages(
        self, texts: Iterable[str], path: Key, task: Task, allowed: Iterable[str], what: str
    ) -> tuple[str, ...] | None:
        """Canonical codes, each one of ``allowed``; None when one is not. ``what`` ends the sentence.

        A code that means another language in the task's own files (``zh`` in a treebank) is read as these mean it.
        """
        options = tuple(allowed)
        found: list[str] = []
        complete = True
        for position, text in enumerate(texts):
            here = (*path, position)
            if len(self.problems) >= _ENOUGH:
                return None
            code = _as_the_task_says(text, task, options) or self.language(text, here)
            if code is None:
                complete = False
            elif code not in options:
                complete = False
                self.problem(here, f"{text!r} ({code}) is no language {what}", listed(options) or "none")
            elif code in found:
                complete = False
                self.problem(here, f"{text!r} ({code}) stands twice", "each language once")
            else:
                found.append(code)
        return tuple(found) if complete else None


def _below(path: Key, field: str) -> Key:
    """The part of a field that lies below ``path``, whether it was named from there or from the root of the study."""
    rest = field.removeprefix(dotted(path))
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"[.\[\]]+", rest) if part)


def _from_files(task: Task) -> bool:
    return all(isinstance(source, Layout) for source in task.sources)


def _as_the_task_says(text: str, task: Task, options: tuple[str, ...]) -> str | None:
    """The code as the sources of a task's files mean it, when that is one of the task's languages."""
    if text in options:
        return text
    for source in task.sources:
        if isinstance(source, Layout):
            try:
                code = canonical(text, source.codes)
            except InputError:
                return None
            if code in options:
                return code
    return None
