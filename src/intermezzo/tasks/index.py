"""What is known of splits that were read before: digest, sizes, counts, kept in one JSON file.

An entry holds as long as every file that was read has the same path, size and time of change, and the task is still
read in the same way. A cache that is broken or cannot be written is left aside: it only saves time.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from intermezzo.digests import digest
from intermezzo.tasks.examples import characters
from intermezzo.tasks.layouts import Disk
from intermezzo.tasks.read import VERSION, task_of
from intermezzo.tasks.read import files as files_of
from intermezzo.tasks.read import read as read_split
from intermezzo.tasks.task import Generated, Layout, Task

FORM = 1
MOST_ENTRIES = 20_000


@dataclass(frozen=True)
class Described:
    """Facts of a split without its examples; fields as those of ``Split``. characters: code points of all texts."""

    digest: str
    rows: int
    examples: int
    characters: int
    files: tuple[Path, ...]
    repaired: Mapping[str, int] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)


class Index:
    """Describes splits, reading only what the cache does not know. Folders are looked into once: make one a plan.

    cache: the JSON file; None keeps nothing between processes.
    """

    def __init__(self, cache: Path | None = None) -> None:
        self.cache = cache
        self._entries: dict[str, Any] = _load(cache)
        self._fresh: dict[str, Any] = {}
        self._memory: dict[tuple[str, str, str, str], Described] = {}
        self._declared: dict[int, tuple[Task, str]] = {}
        self._disk = Disk()

    def describe(self, task: Task, split: str, language: str, root: Path | None) -> Described:
        """Facts of a split. Raises ``InputError`` as ``read`` does."""
        base = "" if root is None else os.path.abspath(root)
        place = (self._declaration(task), split, language, base)
        if place in self._memory:
            return self._memory[place]
        key = digest(list(place))
        files = files_of(task, split, language, root, self._disk)
        stamp = _stamp(files)
        found = _described(self._entries.get(key), files, stamp) if files else None
        if found is None:
            found = _read(task, split, language, root, self._disk)
            if files:
                # The stamp was taken before reading: a change meanwhile makes the entry stale, never wrong.
                plain = {**asdict(found), "files": stamp, "order": [str(path) for path in found.files]}
                self._entries[key] = self._fresh[key] = plain
        self._memory[place] = found
        return found

    def save(self) -> None:
        """Write what was learnt; replaces the file as a whole. A folder that cannot be written is no error."""
        if self.cache is None or not self._fresh:
            return
        entries = {**_load(self.cache), **self._fresh}
        kept = dict(list(entries.items())[-MOST_ENTRIES:])
        try:
            self.cache.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=self.cache.name, dir=self.cache.parent)
        except OSError:
            return
        try:
            with open(handle, "w", encoding="utf-8", errors="surrogateescape") as out:
                json.dump({"form": FORM, "entries": kept}, out, ensure_ascii=False, separators=(",", ":"))
            os.replace(name, self.cache)
            self._fresh = {}
        except OSError:
            Path(name).unlink(missing_ok=True)

    def _declaration(self, task: Task) -> str:
        known = self._declared.get(id(task))
        if known is None or known[0] is not task:
            known = (task, digest(declaration(task)))
            self._declared[id(task)] = known
        return known[1]


def declaration(task: Task) -> dict[str, Any]:
    """Everything of a task that decides which examples are read, as JSON values."""
    others = sorted({name for rule in task.split_rules.values() for name in rule.without})
    return {
        "version": VERSION,
        "id": task.id,
        "kind": task.kind,
        "labels": task.labels,
        "aliases": dict(task.aliases),
        "repairs": task.repairs,
        "options": _plain(task.options),
        "folder": task.folder or task.id,
        "local": task.local,
        "languages": task.languages,
        "train_languages": task.train_languages,
        "sources": [_source(source) for source in task.sources],
        "split_rules": {split: asdict(rule) for split, rule in task.split_rules.items()},
        "without": [declaration(task_of(name)) for name in others],
    }


def _source(source: Layout | Generated) -> dict[str, Any]:
    if isinstance(source, Generated):
        return {"make": f"{source.make.__module__}.{source.make.__qualname__}"}
    return {name: _plain(value) for name, value in asdict(source).items()}


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else repr(value)


def _load(cache: Path | None) -> dict[str, Any]:
    if cache is None:
        return {}
    try:
        content = json.loads(cache.read_text(encoding="utf-8", errors="surrogateescape"))
        entries = content["entries"] if content["form"] == FORM else {}
        return entries if isinstance(entries, dict) else {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def _stamp(files: tuple[Path, ...]) -> list[list[Any]]:
    found = []
    for path in files:
        state = os.stat(path)
        found.append([str(path), state.st_size, state.st_mtime_ns])
    return found


def _described(entry: Any, files: tuple[Path, ...], stamp: list[list[Any]]) -> Described | None:
    try:
        if entry["files"] != stamp:
            return None
        return Described(
            digest=str(entry["digest"]),
            rows=int(entry["rows"]),
            examples=int(entry["examples"]),
            characters=int(entry["characters"]),
            files=tuple(Path(path) for path in entry["order"]),
            repaired={str(name): int(count) for name, count in entry["repaired"].items()},
            dropped={str(name): int(count) for name, count in entry["dropped"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _read(task: Task, split: str, language: str, root: Path | None, disk: Disk) -> Described:
    found = read_split(task, split, language, root, disk)
    return Described(
        digest=found.digest,
        rows=found.rows,
        examples=len(found.examples),
        characters=sum(characters(example) for example in found.examples),
        files=found.files,
        repaired=found.repaired,
        dropped=found.dropped,
    )
