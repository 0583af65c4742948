"""Numbers as people read them. What is missing is said in a word, never left blank and never NaN."""

from __future__ import annotations

from collections.abc import Sequence

MISSING = "none"
MINUS = "\N{MINUS SIGN}"


def plain(value: float | None, digits: int = 2) -> str:
    """``71.25``; ``none`` for None."""
    if value is None:
        return MISSING
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        return f"{0:.{digits}f}"
    return text.replace("-", MINUS)


def signed(value: float | None, digits: int = 2) -> str:
    """``+1.20`` or ``−1.20``; zero after rounding has no sign."""
    text = plain(value, digits)
    if value is None or value <= 0 or float(text.replace(MINUS, "-")) == 0:
        return text
    return f"+{text}"


def interval(ends: Sequence[float] | None, digits: int = 2) -> str:
    """``[0.10 to 2.30]``; ``no interval`` for None. "to" and not a comma or a dash: neither can be misread."""
    if ends is None:
        return "no interval"
    return f"[{signed(ends[0], digits)} to {signed(ends[1], digits)}]"


def count(value: float | None) -> str:
    """``1,234,567``; large costs as ``1.2e+15``; ``none`` for None."""
    if value is None:
        return MISSING
    return f"{value:.1e}" if abs(value) >= 1e9 else f"{round(value):,}"


def duration(seconds: float | None) -> str:
    """``1.5 s``, ``12 min``, ``3.4 h``."""
    if seconds is None:
        return MISSING
    if seconds < 90:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
