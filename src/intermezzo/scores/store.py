"""What this room needs of a store, and how it reads the artifact of a score job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

from intermezzo.errors import StoreError


class Artifacts(Protocol):
    """Committed artifacts by identity (``intermezzo.store`` fits)."""

    def has(self, id: str) -> bool:
        """Whether the artifact is committed."""

    def path(self, id: str) -> Path:
        """Its folder."""


def read_json(store: Artifacts, id: str, name: str) -> dict[str, Any] | None:
    """One JSON object of an artifact; None when there is no artifact. Raises ``StoreError`` when it cannot be read."""
    if not id or not store.has(id):
        return None
    file = Path(store.path(id)) / name
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{file}: {error}; run `intermezzo store verify`") from error
    return content


def read_scores(store: Artifacts, id: str) -> dict[str, Any] | None:
    """``scores.json`` of a score job, or None when the job has no artifact."""
    return read_json(store, id, "scores.json")
