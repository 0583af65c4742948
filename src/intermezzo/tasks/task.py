"""What a task declares: kind, roles, labels, languages, splits, sources, metrics, licence.

A task is data. Adding one is one file in ``tasks/catalog`` that assigns ``TASK = Task(...)``, or an entry in a
study file (``study``), or an object that a package registers under the entry point ``intermezzo.tasks``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from intermezzo.tasks.examples import Example

KINDS = ("pair", "choice", "span", "tags", "text", "retrieval", "bitext", "mlm")
SPLITS = ("train", "dev", "test")


@dataclass(frozen=True)
class Layout:
    """One way in which a task's files lie on disk.

    files: split -> path pattern relative to the task's folder; ``{lang}`` is replaced by the code that ``codes``
        (a source of ``languages.csv``) gives the language; ``*`` matches as in a shell, matches are read in sorted
        order; ``|`` stands between alternatives, the first that exists counts. ``{language code: path}`` instead of a
        pattern names files one by one (local tasks). A pattern without ``{lang}`` serves the languages of training
        only, or those of ``options["languages"]``.
    format: a file of ``tasks/formats``: tsv csv jsonl parquet squad conllu conll lines parallel.
    columns: role (text pair label tokens tags question context answers choices id) -> column name or 0-based index.
    options: further settings of the format (``quoting``, ``header``, ``pair`` pattern of the other side, ...) and of
        reading: ``optional`` roles that the file may lack, ``unlabelled`` splits whose gold may be absent, ``repairs``
        of this layout alone, ``where`` (column -> value) which rows count.
    """

    files: Mapping[str, str | Mapping[str, str]]
    format: str
    columns: Mapping[str, str | int | tuple[str | int, ...]] = field(default_factory=dict)
    codes: str = "any"
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Generated:
    """Examples made by a function instead of read from files: ``make(split, language) -> examples``.

    ``make`` is a module-level function (jobs travel between processes) and a pure function of its arguments.
    """

    make: Callable[[str, str], tuple[Example, ...]]


@dataclass(frozen=True)
class SplitRule:
    """How a study replaces one split of a task: take it from another split, some rows of it, without shared items."""

    source: str
    rows: str | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """One task. ``languages`` and ``train_languages`` are canonical codes; the first metric is the headline.

    labels: in the order of their ids; of a choice task the answer labels. aliases: other spelling -> label.
    repairs: faults that are mended and counted instead of refused (``answer_start``).
    contaminates: ``"SPLIT TASK"`` or ``"SPLIT TASK SCORED_SPLIT"``: this task's split holds items of that task.
    official_rows: examples (what the declaration drops left out) by ``"SPLIT"`` or ``"SPLIT LANGUAGE"``.
    options: ``impossible`` (span: questions may have no answer), ``drop_labels`` (labels whose items are dropped).
    """

    id: str
    kind: str
    roles: tuple[str, ...]
    languages: tuple[str, ...]
    metrics: tuple[str, ...]
    sources: tuple[Layout | Generated, ...]
    splits: tuple[str, ...] = SPLITS
    labels: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    train_languages: tuple[str, ...] = ("eng-Latn",)
    train_on: str | None = None
    folder: str | None = None
    parallel: bool = False
    chance: float | None = None
    repairs: tuple[str, ...] = ()
    contaminates: tuple[str, ...] = ()
    official_rows: Mapping[str, int] = field(default_factory=dict)
    split_rules: Mapping[str, SplitRule] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)
    local: bool = False
    licence: str | None = None
    non_commercial: bool = False
    citation: str | None = None

    @property
    def headline(self) -> str:
        """The metric that stands for the task in a table of gains."""
        return self.metrics[0]


@dataclass(frozen=True)
class Split:
    """A split of one language, read whole.

    digest: SHA-256 of the examples as parsed (not of the file's bytes).
    rows: units in the files before repairs and rules; files: what was read, in order.
    repaired: fault that the task declares as repairable -> how often it was met.
    dropped: reason -> items left out by a rule of the study or of the task (``without xquad``, ``label -``, ...).
    """

    task: str
    split: str
    language: str
    examples: tuple[Example, ...]
    digest: str
    rows: int
    files: tuple[Path, ...]
    repaired: Mapping[str, int] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
