"""Numbers and text as pages show them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermezzo.page import count, duration, environment, escape, interval, plain, signed, table


@pytest.mark.parametrize(
    ("value", "words"),
    [(1.234, "+1.23"), (-1.234, "−1.23"), (0.0, "0.00"), (-0.001, "0.00"), (0.001, "0.00"), (None, "none")],
)
def test_signed(value: float | None, words: str) -> None:
    assert signed(value) == words


@given(st.floats(-100, 100))
def test_plain_reads_back(value: float) -> None:
    assert float(plain(value).replace("−", "-")) == pytest.approx(value, abs=0.00501)
    assert float(signed(value, 4).replace("−", "-")) == pytest.approx(value, abs=0.0000501)


def test_other_numbers() -> None:
    assert interval((-1.0, 2.5)) == "[−1.00 to +2.50]" and interval(None) == "no interval"
    assert count(1234567) == "1,234,567" and count(3.2e15) == "3.2e+15" and count(None) == "none"
    assert [duration(s) for s in (1.25, 600, 7200, None)] == ["1.2 s", "10 min", "2.0 h", "none"]


@given(st.text(max_size=40))
def test_escaped_text_is_one_harmless_line(text: str) -> None:
    found = escape(text)
    assert "\n" not in found and "<" not in found and ">" not in found
    assert not found.startswith(("#", "-", "+", "=", "*", "|"))
    row = table(["a"], [[text]]).splitlines()
    assert len(row) == 3


def test_lists_and_headings_do_not_begin() -> None:
    assert escape("1. one") == "1\\. one" and escape("- x") == "\\- x" and escape("# x") == "\\# x"


def test_templates_escape() -> None:
    assert environment().from_string("{{ x }}").render(x="<b>\"'") == "&lt;b&gt;&#34;&#39;"
