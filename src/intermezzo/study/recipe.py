"""Recipes: every number that training needs, resolved and complete."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from intermezzo.errors import InputError, Problem

if TYPE_CHECKING:
    from intermezzo.study.study import Encoder, Route, Study


@dataclass(frozen=True)
class EarlyStopping:
    """Look at the dev split of the task trained on each ``every`` steps; stop after ``patience`` looks without gain."""

    patience: int
    every: int
    metric: str | None = None


@dataclass(frozen=True)
class Lora:
    """Low-rank adaptation (Hu et al. 2021): rank, scale ``alpha``, dropout, names of the layers adapted."""

    rank: int = 8
    alpha: int = 16
    dropout: float = 0.0
    layers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """A complete recipe.

    The defaults follow jiant's XTREME replication guide (nyu-mll/jiant, ``jiant/proj/simple/runscript.py``):
    learning rate 1e-5, AdamW, warm-up over 10 % of the steps, linear decay, clipping at 1.0, batch 32, 3 epochs,
    at most 256 pieces. warmup: below 1 a share of the steps, else steps. steps wins over epochs.
    stride: pieces by which neighbouring windows of a long text overlap. temperature, examples_cap: members of a
    mixture are drawn with p ~ min(n, cap)^(1/temperature). dropout None: as the encoder's configuration says.
    """

    learning_rate: float = 1e-5
    schedule: str = "linear"
    warmup: float = 0.1
    batch_size: int = 32
    accumulate: int = 1
    epochs: float = 3.0
    steps: int | None = None
    max_length: int = 256
    stride: int = 64
    weight_decay: float = 0.01
    gradient_clip: float = 1.0
    early_stopping: EarlyStopping | None = None
    precision: str = "float32"
    lora: Lora | None = None
    temperature: float = 1.0
    examples_cap: int | None = None
    dropout: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for the identity of a job and for printing."""
        return asdict(self)


def _merge(recipe: Recipe, given: dict[str, Any]) -> Recipe:
    given = dict(given)
    if isinstance(given.get("early_stopping"), dict):
        given["early_stopping"] = EarlyStopping(**given["early_stopping"])
    if isinstance(given.get("lora"), dict):
        lora = dict(given["lora"])
        lora["layers"] = tuple(lora.get("layers", ()))
        given["lora"] = Lora(**lora)
    for name in ("learning_rate", "warmup", "epochs", "weight_decay", "gradient_clip", "temperature"):
        if name in given and given[name] is not None:
            given[name] = float(given[name])
    return replace(recipe, **given)


def resolve(study: Study, encoder: Encoder, stage: str, tasks: tuple[str, ...], route: Route) -> Recipe:
    """See ``Study.recipe``. A precision given on the command line wins over all.

    Limits are applied by the graph, which knows how many examples there are.
    """
    recipes: Any = study.recipes
    recipe = _merge(Recipe(), recipes.get("default", {}))
    recipe = _merge(recipe, dict(encoder.recipe))
    recipe = _merge(recipe, recipes.get("phase", {}).get(stage, {}))
    merged: dict[str, tuple[str, Any]] = {}
    for task in tasks:
        for key, value in recipes.get("task", {}).get(task, {}).items():
            if key in merged and merged[key][1] != value and key not in route.recipe:
                raise InputError(
                    Problem(
                        f"tasks {merged[key][0]!r} and {task!r} stand in one mixture but their recipes differ",
                        file=str(study.path),
                        field=f"recipes.task.{task}.{key}",
                        allowed="one value for both, or set it on the route",
                    )
                )
            merged[key] = (task, value)
    recipe = _merge(recipe, {key: value for key, (_, value) in merged.items()})
    recipe = _merge(recipe, dict(route.recipe))
    precision = study.overrides.get("precision")
    return replace(recipe, precision=str(precision)) if precision else recipe
