"""Strict JSON: no NaN, no bottomless nesting, errors with their place."""

from __future__ import annotations

import json
from typing import Any


class Malformed(ValueError):
    """The text is no JSON; ``line`` and ``column`` count from 1 inside the text."""

    def __init__(self, what: str, line: int = 1, column: int | None = None) -> None:
        super().__init__(what if column is None else f"{what} at character {column}")
        self.line = line


def _constant(name: str) -> Any:
    raise Malformed(f"is no JSON: {name} is no number")


def parse(text: str) -> Any:
    """The value of a JSON text. Raises ``Malformed``."""
    try:
        return json.loads(text, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise Malformed(f"is no JSON: {error.msg}", error.lineno, error.colno) from None
    except RecursionError:
        raise Malformed("is nested too deeply") from None
    except Malformed:
        raise
    except ValueError as error:  # an integer of thousands of digits
        raise Malformed(f"is no JSON: {error}") from None
