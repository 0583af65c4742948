"""Which item stands in which batch: a pure function of (seed, member, step), so that resuming needs no state.

Randomness is counter-based everywhere in training: every draw comes from a generator seeded with the run's seed and
the place of the draw, never from a generator whose state has to be kept. A run that is cut and resumed therefore
draws exactly what an undisturbed run draws.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

# Purposes of draws: one number each, so that no two streams are the same.
ORDER, MEMBER, DROPOUT, MASK, HEAD = range(5)


def generator(seed: int, purpose: int, *place: int) -> np.random.Generator:
    """The generator of one draw. PCG64 is the same on every machine (NumPy's stream compatibility policy)."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, purpose, *place])))


def torch_seed(seed: int, purpose: int, *place: int) -> int:
    """A 63-bit seed for a torch generator at one place of the run."""
    return int(generator(seed, purpose, *place).integers(0, 2**63 - 1))


@lru_cache(maxsize=8)
def epoch_order(seed: int, member: int, epoch: int, items: int) -> NDArray[np.int64]:
    """A permutation of ``range(items)`` for one epoch of one member."""
    return generator(seed, ORDER, member, epoch).permutation(items).astype(np.int64)


def batches_per_epoch(items: int, batch: int) -> int:
    """Batches that hold every item once; the last may be smaller, none is dropped or filled up."""
    return math.ceil(items / batch)


def batch_items(seed: int, member: int, index: int, items: int, batch: int) -> NDArray[np.int64]:
    """Items of the ``index``-th batch that a member gives; every item stands in exactly one batch of an epoch."""
    each = batches_per_epoch(items, batch)
    epoch, place = divmod(index, each)
    return epoch_order(seed, member, epoch, items)[place * batch : (place + 1) * batch]


def probabilities(
    sizes: Sequence[int], shares: Sequence[float | None], temperature: float, cap: int | None
) -> NDArray[np.float64]:
    """How often each member of a mixture is drawn.

    p is proportional to min(n, cap)^(1/temperature) (examples-proportional mixing with a limit and temperature:
    Raffel et al. 2020, section 3.5.2); members with a fixed share keep it, the others divide what is left.
    """
    fixed = np.array([share or 0.0 for share in shares], dtype=np.float64)
    weights = np.array(
        [0.0 if share else float(min(n, cap or n)) ** (1.0 / temperature) for n, share in zip(sizes, shares, strict=True)]
    )
    if weights.sum() == 0.0:
        return fixed / fixed.sum()
    return fixed + (1.0 - fixed.sum()) * weights / weights.sum()


def member_of_steps(seed: int, steps: int, p: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each step its member and how many batches that member gave before."""
    if len(p) == 1:
        return np.zeros(steps, dtype=np.int64), np.arange(steps, dtype=np.int64)
    draws = generator(seed, MEMBER).random(steps)
    member = np.minimum(np.searchsorted(np.cumsum(p), draws, side="right"), len(p) - 1)
    index = np.zeros(steps, dtype=np.int64)
    for m in range(len(p)):
        mine = member == m
        index[mine] = np.arange(int(mine.sum()))
    return member.astype(np.int64), index
