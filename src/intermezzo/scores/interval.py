"""The interval of a mean gain over test examples and fine-tuning seeds.

A gain of seed s is a difference of two scores of the same items, 100 * sum(num) / sum(den) each. By linearisation its
error is the mean over items i of an influence d_is (delta method for a ratio: (num_i - r den_i) / mean(den), route
minus direct). With S seeds and n items the gain is a two-way crossed design, whose mean over both has the variance

    V = V_items + E,  E = max(0, V_seeds - V_both)

    V_items  variance over items of the seed-averaged influence / n
    V_seeds  variance over seeds of the gain / S
    V_both   mean square of what is left of d_is after both means / (n S); counted in either, so taken off once

(random effects in two ways without replicates: Searle, Casella and McCulloch 1992, "Variance Components"). The interval
is of t with Satterthwaite's (1946) degrees of freedom, V^2 / (V_items^2 / (n - 1) + E^2 / (S - 1)). Simulated coverage
of nominal 95 % is 93 to 97 % from 3 seeds on; with 2 seeds that differ by much more than the items let expect, about
90 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Influence = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """A two-sided interval and what it covers: ``examples``, ``seeds``, both, or nothing (then there are no ends)."""

    ends: tuple[float, float] | None
    covers: tuple[str, ...]


def influence(num: Sequence[float], den: Sequence[float]) -> Influence | None:
    """Influence of each item on 100 * sum(num) / sum(den), in points; None when the denominators sum to 0."""
    top, bottom = np.asarray(num, dtype=np.float64), np.asarray(den, dtype=np.float64)
    if bottom.sum() == 0:
        return None
    ratio = top.sum() / bottom.sum()
    return np.asarray(100.0 * (top - ratio * bottom) / bottom.mean(), dtype=np.float64)


def _item_parts(block: Influence) -> tuple[float, float]:
    """V_items and V_both of an items x seeds block."""
    n, seeds = block.shape
    over_items = float(block.mean(axis=1).var(ddof=1)) / n
    if seeds == 1:
        return over_items, 0.0
    left = block - block.mean(axis=1, keepdims=True) - block.mean(axis=0, keepdims=True) + block.mean()
    return over_items, float((left**2).sum()) / ((n - 1) * (seeds - 1)) / (n * seeds)


def interval(
    gains: Sequence[float], blocks: Sequence[Influence], level: float = 0.95, *, joint: bool = True
) -> Interval:
    """Interval of the mean of ``gains`` (one a seed, points).

    blocks: items x seeds influences of each part that the gain is the plain mean of (one for a language, L for a mean
    over L languages); empty when the items are not known. joint: the parts are dependent but cannot be matched item by
    item, so their standard errors are averaged (the largest that any dependence allows); False: independent parts.
    """
    from scipy.stats import t

    known = bool(blocks) and all(block.shape[0] > 1 for block in blocks)
    seeds = len(gains)
    items, both, squares = 0.0, 0.0, 0.0
    if known:
        parts = [_item_parts(block) for block in blocks]
        share = 1.0 / len(parts) ** 2
        both = share * sum(b for _, b in parts)
        if joint:
            items = share * sum(math.sqrt(v) for v, _ in parts) ** 2
            squares = items**2 / min(block.shape[0] - 1 for block in blocks)
        else:
            items = share * sum(v for v, _ in parts)
            squares = sum((share * v) ** 2 / (len(b) - 1) for (v, _), b in zip(parts, blocks, strict=True))
    between = float(np.var(np.asarray(gains), ddof=1)) / seeds if seeds > 1 else 0.0
    covers = tuple(name for name, has in (("examples", known), ("seeds", seeds > 1)) if has)
    if not covers:
        return Interval(None, ())
    excess = max(0.0, between - both)
    variance = items + excess
    if seeds > 1:
        squares += excess**2 / (seeds - 1)
    centre = float(np.mean(np.asarray(gains)))
    half = float(t.ppf(0.5 + level / 2, variance**2 / squares)) * math.sqrt(variance) if variance > 0 else 0.0
    return Interval((centre - half, centre + half), covers)
