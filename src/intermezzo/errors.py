"""The error tree: what a user did wrong, what is missing, what was interrupted.

``IntermezzoError`` is the root; the command line prints its text without a traceback and leaves with
``exit_code``. Anything else that escapes is a bug of ours (exit code 3).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Problem:
    """One fault in the user's input: where it stands, what is wrong, what is allowed."""

    what: str
    file: str | None = None
    line: int | None = None
    row: int | None = None
    field: str | None = None
    allowed: str | None = None
    near: str | None = None

    def __str__(self) -> str:
        place = self.file or ""
        if self.line is not None:
            place = f"{place}:{self.line}" if place else f"line {self.line}"
        parts = [place] if place else []
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.field:
            parts.append(self.field)
        text = ": ".join([*parts, self.what])
        if self.allowed:
            text += f"; allowed: {self.allowed}"
        if self.near:
            text += f"; did you mean {self.near!r}?"
        return text


class IntermezzoError(Exception):
    """Root of all errors that are reported as a sentence."""

    exit_code: ClassVar[int] = 1


class InputError(IntermezzoError):
    """The user's input is wrong. Carries every problem found; nothing was written."""

    exit_code = 2

    def __init__(self, problems: Problem | str | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        if isinstance(problems, Problem):
            problems = [problems]
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        return (type(self), (self.problems,))


class JobError(IntermezzoError):
    """A job could not be done (not a number in the loss, out of memory, data changed under it)."""


class StoreError(IntermezzoError):
    """The store cannot be read or written, or holds bytes that differ from a manifest."""


class Stopped(IntermezzoError):
    """Stopped early as asked; the same command goes on where it stopped."""

    exit_code = 75


class Interrupted(IntermezzoError):
    """Interrupted by a person; the same command goes on where it stopped."""

    exit_code = 130


def nearest(word: str, options: Iterable[str]) -> str | None:
    """The option spelled most like ``word``, or None when nothing is close."""
    choices = [str(option) for option in options]
    found = difflib.get_close_matches(str(word), choices, n=1, cutoff=0.6)
    if found:
        return found[0]
    lowered = {choice.lower(): choice for choice in choices}
    found = difflib.get_close_matches(str(word).lower(), list(lowered), n=1, cutoff=0.6)
    return lowered[found[0]] if found else None
