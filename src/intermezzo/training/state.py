"""The resumable state of a training: one file, replaced as a whole, so that any kill leaves a good one behind."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

STATE, BEST = "state.safetensors", "best.safetensors"


@dataclass
class Progress:
    """Where a training stands: steps done, the mean loss of each, and what early stopping has seen."""

    step: int = 0
    losses: list[float] = field(default_factory=list)
    looks: list[tuple[int, float]] = field(default_factory=list)
    best_step: int | None = None
    best_score: float | None = None
    finished: bool = False
    scaler: dict[str, float] = field(default_factory=dict)

    @property
    def looks_without_gain(self) -> int:
        """How many looks at dev there were since the best one."""
        return sum(1 for step, _ in self.looks if self.best_step is not None and step > self.best_step)


def trainable(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The parameters that training changes, by name."""
    return {name: p.detach() for name, p in module.named_parameters() if p.requires_grad}


def save(folder: Path, module: torch.nn.Module, optimizer: torch.optim.Optimizer, progress: Progress) -> None:
    """Write parameters, optimizer and progress; the file appears whole or not at all, also after a power loss."""
    tensors = {f"parameter.{name}": value.contiguous() for name, value in trainable(module).items()}
    for index, slots in optimizer.state_dict()["state"].items():
        for slot, value in slots.items():
            tensors[f"optimizer.{index}.{slot}"] = value.contiguous()
    _write(folder / STATE, tensors, {"progress": json.dumps(asdict(progress))})


def save_best(folder: Path, module: torch.nn.Module, step: int) -> None:
    """Keep the parameters of the best look so far."""
    _write(folder / BEST, {name: v.contiguous() for name, v in trainable(module).items()}, {"step": str(step)})


def load(folder: Path, module: torch.nn.Module, optimizer: torch.optim.Optimizer) -> Progress:
    """Put back what ``save`` wrote and return its progress; a fresh ``Progress`` when there is nothing usable."""
    opened = _read(folder / STATE)
    if opened is None:
        return Progress()
    tensors, metadata = opened
    stored = json.loads(metadata["progress"])
    stored["looks"] = [(int(step), float(score)) for step, score in stored["looks"]]
    progress = Progress(**stored)
    if progress.best_step is not None and best_step(folder) != progress.best_step:
        return Progress()
    mine = trainable(module)
    if {f"parameter.{name}" for name in mine} != {name for name in tensors if name.startswith("parameter.")}:
        return Progress()
    with torch.no_grad():
        for name, value in mine.items():
            value.copy_(tensors[f"parameter.{name}"])
    slots: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith("optimizer."):
            _, index, slot = name.split(".", 2)
            slots.setdefault(int(index), {})[slot] = value
    whole = optimizer.state_dict()
    optimizer.load_state_dict({"state": slots, "param_groups": whole["param_groups"]})
    return progress


def best_step(folder: Path) -> int | None:
    """The step whose parameters ``save_best`` kept."""
    opened = _read(folder / BEST)
    return None if opened is None else int(opened[1]["step"])


def load_best(folder: Path, module: torch.nn.Module) -> None:
    """Put the parameters of the best look into the module."""
    opened = _read(folder / BEST)
    if opened is None:
        raise FileNotFoundError(folder / BEST)
    with torch.no_grad():
        for name, value in trainable(module).items():
            value.copy_(opened[0][name])


def _write(path: Path, tensors: Mapping[str, torch.Tensor], metadata: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".writing")
    save_file({name: value.cpu() for name, value in tensors.items()}, str(beside), metadata=metadata)
    with open(beside, "rb") as handle:
        os.fsync(handle.fileno())
    os.replace(beside, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, str]] | None:
    try:
        with safe_open(str(path), framework="pt") as opened:
            return {name: opened.get_tensor(name) for name in opened.keys()}, opened.metadata()  # noqa: SIM118
    except (FileNotFoundError, SafetensorError):
        return None
