"""The template environment: everything from data is escaped, undefined names are errors."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intermezzo.page import numbers

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """The environment of all pages. Filters: plain, signed, interval, count, duration, pretty (JSON)."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "plain": numbers.plain,
        "signed": numbers.signed,
        "interval": numbers.interval,
        "count": numbers.count,
        "duration": numbers.duration,
        "pretty": pretty,
    }
    # Our own file, so it may stand in the page unescaped.
    made.globals["css"] = Markup((TEMPLATES / "style.css").read_text(encoding="utf-8"))
    return made


def pretty(value: Any) -> str:
    """JSON on several lines, keys sorted."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)


def render(template: str, **values: Any) -> str:
    """One page from a template of ``page/templates``."""
    return environment().get_template(template).render(**values)
