"""Outputs of a network for all rows of a split: length-sorted, one split at a time, order restored."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from intermezzo.encoders.network import Network
from intermezzo.tasks.features import Features
from intermezzo.training import order
from intermezzo.training.batches import Masking, inputs_of, masked
from intermezzo.training.loop import DTYPES

# Rows and padded pieces of one batch: small enough for a laptop's cache, large enough to keep its cores busy.
ROWS, PIECES = 64, 4096

Floats = NDArray[np.float32]


def length_sorted(lengths: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Batches of row numbers, longest first, bounded by ``ROWS`` and ``PIECES``; every row once."""
    by_length = np.argsort(-lengths, kind="stable")
    first = 0
    while first < len(by_length):
        size = max(1, min(ROWS, PIECES // max(1, int(lengths[by_length[first]]))))
        yield by_length[first : first + size]
        first += size


@torch.no_grad()
def outputs(
    network: Network,
    features: Features,
    member: int,
    *,
    pad: int,
    rows_map: NDArray[np.int64] | None,
    device: str,
    precision: str = "float32",
    layer: str | int | None = None,
    masking: Masking | None = None,
    between: Callable[[int], None] = lambda rows: None,
) -> Floats:
    """The network's outputs in the shape that ``tasks.kinds`` decodes: [R, ...] a row or [P, ...] a piece.

    between: called after each batch with the number of rows done; may raise to stop.
    """
    network.eval()
    starts = features.arrays["row_start"].astype(np.int64)
    lengths = np.diff(starts)
    a_piece = features.kind in ("span", "tags")
    out: Floats | None = None
    done = 0
    for rows in length_sorted(lengths):
        batch = inputs_of(features, rows, pad, rows_map, device)
        with torch.autocast(device, dtype=DTYPES[precision], enabled=precision != "float32"):
            if features.kind in ("retrieval", "bitext"):
                got = network.vectors(batch, layer)
            elif features.kind == "mlm":
                got = _mlm_losses(network, features, rows, member, pad, rows_map, device, masking)
            else:
                got = network(batch, member)
        values = got.float().cpu().numpy()
        if out is None:
            shape = (features.pieces, values.shape[-1]) if a_piece else (features.rows, values.shape[-1])
            out = np.zeros(shape, dtype=np.float32)
        if a_piece:
            for i, row in enumerate(rows):
                out[starts[row] : starts[row + 1]] = values[i, : lengths[row]]
        else:
            out[rows] = values
        done += len(rows)
        between(done)
    if out is None:
        raise ValueError("a split without rows has no outputs")
    return out


def _mlm_losses(
    network: Network,
    features: Features,
    rows: NDArray[np.int64],
    member: int,
    pad: int,
    rows_map: NDArray[np.int64] | None,
    device: str,
    masking: Masking | None,
) -> torch.Tensor:
    """[B, 2]: summed negative log-likelihood and count of masked pieces, masks drawn from the rows' numbers alone."""
    if masking is None:
        raise ValueError("masked language modelling needs the tokenizer's masking facts")
    out = torch.zeros(len(rows), 2)
    for i, row in enumerate(rows):
        one = inputs_of(features, rows[i : i + 1], pad, rows_map, device)
        one, label = masked(one, masking, order.generator(0, order.MASK, int(row)))
        chosen = label != -100
        if bool(chosen.any()):
            logits = network.mlm_logits(network.hidden(one)[chosen], member).float()
            out[i, 0] = torch.nn.functional.cross_entropy(logits, label[chosen], reduction="sum")
            out[i, 1] = int(chosen.sum())
    return out
