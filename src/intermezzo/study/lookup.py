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
from intermezzo.study.yaml import Document, Key
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

    def __init__(self, document: Document, parsed: Parsed, base: Path) -> None:
        self.document = document
        self.base = base
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
        inner = self._inner(path, problem.field)
        here = self.document.problem(inner, problem.what, allowed=problem.allowed, near=problem.near)
        if problem.file not in ours:
            # The fault lies in a file that the study names: say both places.
            what = str(replace(problem, allowed=None, near=None, field=problem.field if inner == path else None))
            return replace(here, what=what)
        return here if inner != path or not problem.field else replace(here, field=f"{here.field}.{problem.field}")

    def _inner(self, path: Key, field: str | None) -> Key:
        """The path of a field that was named relative to ``path`` (or from the root), as far as the file has it."""
        parts = [int(p) if p.isdigit() else p for p in re.split(r"[.\[\]]+", field or "") if p]
        if tuple(parts[: len(path)]) == path:
            parts = parts[len(path) :]
        inner = path
        for part in parts:
            if (*inner, part) not in self.document.places:
                break
            inner = (*inner, part)
        return inner

    def _declare(self, name: str, form: LocalTaskForm | OverrideForm) -> Task | None:
        path: Key = ("tasks", name)
        known = name in self._known
        if isinstance(form, LocalTaskForm):
            if known:
                allowed = "another name; or {splits: ...} to replace its splits"
                self.problem(path, f"{name!r} is a task of the catalogue", allowed)
                return None
            if not self._files(path, form):
                return None
            with self.at(path):
                return catalogue.local_task(name, form.given(), self.base)
            return None
        if not known:
            near = nearest(name, self._known)
            self.problem(path, f"no catalogue task {name!r} whose splits could be replaced", near=near)
            return None
        complete = True
        for split, rule in form.splits.items():
            for position, other in enumerate(rule.without):
                if other not in self._known:
                    complete = False
                    where = (*path, "splits", split, "without", position)
                    self.problem(where, f"unknown task {other!r}", near=nearest(other, self._known))
        if complete:
            with self.at(path):
                return catalogue.override(catalogue.get(name), form.given(), self.base)
        return None

    def _files(self, path: Key, form: LocalTaskForm) -> bool:
        """Whether every file of a local task is there; notes those that are not."""
        complete = True
        for split in ("train", "dev", "test"):
            for language, file in (getattr(form, split) or {}).items():
                complete = self.file((*path, split, language), file) is not None and complete
        return complete

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
        return tuple(dict.fromkeys((*self._known, *self._declared, *self._broken)))

    def known(self, name: str, path: Key) -> bool:
        """Whether there is such a task; noted when not."""
        names = self.names()
        if name not in names and len(self.problems) < _ENOUGH:
            near = nearest(name, names)
            self.problem(path, f"unknown task {name!r}", None if near else listed(sorted(names)), near)
        return name in names

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
