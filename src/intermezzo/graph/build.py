"""From a study to its jobs: who needs what, what is shared, which cells of the scores table come of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from intermezzo.errors import InputError, Problem
from intermezzo.graph import costs
from intermezzo.graph.facts import DataFacts, Describe, EncoderFacts
from intermezzo.graph.job import Estimate, Job
from intermezzo.graph.versions import JOB_VERSIONS
from intermezzo.languages import source_code
from intermezzo.study.recipe import Recipe
from intermezzo.study.study import Encoder, Member, Phase, Route, Study, Target
from intermezzo.tasks import Task, kinds, metric_versions

ENGLISH = "eng-Latn"
HEADS = {"choice": 1, "span": 2}
# Recipe fields that do not reach the training loop: lengths act through the tokenized data, epochs through the steps.
NOT_IN_TRAINING = ("epochs", "steps", "max_length", "stride")


@dataclass(frozen=True)
class Training:
    """One training of a route on one encoder with one seed, as a chain may hand it on."""

    job: Job
    data: frozenset[str]
    tasks: frozenset[str]
    capped: bool
    examples: int


@dataclass(frozen=True)
class Sharing:
    """Examples processed (training and prediction) by this graph and by two other ways of doing the same study.

    independent: one script for every encoder, route, target and seed, each training its whole chain.
    careful: a user who keeps the checkpoint of every intermediate chain and trains each target from it.
    """

    ours: int
    independent: int
    careful: int


@dataclass(frozen=True)
class Graph:
    """Jobs by identity, inputs always before what needs them, and the cells that the study asked for."""

    study: Study
    jobs: Mapping[str, Job]
    cells: tuple[Mapping[str, Any], ...]
    sharing: Sharing
    warnings: tuple[str, ...] = ()


def build(study: Study, encoders: Mapping[str, EncoderFacts], describe: Describe, rate: float | None = None) -> Graph:
    """The graph of a study.

    encoders: facts by the encoder's name. rate: floating-point operations a second, for the estimates only.
    """
    return _Builder(study, encoders, describe, rate or costs.DEFAULT_RATE).graph()


@dataclass
class _Builder:
    study: Study
    encoders: Mapping[str, EncoderFacts]
    describe: Describe
    rate: float
    jobs: dict[str, Job] = field(default_factory=dict)
    cells: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    independent: int = 0
    careful: int = 0
    _facts: dict[tuple[str, str, str], DataFacts] = field(default_factory=dict)
    _tokens: dict[tuple[object, ...], Job] = field(default_factory=dict)
    _loads: dict[str, costs.Load] = field(default_factory=dict)
    _features: dict[str, int] = field(default_factory=dict)

    def graph(self) -> Graph:
        for encoder in self.study.encoders:
            for seed in self.study.seeds:
                for route in self.study.routes:
                    self._route(encoder, route, seed)
        ours = sum(job.estimate.examples for job in self.jobs.values() if job.type in ("train", "predict"))
        return Graph(
            self.study,
            self.jobs,
            tuple(self.cells),
            Sharing(ours, self.independent, self.careful),
            tuple(dict.fromkeys(self.warnings)),
        )

    def _add(self, meaning: dict[str, Any], name: str, context: dict[str, Any], estimate: Estimate, group: str) -> Job:
        job = Job(meaning=meaning, name=name, context=context, group=group, estimate=estimate)
        return self.jobs.setdefault(job.id, job)

    def _data(self, task: Task, split: str, language: str) -> DataFacts:
        key = (task.id, split, language)
        if key not in self._facts:
            self._facts[key] = self.describe(task, split, language)
        return self._facts[key]

    def _route(self, encoder: Encoder, route: Route, seed: int) -> None:
        parent: Training | None = None
        chain = 0
        for number, phase in enumerate(route.phases, 1):
            stage = f"{route.name}{'' if len(route.phases) == 1 else f' phase {number}'}"
            parent = self._train(encoder, phase, seed, parent, route, "intermediate", stage)
            chain += parent.examples
        self.careful += chain
        for target in self.study.targets:
            own = parent
            if target.train:
                label = f"{route.name} > {target.task}"
                own = self._train(encoder, target.train, seed, parent, route, "target", label)
            evaluated = sum(self._cell(encoder, route, target, language, seed, parent, own) for language in target.languages)
            trained = own.examples if target.train and own is not None else 0
            self.careful += trained + evaluated
            self.independent += chain + trained + evaluated

    def _train(
        self, encoder: Encoder, phase: Phase, seed: int, parent: Training | None, route: Route, stage: str, label: str
    ) -> Training:
        recipe = self.study.recipe(encoder, stage, tuple(member.task for member in phase), route)
        cap = self.study.limits.train_examples
        inputs: dict[str, str] = {} if parent is None else {"parent": parent.job.id}
        members, sizes, loads, capped = [], [], [], False
        for number, member in enumerate(phase):
            task = self.study.tasks[member.task]
            described, names = self._member(encoder, task, member, number, recipe, cap, inputs)
            members.append(described)
            mine = [self._loads[inputs[name]] for name in names]
            sizes.append(sum(load.examples for load in mine))
            loads.extend(mine)
            capped = capped or any(self._data_examples(inputs[name]) > self._loads[inputs[name]].examples for name in names)
        looks = recipe.early_stopping is not None and any(member["dev"] for member in members)
        wanted = self._steps(recipe, sizes)
        limit = self.study.limits.steps
        steps = wanted if limit is None else min(wanted, limit)
        plain = {key: value for key, value in recipe.as_dict().items() if key not in NOT_IN_TRAINING}
        if not looks:
            plain["early_stopping"] = None
            for member in members:
                for name in member.pop("dev"):
                    inputs.pop(name)
                member["dev"] = []
        facts = self.encoders[encoder.name]
        meaning = {
            "type": "train",
            "version": JOB_VERSIONS["train"],
            "inputs": inputs,
            "encoder": facts.digest,
            "pooling": encoder.pooling,
            "members": members,
            "recipe": plain,
            "steps": steps,
            "seed": seed,
        }
        batch = recipe.batch_size * recipe.accumulate
        estimate = costs.training(loads, steps, batch, facts.parameters, self.rate)
        job = self._add(meaning, f"train {label} on {encoder.name} seed {seed}", {"encoder": facts.folder}, estimate, "")
        before = parent or Training(job, frozenset(), frozenset(), False, 0)
        data = frozenset(str(self.jobs[i].meaning["data"]) for name, i in inputs.items() if name.startswith("train."))
        return Training(
            job,
            data | (before.data if parent else frozenset()),
            frozenset(member.task for member in phase) | (before.tasks if parent else frozenset()),
            capped or steps < wanted or before.capped,
            steps * batch,
        )

    def _data_examples(self, tokens: str) -> int:
        return self._features[tokens]

    def _member(
        self,
        encoder: Encoder,
        task: Task,
        member: Member,
        number: int,
        recipe: Recipe,
        cap: int | None,
        inputs: dict[str, str],
    ) -> tuple[dict[str, Any], list[str]]:
        languages = member.languages or task.train_languages
        names: dict[str, list[str]] = {"train": [], "dev": []}
        for split in ("train", "dev"):
            if split == "dev" and (recipe.early_stopping is None or "dev" not in task.splits):
                continue
            for place, language in enumerate(languages):
                name = f"{split}.{number}.{place}"
                limit = cap if split == "train" else self.study.limits.eval_examples
                inputs[name] = self._tokenize(encoder, task, split, language, recipe, split == "train", limit).id
                names[split].append(name)
        described = {
            "kind": task.kind,
            "labels": list(task.labels),
            "outputs": HEADS.get(task.kind, len(task.labels)),
            "impossible": bool(task.options.get("impossible", False)),
            "share": member.share,
            "metric": (recipe.early_stopping and recipe.early_stopping.metric) or task.headline,
            **names,
        }
        return described, names["train"]

    def _steps(self, recipe: Recipe, sizes: list[int]) -> int:
        if recipe.steps is not None:
            return recipe.steps
        batch = recipe.batch_size * recipe.accumulate
        each = sum(math.ceil(min(size, recipe.examples_cap or size) / batch) for size in sizes)
        return max(1, math.ceil(recipe.epochs * each))

    def _tokenize(
        self, encoder: Encoder, task: Task, split: str, language: str, recipe: Recipe, training: bool, cap: int | None
    ) -> Job:
        facts = self.encoders[encoder.name]
        key = (facts.tokenizer_digest, encoder.prefix, task.id, split, language, recipe.max_length, recipe.stride, training, cap)
        if key in self._tokens:
            return self._tokens[key]
        data = self._data(task, split, language)
        if data.examples == 0:
            raise InputError(Problem(f"task {task.id!r} has no items left in {split} {language}", file=str(self.study.path)))
        load = costs.load_of(data.examples, data.characters, cap, recipe.max_length)
        meaning = {
            "type": "tokenize",
            "version": JOB_VERSIONS["tokenize"],
            "features": kinds.get(task.kind).VERSION,
            "inputs": {},
            "tokenizer": facts.tokenizer_digest,
            "data": data.digest,
            "kind": task.kind,
            "labels": list(task.labels),
            "max_length": recipe.max_length,
            "stride": recipe.stride,
            "prefix": "" if task.kind in ("tags", "mlm") else encoder.prefix,
            "training": training,
            "impossible": bool(task.options.get("impossible", False)),
            "cap": None if load.examples == data.examples else cap,
        }
        context = {
            "task": task,
            "split": split,
            "language": language,
            "root": self.study.data_root,
            "encoder": facts.folder,
        }
        name = f"tokenize {task.id} {split} {language} for {encoder.name}"
        job = self._add(meaning, name, context, costs.tokenizing(load, training), "")
        self._tokens[key] = job
        self._loads[job.id] = load
        self._features[job.id] = data.examples
        return job

    def _cell(
        self,
        encoder: Encoder,
        route: Route,
        target: Target,
        language: str,
        seed: int,
        parent: Training | None,
        own: Training | None,
    ) -> int:
        task = self.study.tasks[target.task]
        split = "test" if "test" in task.splits else "dev"
        stage_tasks = tuple(member.task for member in target.train) or (task.id,)
        recipe = self.study.recipe(encoder, "target", stage_tasks, route)
        tokens = self._tokenize(encoder, task, split, language, recipe, False, self.study.limits.eval_examples)
        facts, load = self.encoders[encoder.name], self._loads[tokens.id]
        labels = self._head_labels(task, target)
        inputs = {"data": tokens.id} if own is None else {"model": own.job.id, "data": tokens.id}
        where = f"{route.name} > {task.id} {language} on {encoder.name} seed {seed}"
        predict = self._add(
            {
                "type": "predict",
                "version": JOB_VERSIONS["predict"],
                "inputs": inputs,
                "encoder": facts.digest,
                "kind": task.kind,
                "labels": labels,
                "impossible": bool(task.options.get("impossible", False)),
                "member": 0,
                "pooling": encoder.pooling,
                "layer": encoder.layer if task.kind == "retrieval" else None,
                "precision": recipe.precision,
            },
            f"predict {where}",
            {"encoder": facts.folder},
            costs.prediction(load, facts.parameters, self.rate),
            f"predict {own.job.id if own else facts.digest}",
        )
        score = self._add(
            {
                "type": "score",
                "version": JOB_VERSIONS["score"],
                "inputs": {"predictions": predict.id},
                "kind": task.kind,
                "metrics": metric_versions(task),
                "headline": task.headline,
                "labels": list(task.labels),
                "language": language,
            },
            f"score {where}",
            {},
            Estimate(load.examples, 0, 0.0, 0.01, 20 * load.examples),
            f"predict {own.job.id if own else facts.digest}",
        )
        self.cells.append(
            {
                "study": self.study.name,
                "encoder": encoder.name,
                "family": encoder.family,
                "checkpoint": encoder.name,
                "parameters": encoder.parameters or facts.parameters,
                "parameters_total": facts.parameters_total,
                "pretraining_seed": encoder.pretraining_seed,
                "route": route.name,
                "target": task.id,
                "kind": task.kind,
                "language": language,
                "language_source": _source(task, language),
                "split": split,
                "seed": seed,
                "metrics": list(task.metrics),
                "headline": task.headline,
                "parallel": task.parallel,
                "score": score.id,
                "flags": self._flags(encoder, route, target, language, parent, own, tokens),
            }
        )
        return load.examples

    def _head_labels(self, task: Task, target: Target) -> list[str]:
        if not target.train:
            return list(task.labels)
        trained = self.study.tasks[target.train[0].task]
        if trained.kind != task.kind or not set(task.labels) <= set(trained.labels):
            raise InputError(
                Problem(
                    f"target {task.id!r} cannot be trained on {trained.id!r}: kind and labels must agree",
                    file=str(self.study.path),
                    field="targets",
                    allowed=f"a task of kind {task.kind} with the labels {', '.join(task.labels) or '(none)'}",
                )
            )
        return list(trained.labels)

    def _flags(
        self,
        encoder: Encoder,
        route: Route,
        target: Target,
        language: str,
        parent: Training | None,
        own: Training | None,
        tokens: Job,
    ) -> list[str]:
        touched = {target.task} | (own.tasks if own else frozenset())
        trained = {code for m in target.train for code in (m.languages or self.study.tasks[m.task].train_languages)}
        trained |= {code for phase in route.phases for m in phase for code in m.languages if m.task != "mlm"}
        flags = []
        if touched & set(encoder.seen):
            flags.append("seen")
        if language in trained - {ENGLISH}:
            flags.append("trained")
        if parent is not None and target.train and own is not None:
            mine = {
                str(self.jobs[i].meaning["data"]) for name, i in own.job.inputs.items() if name.startswith("train.")
            }
            if mine & parent.data or {m.task for m in target.train} & parent.tasks:
                flags.append("shared_training")
        if (own is not None and own.capped) or self._features[tokens.id] > self._loads[tokens.id].examples:
            flags.append("capped")
        return flags


def _source(task: Task, language: str) -> str:
    """The language as the task's files spell it."""
    for source in task.sources:
        codes = getattr(source, "codes", None)
        if codes:
            return source_code(language, codes)
    return language
