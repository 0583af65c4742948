"""Gains: a route minus ``direct``, paired on checkpoint, target, language and seed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from intermezzo.scores.cell import ENGLISH, Cell, in_order
from intermezzo.scores.interval import Influence, influence, interval
from intermezzo.scores.store import Artifacts, read_scores
from intermezzo.scores.table import level_flags

DIRECT = "direct"


@dataclass(frozen=True)
class Arm:
    """The headline score of one cell, with what is needed to tell its error. items None: not known."""

    value: float | None
    n: int | None
    flags: frozenset[str]
    unit: str
    job: str
    items: Influence | None


@dataclass(frozen=True)
class Paired:
    """One language of a gain: the seeds that both routes have, with their scores and item influences.

    influences: items x seeds, route minus direct; None when not known. replicates: positions of seeds that are not the
    same pair of jobs again (a route without fine-tuning has one job for all seeds).
    """

    language: str
    seeds: tuple[int, ...]
    direct: tuple[float, ...]
    score: tuple[float, ...]
    influences: Influence | None
    replicates: tuple[int, ...]
    n: int | None
    flags: frozenset[str]
    jobs: tuple[str, ...]
    parallel: bool


@dataclass
class _Group:
    first: Cell
    arms: dict[tuple[str, int], Arm] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)


def gains(cells: Iterable[Cell], store: Artifacts, level: float = 0.95) -> list[dict[str, Any]]:
    """One record for each (study, encoder, checkpoint, route, target, language), and the rows ``mean`` (over all
    languages of the target) and ``mean_zero_shot`` (without English and languages trained on).

    Gains are of the headline metric, in its unit (points where that is percent).

    Only seeds that both routes have count; where one is missing the record is flagged ``failed``, and without any the
    numbers are null. A mean over languages is null as soon as one of them has no gain: it is never an average over what
    happened to finish. ``covers`` says what ``ci95`` is over. ``direct`` itself has no record.
    """
    targets: dict[tuple[str, ...], dict[str, list[Cell]]] = {}
    for cell in cells:
        key = (cell.target, cell.study, cell.encoder, cell.checkpoint)
        targets.setdefault(key, {}).setdefault(cell.language, []).append(cell)
    arms = _Arms(store)
    records: list[dict[str, Any]] = []
    for _, languages in sorted(targets.items()):
        routes = sorted({cell.route for group in languages.values() for cell in group} - {DIRECT})
        for route in routes:
            found = {}
            for language, group in sorted(languages.items()):
                found[language] = _pair(group, route, arms)
                records.append(_record(group[0], route, language, [found[language]], level))
            one = next(iter(languages.values()))[0]
            records.append(_record(one, route, "mean", list(found.values()), level))
            unseen = [p for p in found.values() if p.language != ENGLISH and "trained" not in p.flags]
            if unseen:
                records.append(_record(one, route, "mean_zero_shot", unseen, level))
    return records


@dataclass
class _Arms:
    store: Artifacts
    read: dict[tuple[str, str], Arm] = field(default_factory=dict)

    def of(self, cell: Cell) -> Arm:
        key = (cell.score, cell.headline)
        if key not in self.read:
            self.read[key] = self._load(cell)
        return self.read[key]

    def _load(self, cell: Cell) -> Arm:
        scores = read_scores(self.store, cell.score) or {}
        value = scores.get("values", {}).get(cell.headline)
        n = scores.get("n", {}).get(cell.headline)
        unit = scores.get("unit", {}).get(cell.headline, "percent")
        chance = scores.get("chances", {}).get(cell.headline, scores.get("chance"))
        items = scores.get("items") if scores.get("headline") == cell.headline else None
        known = influence(items["num"], items["den"]) if items and value is not None and unit == "percent" else None
        return Arm(value, n, frozenset(level_flags(value, n, chance, unit)), unit, cell.score, known)


def _pair(group: Sequence[Cell], route: str, arms: _Arms) -> Paired:
    by_route: dict[str, dict[int, Cell]] = {DIRECT: {}, route: {}}
    for cell in group:
        if cell.route in by_route:
            by_route[cell.route][cell.seed] = cell
    wanted = sorted({*by_route[DIRECT], *by_route[route]})
    seeds, pairs = [], []
    flags: set[str] = set()
    for seed in wanted:
        both = [by_route[name].get(seed) for name in (DIRECT, route)]
        for arm in both:
            flags |= {"failed"} if arm is None else {*arm.flags, *arms.of(arm).flags}
        loaded = [arms.of(arm) for arm in both if arm is not None]
        if len(loaded) == 2 and all(arm.value is not None for arm in loaded):
            seeds.append(seed)
            pairs.append((loaded[0], loaded[1]))
    jobs = [(d.job, r.job) for d, r in pairs]
    return Paired(
        language=group[0].language,
        seeds=tuple(seeds),
        direct=tuple(float(d.value or 0.0) for d, _ in pairs),
        score=tuple(float(r.value or 0.0) for _, r in pairs),
        influences=_difference(pairs),
        replicates=tuple(i for i, job in enumerate(jobs) if jobs.index(job) == i),
        n=pairs[0][0].n if pairs else None,
        flags=frozenset(flags),
        jobs=tuple(dict.fromkeys(job for pair in jobs for job in pair)),
        parallel=group[0].parallel,
    )


def _difference(pairs: Sequence[tuple[Arm, Arm]]) -> Influence | None:
    columns = [(d.items, r.items) for d, r in pairs]
    if not columns or any(d is None or r is None or len(d) != len(r) for d, r in columns):
        return None
    found = [r - d for d, r in columns if d is not None and r is not None]
    return np.stack(found, axis=1) if len({len(column) for column in found}) == 1 else None


def _record(cell: Cell, route: str, language: str, parts: Sequence[Paired], level: float) -> dict[str, Any]:
    """The record of one language, or of the mean over the languages in ``parts``."""
    common = sorted(set.intersection(*(set(part.seeds) for part in parts)))
    flags = set().union(*(part.flags for part in parts))
    direct, score, gain, ends = None, None, None, None
    covers: tuple[str, ...] = ()
    if common:
        table = {part.language: {seed: i for i, seed in enumerate(part.seeds)} for part in parts}
        direct = _mean([part.direct[table[part.language][seed]] for part in parts for seed in common])
        score = _mean([part.score[table[part.language][seed]] for part in parts for seed in common])
        per_seed = [
            _mean([part.score[table[part.language][s]] - part.direct[table[part.language][s]] for part in parts])
            for s in common
        ]
        gain = _mean(per_seed)
        distinct = _distinct(parts, common)
        blocks, joint = _blocks(parts, [common[i] for i in distinct], table)
        found = interval([per_seed[i] for i in distinct], blocks, level, joint=joint)
        ends, covers = found.ends, found.covers
    else:
        flags.add("failed")
    counts = [part.n for part in parts if part.n is not None]
    return {
        "study": cell.study,
        "encoder": cell.encoder,
        "checkpoint": cell.checkpoint,
        "route": route,
        "target": cell.target,
        "language": language,
        "metric": cell.headline,
        "direct": direct,
        "score": score,
        "gain": gain,
        "ci95": None if ends is None else list(ends),
        "covers": list(covers),
        "seeds": len(common),
        "n": sum(counts) if common else None,
        "flags": in_order(flags),
        "languages": len(parts),
        "missing": [part.language for part in parts if not part.seeds],
        "jobs": list(dict.fromkeys(job for part in parts for job in part.jobs)),
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _distinct(parts: Sequence[Paired], seeds: Sequence[int]) -> list[int]:
    """Positions in ``seeds`` that are runs of their own in at least one language."""
    own = {part.seeds[i] for part in parts for i in part.replicates}
    return [i for i, seed in enumerate(seeds) if seed in own] or [0]


def _blocks(
    parts: Sequence[Paired], seeds: Sequence[int], table: Mapping[str, Mapping[int, int]]
) -> tuple[list[Influence], bool]:
    """Influences as ``interval`` wants them: averaged item by item where the items are the same in every language."""
    blocks = []
    for part in parts:
        if part.influences is None:
            return [], True
        blocks.append(part.influences[:, [table[part.language][seed] for seed in seeds]])
    parallel = all(part.parallel for part in parts)
    if parallel and len({block.shape[0] for block in blocks}) == 1:
        return [np.asarray(np.mean(blocks, axis=0), dtype=np.float64)], True
    return blocks, parallel
