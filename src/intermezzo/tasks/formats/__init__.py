"""File formats, one file each: strict readers that name file, line or row, and field.

A format is a module of this folder with ``read(source, faults) -> Iterator[Record]``; being in the folder registers it.
``BY_LINE`` says whether its places are lines (else rows).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import lru_cache

from intermezzo.errors import InputError, Problem, nearest
from intermezzo.tasks.formats._source import Faults, Record, Source

__all__ = ["Faults", "Record", "Source", "get", "names"]

Reader = Callable[[Source, Faults], Iterator[Record]]


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """The formats there are."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_")))


def get(name: str) -> Reader:
    """The reader of a format. Raises ``InputError`` when there is none of that name."""
    if name not in names():
        raise InputError(Problem(f"unknown format {name!r}", allowed=", ".join(names()), near=nearest(name, names())))
    reader: Reader = importlib.import_module(f"{__name__}.{name}").read
    return reader
