"""What the report of a study says, gathered from its cells and its store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from intermezzo.reports.answer import answer, coverage, verdict
from intermezzo.reports.jobs import JobEntry, walk
from intermezzo.reports.limits import limits
from intermezzo.scores import Artifacts, Cell, gains, rows

LEGEND = {
    "seen": "the encoder saw this task, or data of it, in pretraining",
    "trained": "the language was trained on, so this is no zero-shot score",
    "shared_training": "the route's intermediate task and the target's training share data",
    "floor": "less than two standard errors above chance: too near to a guess to tell routes apart",
    "ceiling": "too near to 100 % to tell routes apart",
    "capped": "training or test examples, or steps, were cut by a limit of the study",
    "failed": "a score is missing: a job failed or has not run, or the test labels are withheld",
}
MEANS = {"mean": "mean", "mean_zero_shot": "mean, zero-shot"}


@dataclass(frozen=True)
class GainRow:
    """One record of ``scores.gains`` as the report shows it."""

    checkpoint: str
    route: str
    target: str
    language: str
    metric: str
    direct: float | None
    score: float | None
    gain: float | None
    ci95: tuple[float, float] | None
    covers: tuple[str, ...]
    seeds: int
    n: int | None
    flags: tuple[str, ...]
    languages: int
    jobs: tuple[str, ...]

    @property
    def is_mean(self) -> bool:
        """Whether it is a mean over languages."""
        return self.language in MEANS

    @property
    def language_words(self) -> str:
        """The language, or what the mean is over."""
        return MEANS.get(self.language, self.language)


@dataclass(frozen=True)
class MatrixRow:
    """One checkpoint and route: the mean gain on each target (None: not asked for)."""

    checkpoint: str
    route: str
    cells: tuple[GainRow | None, ...]


@dataclass(frozen=True)
class Part:
    """All gains on one target."""

    target: str
    metric: str
    rows: tuple[GainRow, ...]


@dataclass(frozen=True)
class ReportData:
    """Everything on the page. Sentences are ready to print; names are as the study wrote them (not escaped)."""

    study: str
    answer: str
    coverage: str
    verdict: str
    targets: tuple[str, ...]
    matrix: tuple[MatrixRow, ...]
    legend: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    scores: tuple[Mapping[str, Any], ...]
    limits: tuple[str, ...]
    jobs: tuple[JobEntry, ...]
    digits: int

    def short(self, id: str) -> str:
        """The first digits of an identity, enough to tell all jobs of the report apart."""
        return id[: self.digits]

    @property
    def several(self) -> bool:
        """Whether there is more than one checkpoint to tell apart."""
        return len({row.checkpoint for row in self.matrix}) > 1

    def anchor(self, target: str) -> str:
        """Name of a target's table within the page; free of anything a task may be called."""
        return f"target-{self.targets.index(target) + 1}"


def study_report(study_name: str, cells: Iterable[Cell], store: Artifacts) -> ReportData:
    """Gather the report of one study: gains, scores, limits and every job behind them.

    Reads ``scores.json`` and ``manifest.json`` of the score jobs and, along their inputs, the manifests of the
    prediction, training and tokenization jobs. Raises ``StoreError`` when one cannot be read.
    """
    wanted = list(cells)
    found = [_gain(record) for record in gains(wanted, store)]
    table = rows(wanted, store)
    names = {c.score: f"score {c.route} > {c.target} {c.language} on {c.checkpoint} seed {c.seed}" for c in wanted}
    jobs = walk(names, store)
    targets = tuple(dict.fromkeys(cell.target for cell in wanted))
    marks = {flag for row in found for flag in row.flags} | {flag for row in table for flag in row["flags"]}
    means = [row for row in found if row.language == "mean"]
    return ReportData(
        study=study_name,
        answer=answer(means),
        coverage=coverage(found),
        verdict=verdict([cell.parameters for cell in wanted]),
        targets=targets,
        matrix=_matrix(wanted, means, targets),
        legend=tuple((flag, words) for flag, words in LEGEND.items() if flag in marks),
        parts=_parts(found, targets, tuple(dict.fromkeys((cell.checkpoint, cell.route) for cell in wanted))),
        scores=tuple(table),
        limits=tuple(limits(wanted, table, found, jobs, store)),
        jobs=tuple(jobs),
        digits=_digits([one.id for one in jobs]),
    )


def _gain(record: Mapping[str, Any]) -> GainRow:
    values = {f.name: record[f.name] for f in fields(GainRow)}
    lists = {name: tuple(values[name]) for name in ("covers", "flags", "jobs")}
    return GainRow(**values | lists | {"ci95": None if record["ci95"] is None else tuple(record["ci95"])})


def _matrix(cells: Sequence[Cell], means: Sequence[GainRow], targets: Sequence[str]) -> tuple[MatrixRow, ...]:
    by_place = {(row.checkpoint, row.route, row.target): row for row in means}
    pairs = dict.fromkeys((cell.checkpoint, cell.route) for cell in cells if cell.route != "direct")
    return tuple(
        MatrixRow(checkpoint, route, tuple(by_place.get((checkpoint, route, target)) for target in targets))
        for checkpoint, route in pairs
    )


def _parts(found: Sequence[GainRow], targets: Sequence[str], order: Sequence[tuple[str, str]]) -> tuple[Part, ...]:
    """By target; within one, checkpoints and routes in the order of the study."""
    parts = []
    for target in targets:
        own = [row for row in found if row.target == target]
        own.sort(key=lambda row: order.index((row.checkpoint, row.route)))
        if own:
            parts.append(Part(target, own[0].metric, tuple(own)))
    return tuple(parts)


def _digits(ids: Sequence[str]) -> int:
    """At least 8 digits, more where two identities begin alike."""
    digits = 8
    while digits < 64 and len({id[:digits] for id in ids}) < len(set(ids)):
        digits += 1
    return digits
