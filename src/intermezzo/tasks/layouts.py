"""Where the files of a split lie: patterns of a layout resolved on a disk."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from intermezzo.errors import InputError
from intermezzo.languages import source_code
from intermezzo.tasks.task import Layout, Task


@dataclass
class Disk:
    """Names in folders, each folder looked into once."""

    _names: dict[str, list[str]] = field(default_factory=dict)

    def names(self, folder: str) -> list[str]:
        """The sorted names in a folder; none when there is no such folder."""
        if folder not in self._names:
            try:
                self._names[folder] = sorted(os.listdir(folder))
            except OSError:
                self._names[folder] = []
        return self._names[folder]

    def matches(self, base: Path, pattern: str) -> list[Path]:
        """Files below ``base`` that a pattern matches, in sorted order; ``*`` stays inside one name."""
        found = [str(base)]
        for part in pattern.split("/"):
            if "*" not in part:
                found = [os.path.join(folder, part) for folder in found]
            else:
                found = [os.path.join(f, n) for f in found for n in fnmatch.filter(self.names(f), part) if n[0] != "."]
        return [Path(os.path.normpath(path)) for path in found if os.path.isfile(path)]


@dataclass(frozen=True)
class Place:
    """One layout on the disk: main files in order, side files by name, options with the language filled in."""

    layout: Layout
    files: tuple[Path, ...]
    others: Mapping[str, Path]
    options: Mapping[str, Any]

    @property
    def every(self) -> tuple[Path, ...]:
        """All files that reading opens."""
        return (*self.files, *self.others.values())


def _filled(value: Any, code: str) -> Any:
    if isinstance(value, str):
        return value.replace("{lang}", code)
    if isinstance(value, Mapping):
        return {key: _filled(one, code) for key, one in value.items()}
    return value


def _code(task: Task, layout: Layout, split: str, language: str) -> str | None:
    """The code that the layout's files give the language; None when the layout does not serve it."""
    files = layout.files.get(split)
    if files is None:
        return None
    try:
        code = source_code(language, layout.codes)
    except InputError:
        return None
    if isinstance(files, Mapping):
        return code if language in files else None
    if "{lang}" in files or "{lang}" in str(layout.options.get("where", "")):
        return code
    served = layout.options.get("languages") or task.train_languages
    return code if isinstance(served, tuple) and language in served else None


def folder(task: Task, root: Path | None) -> Path | None:
    """The folder of a task's files; None when there is no data root."""
    return None if root is None else Path(root) / (task.folder or task.id)


def place(
    task: Task, layout: Layout, split: str, language: str, root: Path | None, disk: Disk
) -> tuple[Place | None, list[Path]]:
    """The layout on the disk if all its files are there, and the paths looked for."""
    code = _code(task, layout, split, language)
    if code is None:
        return None, []
    files = layout.files[split]
    options = {key: _filled(value, code) for key, value in layout.options.items()}
    if isinstance(files, Mapping):
        path = Path(folder(task, root) or "", files[language])
        found = Place(layout, (path,), {}, options)
        return (found if path.is_file() else None), [path]
    base = folder(task, root)
    looked: list[Path] = []
    if base is None:
        return None, looked
    sides: dict[str, list[str]] = {name: str(options[name]).split("|") for name in ("pair", "gold") if name in options}
    for number, pattern in enumerate(_filled(files, code).split("|")):
        others = {name: base / patterns[min(number, len(patterns) - 1)] for name, patterns in sides.items()}
        main = disk.matches(base, pattern)
        if main and all(path.is_file() for path in others.values()):
            return Place(layout, tuple(main), others, options), looked
        looked.extend((Path(os.path.normpath(base / pattern)), *(others.values() if main else ())))
    return None, looked
