"""Intermezzo: will training an encoder on an English task first help it on your task in your language?

``import intermezzo as im``; then ``im.load_study``, ``im.plan``, ``im.run``, ``im.scores``, ``im.gains``.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__", "gains", "graph", "load_study", "plan", "run", "scores"]


def __getattr__(name: str) -> Any:
    """Functions are loaded when they are first asked for, so that importing the package costs nothing."""
    if name in __all__:
        from intermezzo import api

        return getattr(api, name)
    raise AttributeError(f"module 'intermezzo' has no attribute {name!r}")
