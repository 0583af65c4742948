"""The training loop: one page, the whole story.

AdamW, warm-up and decay, clipping, accumulation, early stopping on the dev split of what is trained on, exact resume.
Data order, dropout and masks are functions of (seed, step); see ``order``. The loss of a step is its sum over all
micro-batches divided by its total count, so a step means the same however it is divided.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from intermezzo.encoders.network import Batch, Network
from intermezzo.errors import JobError, Stopped
from intermezzo.tasks.features import Features
from intermezzo.training import order, state
from intermezzo.training.batches import Masking, Targets, training_batch
from intermezzo.training.objectives import loss_sum

SAVE_SECONDS = 40.0
SAVE_SHARE = 0.02
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


@dataclass(frozen=True)
class Mixture:
    """What is trained on: the features of each member and its fixed share of the steps, if it has one."""

    features: Sequence[Features]
    shares: Sequence[float | None]


@dataclass(frozen=True)
class Run:
    """Everything that decides the outcome of a training beside the network and its data."""

    recipe: dict[str, Any]
    steps: int
    seed: int
    pad: int
    rows_map: NDArray[np.int64] | None
    masking: Masking | None
    device: str


def train(
    network: Network,
    mixture: Mixture,
    run: Run,
    folder: Path,
    *,
    look: Callable[[Network], float] | None,
    progress_to: Callable[[int, int], None],
    should_stop: Callable[[], bool],
) -> state.Progress:
    """Train ``network`` in place; resume from ``folder`` when it holds a state. Returns what happened.

    look: scores the network on dev (higher is better), asked every ``early_stopping.every`` steps.
    Raises ``Stopped`` when asked to stop (state saved) and ``JobError`` when the loss is not a number.
    """
    recipe, device = run.recipe, run.device
    optimizer = _adamw(network, recipe["learning_rate"], recipe["weight_decay"], device)
    progress = state.load(folder, network, optimizer)
    sizes = [features.examples for features in mixture.features]
    p = order.probabilities(sizes, mixture.shares, recipe["temperature"], recipe["examples_cap"])
    members, indices = order.member_of_steps(run.seed, run.steps, p)
    parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
    scaler = torch.amp.GradScaler(device) if recipe["precision"] == "float16" else None
    if scaler is not None and progress.scaler:
        scaler.load_state_dict(progress.scaler)
    began, saved = time.monotonic(), time.monotonic()
    first = progress.step
    network.train()
    while progress.step < run.steps and not progress.finished:
        step, member = progress.step, int(members[progress.step])
        micro = _micro_batches(mixture.features[member], run, member, int(indices[step]), step)
        total = max(1, sum(targets.count for _, targets in micro))
        _set_rate(optimizer, recipe, step, run.steps)
        optimizer.zero_grad(set_to_none=True)
        summed = 0.0
        for number, (batch, targets) in enumerate(micro):
            torch.manual_seed(order.torch_seed(run.seed, order.DROPOUT, step, number))
            with torch.autocast(device, dtype=DTYPES[recipe["precision"]], enabled=recipe["precision"] != "float32"):
                loss = loss_sum(network, batch, targets, mixture.features[member].kind, member) / total
            (loss if scaler is None else scaler.scale(loss)).backward()
            summed += float(loss.detach())
        if not math.isfinite(summed):
            raise JobError(f"the loss is not a number at step {step + 1} (learning rate {recipe['learning_rate']:g})")
        if scaler is not None:
            scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(parameters, recipe["gradient_clip"])
        if scaler is None:
            optimizer.step()
        else:
            scaler.step(optimizer)
            scaler.update()
            progress.scaler = scaler.state_dict()
        progress.step += 1
        progress.losses.append(summed)
        if look is not None:
            _look(network, progress, recipe["early_stopping"], run.steps, folder, look)
        progress_to(progress.step, run.steps)
        pace = (time.monotonic() - began) / (progress.step - first) * run.steps
        if should_stop():
            state.save(folder, network, optimizer, progress)
            raise Stopped(f"stopped after step {progress.step} of {run.steps}; its state is kept")
        if time.monotonic() - saved > max(SAVE_SECONDS, SAVE_SHARE * pace):
            state.save(folder, network, optimizer, progress)
            saved = time.monotonic()
    if progress.best_step is not None:
        state.load_best(folder, network)
    return progress


def _micro_batches(features: Features, run: Run, member: int, index: int, step: int) -> list[tuple[Batch, Targets]]:
    size, accumulate = run.recipe["batch_size"], run.recipe["accumulate"]
    items = order.batch_items(run.seed, member, index, features.examples, size * accumulate)
    return [
        training_batch(
            features,
            items[first : first + size],
            pad=run.pad,
            rows_map=run.rows_map,
            device=run.device,
            masking=run.masking,
            draw=order.generator(run.seed, order.MASK, step, first // size),
        )
        for first in range(0, len(items), size)
    ]


def _look(
    network: Network,
    progress: state.Progress,
    rule: dict[str, Any],
    steps: int,
    folder: Path,
    look: Callable[[Network], float],
) -> None:
    """Early stopping: keep the best weights, stop when ``patience`` looks in a row brought no gain."""
    if progress.step % rule["every"] and progress.step != steps:
        return
    network.eval()
    score = look(network)
    network.train()
    if progress.best_score is None or score > progress.best_score:
        progress.best_score, progress.best_step = score, progress.step
        state.save_best(folder, network, progress.step)
    progress.looks.append((progress.step, score))
    progress.finished = progress.looks_without_gain >= rule["patience"]


def rate_share(schedule: str, warmup: float, step: int, steps: int) -> float:
    """Share of the learning rate at a step (0-based): linear warm-up, then linear, cosine or no decay.

    warmup below 1 is a share of the steps. The linear form is BERT's (Devlin et al. 2019, A.2); the first step has
    1/warm-up steps of the rate, the last is above zero.
    """
    rising = round(warmup * steps) if warmup < 1 else int(warmup)
    if step < rising:
        return (step + 1) / rising
    done = (step - rising) / max(1, steps - rising)
    if schedule == "constant":
        return 1.0
    return 1.0 - done if schedule == "linear" else 0.5 * (1.0 + math.cos(math.pi * done))


def _set_rate(optimizer: torch.optim.Optimizer, recipe: dict[str, Any], step: int, steps: int) -> None:
    share = rate_share(recipe["schedule"], recipe["warmup"], step, steps)
    for group in optimizer.param_groups:
        group["lr"] = recipe["learning_rate"] * share


def _adamw(network: Network, rate: float, decay: float, device: str) -> torch.optim.AdamW:
    """AdamW (Loshchilov and Hutter 2019); biases, layer norms and word embeddings are not decayed."""
    words = {id(parameter) for parameter in network.word_embedding.parameters()}
    decayed, free = [], []
    for parameter in network.parameters():
        if parameter.requires_grad:
            (free if parameter.ndim < 2 or id(parameter) in words else decayed).append(parameter)
    groups = [{"params": decayed, "weight_decay": decay}, {"params": free, "weight_decay": 0.0}]
    return torch.optim.AdamW([g for g in groups if g["params"]], lr=rate, betas=(0.9, 0.999), eps=1e-8, fused=True)
