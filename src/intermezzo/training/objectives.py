"""Losses, one a kind: the *sum* over what is counted, so that a step divided into micro-batches adds up exactly."""

from __future__ import annotations

import torch
from torch.nn import functional

from intermezzo.encoders.network import Batch, Network
from intermezzo.training.batches import Targets


def loss_sum(network: Network, batch: Batch, targets: Targets, kind: str, member: int) -> torch.Tensor:
    """Summed loss of a batch (a scalar); divide by the step's total of ``targets.count`` for the mean."""
    if kind == "mlm":
        return _mlm(network, batch, targets, member)
    outputs = network(batch, member).float()
    values = targets.values
    if kind in ("text", "pair"):
        logits = mean_by(outputs, targets.example)
        return functional.cross_entropy(logits, values["label"], reduction="sum")
    if kind == "choice":
        return functional.cross_entropy(_choice_logits(outputs[:, 0], targets), values["label"], reduction="sum")
    if kind == "span":
        outputs = outputs.masked_fill(batch.mask[:, :, None] == 0, torch.finfo(outputs.dtype).min)
        start = functional.cross_entropy(outputs[:, :, 0], values["start"], reduction="sum")
        end = functional.cross_entropy(outputs[:, :, 1], values["end"], reduction="sum")
        return (start + end) / 2
    if kind == "tags":
        flat = outputs.reshape(-1, outputs.shape[-1])
        return functional.cross_entropy(flat, values["tag"].reshape(-1), ignore_index=-100, reduction="sum")
    raise ValueError(f"kind {kind!r} has no training objective")


def mean_by(rows: torch.Tensor, example: torch.Tensor) -> torch.Tensor:
    """Mean of the rows of each example: [B, K], [B] -> [E, K]. One row an example is passed through untouched."""
    count = int(example[-1]) + 1
    if count == len(example):
        return rows
    total = rows.new_zeros(count, rows.shape[1]).index_add(0, example, rows)
    size = rows.new_zeros(count).index_add(0, example, rows.new_ones(len(example)))
    return total / size[:, None]


def _choice_logits(scores: torch.Tensor, targets: Targets) -> torch.Tensor:
    """[E, C] from one score a row: windows of one choice are averaged; choices an example lacks are impossible."""
    examples = int(targets.example[-1]) + 1
    choices = int(targets.values["choice"].max()) + 1
    cell = targets.example * choices + targets.values["choice"]
    total = scores.new_zeros(examples * choices).index_add(0, cell, scores)
    size = scores.new_zeros(examples * choices).index_add(0, cell, torch.ones_like(scores))
    logits = total / size.clamp(min=1)
    return logits.masked_fill(size == 0, torch.finfo(scores.dtype).min).reshape(examples, choices)


def _mlm(network: Network, batch: Batch, targets: Targets, member: int) -> torch.Tensor:
    label = targets.values["label"]
    chosen = label != -100
    hidden = network.hidden(batch)[chosen]
    if not len(hidden):
        return hidden.sum() * 0.0
    logits = network.mlm_logits(hidden, member).float()
    return functional.cross_entropy(logits, label[chosen], reduction="sum")
