"""A study, resolved: what a person asked for, with every name looked up and every default filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from intermezzo.study.recipe import Recipe
from intermezzo.tasks.task import Task


@dataclass(frozen=True)
class Encoder:
    """A checkpoint as the study names it.

    source: a folder, or a hub id (``organisation/name``) with ``revision``.
    layer: hidden state used for retrieval: ``"last"``, an index into ``hidden_states`` (0 = embeddings), or None for
        the default by relative depth. pooling: ``mean``, ``cls`` or ``max``.
    """

    name: str
    source: str
    is_folder: bool
    family: str
    revision: str | None = None
    parameters: int | None = None
    pretraining_seed: int | None = None
    prefix: str = ""
    pooling: str | None = None
    layer: str | int | None = None
    seen: tuple[str, ...] = ()
    pretraining_corpus: str | None = None
    recipe: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Member:
    """One task of a phase. ``languages`` are canonical; ``share`` fixes its part of the steps of a mixture."""

    task: str
    languages: tuple[str, ...] = ()
    share: float | None = None


Phase = tuple[Member, ...]


@dataclass(frozen=True)
class Route:
    """The phases between pretraining and target; ``direct`` has none."""

    name: str
    phases: tuple[Phase, ...] = ()
    recipe: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """A task as evaluated. ``train``: the members of target training (empty: none, retrieval)."""

    task: str
    languages: tuple[str, ...]
    train: Phase = ()


@dataclass(frozen=True)
class Limits:
    """Upper bounds that win over a recipe and flag ``capped``."""

    train_examples: int | None = None
    eval_examples: int | None = None
    steps: int | None = None
    hours: float | None = None


@dataclass(frozen=True)
class Analysis:
    """What is fixed before the numbers are seen."""

    margin_points: float = 0.5
    margin_log_odds: float = 0.05
    alpha: float = 0.05
    low_resource_rule: str = "pretraining_share"
    low_resource_below: float = 0.5


@dataclass(frozen=True)
class Study:
    """A whole study. ``tasks`` holds every task it uses, overrides applied; ``data_root`` where their files lie.

    overrides: what the command line replaced (``precision``, ``encoders``). warnings: sentences for the person.
    """

    name: str
    path: Path
    encoders: tuple[Encoder, ...]
    routes: tuple[Route, ...]
    targets: tuple[Target, ...]
    seeds: tuple[int, ...]
    tasks: Mapping[str, Task]
    recipes: Mapping[str, Mapping[str, object] | Mapping[str, Mapping[str, object]]]
    limits: Limits = Limits()
    analysis: Analysis = Analysis()
    data_root: Path | None = None
    overrides: Mapping[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def recipe(self, encoder: Encoder, stage: str, tasks: tuple[str, ...], route: Route) -> Recipe:
        """The recipe of one training: package default < default < encoder < phase < task < route.

        stage: ``intermediate`` or ``target``. tasks: the members' ids, in order; the recipe of a task counts when it
        is the only one that gives one or when all that give one agree, else the study is refused.
        """
        from intermezzo.study.recipe import resolve

        return resolve(self, encoder, stage, tasks, route)
