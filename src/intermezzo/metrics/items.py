"""A score as a ratio of sums over items, so that its sampling error can be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Items:
    """Numerator and denominator of each item, in the order of the items; an item that is not scored has 0 and 0.

    n: what the score counts (examples, questions, tokens, gold chunks).
    """

    num: Sequence[float]
    den: Sequence[float]
    n: int

    def percent(self) -> float:
        """100 * sum(num) / sum(den); 0 when there is nothing to divide by (the convention of the official scripts)."""
        total = sum(self.den)
        return 100.0 * sum(self.num) / total if total else 0.0
