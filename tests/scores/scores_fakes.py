"""A store of folders and a small study in it, for tests of scores, gains and reports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from intermezzo.digests import digest
from intermezzo.scores import Cell, score_predictions

LABELS = ("entailment", "neutral", "contradiction")


@dataclass
class Folders:
    """A store as the rooms see it: has(id), path(id)."""

    root: Path
    ids: set[str] = field(default_factory=set)

    def has(self, id: str) -> bool:
        return id in self.ids

    def path(self, id: str) -> Path:
        return self.root / id

    def put(self, job: Mapping[str, Any], files: Mapping[str, Any], name: str = "", **cost: float) -> str:
        """Commit a fake artifact; returns its identity."""
        id = digest(job)
        folder = self.root / id
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            (folder / file).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        manifest = {
            "format": 1,
            "id": id,
            "type": job["type"],
            "name": name or job["type"],
            "job": job,
            "inputs": job.get("inputs", {}),
            "files": {},
            "environment": {"python": "3.11", "torch": "2.13.0"},
            "cost": {"seconds": 1.5, "cpu_seconds": 1.0, "examples": 10, "steps": 5, "flops": 1e9} | cost,
            "committed": "2026-01-01T00:00:00Z",
        }
        (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
        self.ids.add(id)
        return id


def cell(score: str, **given: Any) -> Cell:
    """A cell with defaults."""
    values: dict[str, Any] = {
        "study": "does-nli-help",
        "encoder": "mini",
        "family": "mini",
        "checkpoint": "mini",
        "parameters": 1_000_000,
        "parameters_total": 3_000_000,
        "pretraining_seed": None,
        "route": "direct",
        "target": "xnli",
        "kind": "pair",
        "language": "eng-Latn",
        "language_source": "en",
        "split": "test",
        "seed": 1,
        "metrics": ("accuracy", "macro_f1"),
        "headline": "accuracy",
        "score": score,
        "parallel": True,
        "flags": (),
    }
    return Cell(**values | given)


def predictions(
    rng: np.random.Generator, n: int, accuracy: float, gold: list[str] | None = None
) -> list[dict[str, Any]]:
    """Rows of a classification with about that accuracy."""
    gold = gold or [LABELS[i % 3] for i in range(n)]
    right = rng.random(n) < accuracy
    return [
        {
            "i": i,
            "id": str(i),
            "gold": g,
            "answer": g if right[i] else LABELS[(LABELS.index(g) + 1) % 3],
            "raw": [0.0] * 3,
        }
        for i, g in enumerate(gold)
    ]


def small_study(
    store: Folders,
    *,
    routes: Mapping[str, float],
    languages: tuple[str, ...] = ("eng-Latn", "swh-Latn"),
    seeds: tuple[int, ...] = (1, 2, 3),
    n: int = 120,
    target: str = "xnli",
    **given: Any,
) -> list[Cell]:
    """Cells and artifacts: each route scores about its accuracy in every language."""
    rng = np.random.default_rng(7)
    cells = []
    tokens = store.put(
        {"type": "tokenize", "version": 1, "inputs": {}, "data": "ab" * 32, "tokenizer": "cd" * 32, "target": target},
        {"meta.json": {"task": target, "split": "test", "language": "all", "cut": {"windows": 2}, "dropped": {}}},
    )
    for route, accuracy in routes.items():
        for seed in seeds:
            train = store.put(
                {
                    "type": "train",
                    "version": 1,
                    "inputs": {"train.0.0": tokens},
                    "recipe": {"learning_rate": 1e-5},
                    "seed": seed,
                    "route": route,
                    "target": target,
                },
                {},
                f"train {route} > {target} seed {seed}",
            )
            for language in languages:
                rows = predictions(rng, n, accuracy)
                predict = store.put(
                    {"type": "predict", "version": 1, "inputs": {"model": train, "data": tokens}, "language": language},
                    {},
                    f"predict {route} > {target} {language} seed {seed}",
                )
                scores = score_predictions("pair", ["accuracy", "macro_f1"], LABELS, rows, language)
                score = store.put(
                    {"type": "score", "version": 1, "inputs": {"predictions": predict}, "metrics": {"accuracy": 1}},
                    {"scores.json": scores},
                    f"score {route} > {target} {language} seed {seed}",
                )
                cells.append(cell(score, route=route, seed=seed, language=language, target=target, **given))
    return cells
