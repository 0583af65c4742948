"""Why a job is what it is: its identity field by field, and what differs from the nearest job in a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def flat(meaning: Mapping[str, Any]) -> dict[str, Any]:
    """A nested description as dotted fields: ``recipe.learning_rate``, ``inputs.parent``, ``members[0].kind``."""
    out: dict[str, Any] = {}

    def walk(value: Any, path: str) -> None:
        if isinstance(value, Mapping) and value:
            for key in sorted(value):
                walk(value[key], f"{path}.{key}" if path else key)
        elif isinstance(value, list | tuple) and value:
            for number, item in enumerate(value):
                walk(item, f"{path}[{number}]")
        else:
            out[path] = list(value) if isinstance(value, tuple) else value

    walk(meaning, "")
    return out


def differences(mine: Mapping[str, Any], other: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Fields in which two descriptions differ: ``{"field", "this", "other"}``, absent values as None."""
    a, b = flat(mine), flat(other)
    return [
        {"field": name, "this": a.get(name), "other": b.get(name)}
        for name in sorted(a.keys() | b.keys())
        if (name in a) != (name in b) or a.get(name) != b.get(name)
    ]


def nearest(job_id: str, meaning: Mapping[str, Any], others: Iterable[tuple[str, Mapping[str, Any]]]) -> str | None:
    """Identity of the job of the same type that differs in the fewest fields; ties by identity."""
    best: tuple[int, str] | None = None
    for other_id, other in others:
        if other_id == job_id or other.get("type") != meaning.get("type"):
            continue
        found = (len(differences(meaning, other)), other_id)
        best = found if best is None or found < best else best
    return None if best is None else best[1]
