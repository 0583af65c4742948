"""Read one split of one language whole: find its files, check every row, apply the rules of the study."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from intermezzo.errors import InputError, Problem, nearest
from intermezzo.tasks import formats, overlap
from intermezzo.tasks.assemble import GOLD, Assembler
from intermezzo.tasks.examples import Example, examples_digest
from intermezzo.tasks.formats import Faults, Source
from intermezzo.tasks.layouts import Disk, Place, place
from intermezzo.tasks.task import Generated, Layout, Split, SplitRule, Task

# Raised by hand when reading gives other examples for the same files: cached digests are then made anew.
VERSION = 1


def read(task: Task, split: str, language: str, root: Path | None, disk: Disk | None = None) -> Split:
    """The examples of a split, in file order.

    language: canonical code. root: the data root of catalogue tasks (local ones name their files). disk: what is known
    of folders. The first layout whose files exist is read. Raises ``InputError`` with every problem (at most 20).
    """
    disk = disk or Disk()
    rule = task.split_rules.get(split)
    if rule is None:
        return _plain(task, split, language, root, disk)
    return _ruled(task, split, rule, _plain(task, rule.source, language, root, disk), root, disk)


def files(task: Task, split: str, language: str, root: Path | None, disk: Disk | None = None) -> tuple[Path, ...]:
    """The files that ``read`` would open, those of a ``without`` included; none for generated tasks.

    Raises as ``read`` does when they are missing.
    """
    disk = disk or Disk()
    rule = task.split_rules.get(split)
    found = _found(task, rule.source if rule else split, language, root, disk)
    paths = [path for one in found[:1] for path in one.every] if isinstance(found, list) else []
    for other in rule.without if rule else ():
        for name, code in _present(task_of(other), language, root, disk):
            paths.extend(files(task_of(other), name, code, root, disk))
    return tuple(dict.fromkeys(paths))


def task_of(name: str) -> Task:
    """A task of the catalogue."""
    from intermezzo.tasks.registry import get

    return get(name)


# --- finding --------------------------------------------------------------------------------------------------------


def _found(task: Task, split: str, language: str, root: Path | None, disk: Disk) -> list[Place] | Generated:
    """The first source that has the split: a generator, or its files (all layouts that read the same files)."""
    looked: list[Path] = []
    found: list[Place] = []
    for source in task.sources:
        if isinstance(source, Generated):
            if not found and split in task.splits and language in (*task.languages, *task.train_languages):
                return source
            continue
        here, missed = place(task, source, split, language, root, disk)
        looked += missed
        if here is not None and (not found or here.every == found[0].every):
            found.append(here)
    if not found:
        raise InputError(_missing(task, split, language, root, looked))
    return found


def _missing(task: Task, split: str, language: str, root: Path | None, looked: list[Path]) -> Problem:
    what = f"no files of task {task.id!r}, split {split}, language {language}"
    layouts = [source for source in task.sources if isinstance(source, Layout)]
    splits = list(dict.fromkeys([*task.splits, *(name for layout in layouts for name in layout.files)]))
    if split not in splits:
        near = nearest(split, splits)
        return Problem(f"task {task.id!r} has no split {split!r}", allowed=", ".join(splits), near=near)
    if task.local:
        allowed = ", ".join(str(path) for path in looked) or "a file named in the study"
        return Problem(what, field=f"tasks.{task.id}.{split}", allowed=allowed)
    if root is None:
        allowed = "a folder of task files, or INTERMEZZO_DATA"
        return Problem(f"{what}: no data root is given", field="--data-root", allowed=allowed)
    if not looked:
        return Problem(f"{what}: the task declares none for this language", field="--data-root")
    paths = list(dict.fromkeys(str(path) for path in looked))
    shown = ", ".join(paths[:8]) + (f", ... ({len(paths)} places)" if len(paths) > 8 else "")
    return Problem(f"{what} under the data root {root}", field="--data-root", allowed=f"one of {shown}")


def _present(other: Task, language: str, root: Path | None, disk: Disk) -> list[tuple[str, str]]:
    """Every split and language of a task that ``without`` names whose files are there."""
    found = []
    splits = dict.fromkeys(name for source in other.sources if isinstance(source, Layout) for name in source.files)
    codes = dict.fromkeys((*other.train_languages, *other.languages))
    for split in splits:
        for code in codes:
            if any(
                isinstance(source, Layout) and place(other, source, split, code, root, disk)[0] is not None
                for source in other.sources
            ):
                found.append((split, code))
    # Shared items can only be recognised in the same language.
    if not found or (language in codes and language not in {code for _, code in found}):
        what = f"without {other.id}: no file of task {other.id!r} in {language} to compare with"
        raise InputError(Problem(what, field="--data-root", allowed=f"its files under the data root {root}"))
    return found


# --- reading --------------------------------------------------------------------------------------------------------


def _plain(task: Task, split: str, language: str, root: Path | None, disk: Disk) -> Split:
    found = _found(task, split, language, root, disk)
    if isinstance(found, Generated):
        examples = tuple(found.make(split, language))
        return Split(task.id, split, language, examples, examples_digest(examples), len(examples), ())
    errors: list[InputError] = []
    for one in found:
        try:
            return _read_place(task, split, language, one)
        except InputError as error:
            errors.append(error)
    # One file may have any form that the task knows: the form that fits best tells most about what is wrong.
    raise min(errors, key=lambda error: len(error.problems))


def _read_place(task: Task, split: str, language: str, found: Place) -> Split:
    layout, options = found.layout, found.options
    faults = Faults()
    allowed = options.get("unlabelled", ())
    blank = task.kind in GOLD and isinstance(allowed, (tuple, list)) and split in allowed
    repairs = options.get("repairs", ())
    assert isinstance(repairs, (tuple, list))
    make = Assembler(task, faults, layout.columns, frozenset((*task.repairs, *repairs)), blank)
    reader = formats.get(layout.format)
    for path in found.files:
        before = make.rows
        for record in reader(Source(path, layout.columns, options, found.others, blank), faults):
            make.add(record)
        if make.rows == before and not faults.problems:
            faults.add("holds no items", allowed="at least one")
    make.finish()
    faults.check()
    examples = tuple(make.examples)
    return Split(
        task=task.id,
        split=split,
        language=language,
        examples=examples,
        digest=examples_digest(examples),
        rows=make.rows,
        files=found.every,
        repaired=dict(sorted(faults.repaired.items())),
        dropped=dict(sorted(faults.dropped.items())),
    )


# --- rules ----------------------------------------------------------------------------------------------------------


def _ruled(task: Task, split: str, rule: SplitRule, base: Split, root: Path | None, disk: Disk) -> Split:
    examples: list[Example] = list(base.examples)
    dropped = Counter(base.dropped)
    opened = list(base.files)
    if rule.rows is not None:
        first, last = overlap.row_range(rule.rows)
        examples = examples[first:last]
        if not examples:
            what = f"rows {rule.rows} of {rule.source} leave nothing: it has {len(base.examples)} items"
            raise InputError(Problem(what, field=f"tasks.{task.id}.splits.{split}.rows"))
    for name in rule.without:
        other = task_of(name)
        shared: set[str] = set()
        for part, code in _present(other, base.language, root, disk):
            theirs = _plain(other, part, code, root, disk)
            opened.extend(theirs.files)
            shared.update(_keys(theirs.examples))
        kept = [example for example in examples if shared.isdisjoint(overlap.keys(example))]
        dropped[f"without {name}"] += len(examples) - len(kept)
        examples = kept
    return replace(
        base,
        split=split,
        examples=tuple(examples),
        digest=examples_digest(examples),
        files=tuple(dict.fromkeys(opened)),
        dropped=dict(sorted(dropped.items())),
    )


def _keys(examples: Iterable[Example]) -> Iterable[str]:
    for example in examples:
        yield from overlap.keys(example)
