"""Markdown from data: every character that Markdown or HTML could act on is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

SPECIAL = re.compile(r"([\\`*_{}\[\]#|~!])")
# A line that begins with one of these would become a list, a quotation or a rule.
LEADING = re.compile(r"^(\d*)([-+=.)])")


def escape(value: object) -> str:
    """``value`` as plain text on one line."""
    text = " ".join(str(value).split())
    text = SPECIAL.sub(r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return LEADING.sub(r"\1\\\2", text)


def table(head: Sequence[str], body: Iterable[Sequence[object]]) -> str:
    """A pipe table; every field is escaped."""
    lines = [[escape(field) for field in line] for line in (head, *body)]
    lines.insert(1, ["---"] * len(head))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
