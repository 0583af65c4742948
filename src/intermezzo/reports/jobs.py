"""The jobs behind the numbers, from the manifests of their artifacts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from intermezzo.page import count, duration
from intermezzo.scores import Artifacts, read_json

# Fields of a job's description that are digests of what it was made from.
DIGESTS = ("data", "tokenizer", "encoder")
ORDER = {"score": 0, "predict": 1, "train": 2, "tokenize": 3}


@dataclass(frozen=True)
class JobEntry:
    """One job as the appendix shows it. present: the store has its artifact. inputs, digests: (name, digest)."""

    id: str
    name: str
    type: str = ""
    present: bool = False
    inputs: tuple[tuple[str, str], ...] = ()
    digests: tuple[tuple[str, str], ...] = ()
    recipe: Mapping[str, Any] = field(default_factory=dict)
    meaning: Mapping[str, Any] = field(default_factory=dict)
    versions: str = ""
    cost: str = ""
    digest: str = ""
    committed: str = ""


def walk(names: Mapping[str, str], store: Artifacts) -> list[JobEntry]:
    """The jobs of ``names`` (identity -> name for people, used where the store has no artifact) and all that they were
    made from, each once: scores first, then what they stand on.
    """
    found: dict[str, JobEntry] = {}
    waiting = list(names)
    while waiting:
        id = waiting.pop()
        if id in found:
            continue
        manifest = read_json(store, id, "manifest.json")
        found[id] = JobEntry(id, names.get(id, "job")) if manifest is None else _entry(id, manifest)
        waiting.extend(input for _, input in found[id].inputs)
    return sorted(found.values(), key=lambda one: (ORDER.get(one.type, -1), one.name, one.id))


def _entry(id: str, manifest: Mapping[str, Any]) -> JobEntry:
    meaning = dict(manifest.get("job", {}))
    recipe = meaning.pop("recipe", {})
    meaning.pop("inputs", None)
    environment = manifest.get("environment", {})
    return JobEntry(
        id=id,
        name=str(manifest.get("name", "")),
        type=str(manifest.get("type", "")),
        present=True,
        inputs=tuple(sorted((str(name), str(input)) for name, input in manifest.get("inputs", {}).items())),
        digests=tuple((name, str(meaning[name])) for name in DIGESTS if meaning.get(name)),
        recipe=recipe,
        meaning=meaning,
        versions=", ".join(_flat({"job": meaning.get("version"), **environment})),
        cost=_cost(manifest.get("cost", {})),
        digest=str(manifest.get("digest", "")),
        committed=str(manifest.get("committed", "")),
    )


def _flat(values: Mapping[str, Any], prefix: str = "") -> list[str]:
    found: list[str] = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            found += _flat(value, f"{prefix}{name}.")
        elif value is not None and not isinstance(value, list):
            found.append(f"{prefix}{name} {value}")
    return found


def _cost(cost: Mapping[str, Any]) -> str:
    parts = [duration(cost["seconds"])] if cost.get("seconds") is not None else []
    if cost.get("cpu_seconds") is not None:
        parts.append(f"{duration(cost['cpu_seconds'])} of processor time")
    parts += [f"{count(cost[name])} {name}" for name in ("examples", "steps", "flops") if cost.get(name)]
    if cost.get("peak_bytes"):
        parts.append(f"{cost['peak_bytes'] / 2**20:,.0f} MiB at most")
    return ", ".join(parts) or "not recorded"
