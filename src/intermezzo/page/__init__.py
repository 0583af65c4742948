"""Pages: one offline HTML file, readable without script, on a phone, in print, light and dark."""

from __future__ import annotations

from intermezzo.page.html import environment, render
from intermezzo.page.markdown import escape, table
from intermezzo.page.numbers import count, duration, interval, plain, signed

__all__ = ["count", "duration", "environment", "escape", "interval", "plain", "render", "signed", "table"]
