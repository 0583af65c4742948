"""From features to tensors: rows of some examples, padded to the longest of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from intermezzo.encoders.network import Batch
from intermezzo.tasks.features import Features

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Targets:
    """What the loss needs beside the network's output.

    example: [B] which example of the batch a row belongs to; count: what the summed loss is divided by.
    values: tensors by name, as the kind needs them.
    """

    example: torch.Tensor
    count: int
    values: Mapping[str, torch.Tensor]


@dataclass(frozen=True)
class Masking:
    """What masked language modelling needs to know of a tokenizer (ids already mapped to the network's rows)."""

    mask_id: int
    special: frozenset[int]
    vocabulary: int


def rows_of(features: Features, examples: Ints) -> Ints:
    """Rows of the given examples, in order."""
    start = features.arrays["example_start"]
    return np.concatenate([np.arange(start[e], start[e + 1], dtype=np.int64) for e in examples])


def padded(features: Features, rows: Ints, name: str, fill: int) -> Ints:
    """[B, T] of a piece array for some rows, filled up to the longest row."""
    start = features.arrays["row_start"]
    begins, ends = start[rows], start[rows + 1]
    width = int((ends - begins).max())
    out = np.full((len(rows), width), fill, dtype=np.int64)
    values = features.arrays[name]
    for i, (a, b) in enumerate(zip(begins, ends, strict=True)):
        out[i, : b - a] = values[a:b]
    return out


def inputs_of(features: Features, rows: Ints, pad: int, rows_map: Ints | None, device: str) -> Batch:
    """The network's input for some rows; ``rows_map`` maps full piece ids to the rows of a compact embedding."""
    start = features.arrays["row_start"]
    lengths = (start[rows + 1] - start[rows]).astype(np.int64)
    ids = padded(features, rows, "ids", pad)
    if rows_map is not None:
        ids = rows_map[ids]
    mask = (np.arange(ids.shape[1])[None, :] < lengths[:, None]).astype(np.int64)
    types = padded(features, rows, "types", 0) if features.arrays["types"].any() else None
    as_tensor = lambda a: None if a is None else torch.from_numpy(a).to(device)  # noqa: E731
    return Batch(ids=torch.from_numpy(ids).to(device), mask=torch.from_numpy(mask).to(device), types=as_tensor(types))


def training_batch(
    features: Features,
    examples: Ints,
    *,
    pad: int,
    rows_map: Ints | None,
    device: str,
    masking: Masking | None = None,
    draw: np.random.Generator | None = None,
) -> tuple[Batch, Targets]:
    """Tensors of some examples with what the loss needs. ``draw`` chooses the masked pieces (mlm only)."""
    rows = rows_of(features, examples)
    batch = inputs_of(features, rows, pad, rows_map, device)
    sizes = np.diff(features.arrays["example_start"])[examples]
    example = torch.from_numpy(np.repeat(np.arange(len(examples)), sizes)).to(device)
    arrays = features.arrays
    if features.kind in ("text", "pair"):
        values = {"label": arrays["labels"][examples].astype(np.int64)}
        return batch, Targets(example, len(examples), _tensors(values, device))
    if features.kind == "choice":
        values = {
            "label": arrays["labels"][examples].astype(np.int64),
            "choice": arrays["choice"][rows].astype(np.int64),
        }
        return batch, Targets(example, len(examples), _tensors(values, device))
    if features.kind == "span":
        values = {"start": arrays["start"][rows].astype(np.int64), "end": arrays["end"][rows].astype(np.int64)}
        return batch, Targets(example, len(rows), _tensors(values, device))
    if features.kind == "tags":
        tag = padded(features, rows, "tag", -100)
        return batch, Targets(example, int((tag != -100).sum()), _tensors({"tag": tag}, device))
    if features.kind == "mlm":
        if masking is None or draw is None:
            raise ValueError("masked language modelling needs the tokenizer's masking facts and a generator")
        batch, label = masked(batch, masking, draw)
        return batch, Targets(example, int((label != -100).sum()), {"label": label})
    raise ValueError(f"kind {features.kind!r} has no training objective")


def masked(batch: Batch, masking: Masking, draw: np.random.Generator) -> tuple[Batch, torch.Tensor]:
    """15 % of the pieces are predicted: 80 % of them masked, 10 % random, 10 % kept (Devlin et al. 2019, 3.1).

    Returns the batch with changed ids and the labels [B, T] (-100 = not predicted).
    """
    ids = batch.ids.cpu().numpy().copy()
    free = (batch.mask.cpu().numpy() == 1) & ~np.isin(ids, list(masking.special))
    chosen = free & (draw.random(ids.shape) < 0.15)
    label = np.where(chosen, ids, -100)
    what = draw.random(ids.shape)
    other = draw.integers(0, masking.vocabulary, ids.shape)
    ids = np.where(chosen & (what < 0.8), masking.mask_id, ids)
    ids = np.where(chosen & (what >= 0.9), other, ids)
    device = batch.ids.device
    changed = Batch(ids=torch.from_numpy(ids).to(device), mask=batch.mask, types=batch.types)
    return changed, torch.from_numpy(label).to(device)


def _tensors(values: Mapping[str, Ints], device: str) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(np.ascontiguousarray(value)).to(device) for name, value in values.items()}


def join(parts: Sequence[Features]) -> Features:
    """Features of several splits of one kind (languages of one member) as one, in their order."""
    if len(parts) == 1:
        return parts[0]
    arrays = {}
    for name in parts[0].arrays:
        pieces = [part.arrays[name] for part in parts]
        if name in ("row_start", "example_start"):
            steps = [np.diff(values) for values in pieces]
            arrays[name] = np.concatenate([[0], np.cumsum(np.concatenate(steps))]).astype(np.int64)
        else:
            arrays[name] = np.concatenate(pieces)
    return Features(parts[0].kind, arrays)
