"""What jobs are expected to cost before they run: examples, steps, floating-point operations, seconds, bytes."""

from __future__ import annotations

from dataclasses import dataclass

from intermezzo.graph.job import Estimate

# Code points a piece of a multilingual subword vocabulary covers, about: 45 to 55 pieces for XNLI pairs of 160 to 180
# code points with XLM-R's vocabulary. An estimate for plans, never used in a result.
CHARACTERS_A_PIECE = 3.5
# Floating-point operations a second of one CPU thread in float32 training, until the store has measured better.
DEFAULT_RATE = 3.0e10


@dataclass(frozen=True)
class Load:
    """Size of a split as a model sees it."""

    examples: int
    pieces: int


def load_of(examples: int, characters: int, cap: int | None, max_length: int) -> Load:
    """Estimated pieces of a split after a cap; windows overlap a little, which is left out."""
    if examples == 0:
        return Load(0, 0)
    kept = min(examples, cap) if cap is not None else examples
    each = 3 + characters / examples / CHARACTERS_A_PIECE
    return Load(kept, round(kept * max(each, 1.0)))


def training(loads: list[Load], steps: int, batch: int, parameters: int, rate: float) -> Estimate:
    """6 operations a parameter and piece: 2 forward, 4 backward (Kaplan et al. 2020, section 2.1)."""
    examples = sum(load.examples for load in loads)
    pieces_each = sum(load.pieces for load in loads) / max(1, examples)
    flops = 6.0 * parameters * pieces_each * steps * batch
    return Estimate(steps * batch, steps, flops, flops / rate, 4 * parameters + 400_000)


def prediction(load: Load, parameters: int, rate: float) -> Estimate:
    """2 operations a parameter and piece, forward only."""
    flops = 2.0 * parameters * load.pieces
    return Estimate(load.examples, 0, flops, flops / rate, 400 * load.examples)


def tokenizing(load: Load, training: bool) -> Estimate:
    """About 20,000 pieces a second in one thread with a Python-driven fast tokenizer."""
    return Estimate(load.examples, 0, 0.0, load.pieces / 2e5, load.pieces * 6 + (0 if training else load.pieces * 5))
