"""Official scores: pure functions on plain lists, and a registry that finds them by kind and name.

A metric's ``version`` is raised by hand when its results change; stored predictions are then scored again.
"""

from __future__ import annotations

from intermezzo.metrics.items import Items
from intermezzo.metrics.registry import Metric, compute, get, names, version

__all__ = ["Items", "Metric", "compute", "get", "names", "version"]
