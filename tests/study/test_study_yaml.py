"""What a study file may hold, and what is refused before anything is made of it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from intermezzo.errors import InputError
from intermezzo.study.yaml import Document, dotted, parse_yaml, read_yaml, resolve_scalar


def parse(text: str) -> Document:
    return parse_yaml(text.encode(), "s.yaml")


def refused(content: str | bytes) -> str:
    start = time.perf_counter()
    with pytest.raises(InputError) as caught:
        parse_yaml(content.encode() if isinstance(content, str) else content, "s.yaml")
    assert time.perf_counter() - start < 2
    return str(caught.value)


@pytest.mark.parametrize(
    "word", ["no", "No", "NO", "yes", "on", "off", "y", "n", "1_000", "12:30", "2024-01-01", "=", "0b1"]
)
def test_words_that_other_yaml_readers_turn_into_values_stay_text(word: str) -> None:
    assert parse(f"a: {word}\nb: [{word}]\n").value == {"a": word, "b": [word]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("007", 7), ("-3", -3), ("+3", 3),
        ("0x1F", 31), ("0o17", 15), ("1e-5", 1e-5), ("3.0e-5", 3e-5), (".5", 0.5), ("5.", 5.0), ("-1.5E+3", -1500.0),
        (".inf", float("inf")), ("-.INF", float("-inf")), ("'3'", "3"), ('"true"', "true"), ("!!str 3", "3"),
        ("!!int 3", 3), ("e5", "e5"), (".", "."), ("-", [None]), ("1e5x", "1e5x"),
    ],
)  # fmt: skip
def test_scalars_follow_the_core_schema(text: str, value: object) -> None:
    found = parse(f"a:\n  {text}\n").value["a"]
    assert found == value and type(found) is type(value)


def test_places_are_lines_and_columns_of_keys_and_items() -> None:
    document = parse("# first\nname: x\ntargets:\n  - {task: xnli,\n     languages: [en, sw]}\n  - tatoeba\n")
    assert document.places["name",] == (2, 1)
    assert document.places["targets", 0, "languages"] == (5, 6)
    assert document.places["targets", 0, "languages", 1] == (5, 22)
    assert document.line(("targets", 1, "train", "sw")) == 6, "nearest parent"
    assert document.line(("nowhere",)) == 2, "where the study begins"
    assert dotted(("targets", 0, "languages", 1)) == "targets[0].languages[1]"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "empty"),
        ("# only a comment\n", 1, "empty"),
        ("---\n", 1, "empty"),
        ("- a\n", 1, "no mapping"),
        ("just text\n", 1, "no mapping"),
        ("a: 1\nb: 2\na: 3\n", 3, "stands twice"),
        ("a: {b: 1,\n b: 2}\n", 2, "a.b: the key stands twice"),
        ("a: !!python/object/apply:os.system ['true']\n", 1, "tag"),
        ("a: !mine 3\n", 1, "tag"),
        ("!!python/tuple a: 1\n", 1, "tag"),
        ("a: !!binary aGk=\n", 1, "tag"),
        ("a: !!set {b}\n", 1, "tag"),
        ("a: !!int word\n", 1, "tag"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: 1\nb:\n\tc: 2\n", 3, "tab"),
        ("a: 1 \t# comment\n", 1, "tab"),
        ("a: 1\nb: \x00\n", 2, "U+0000"),
        ("a: \x1b[31m\n", 1, "U+001B"),
        ("a: 1\nb: [1, 2\n", 3, "not valid YAML"),
        ("a: 1\n b: 2\n", 2, "not valid YAML"),
        ("a: 'open\n", 2, "not valid YAML"),
        ("a: *nothing\n", 1, "anchor"),
        ("a: &a [1, *a]\n", 1, "anchor"),
        ("? [a, b]\n: 1\n", 1, "as a key"),
        ("? {a: b}\n: 1\n", 1, "as a key"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", 3, "merge"),
        ("'': 1\n", 1, "empty key"),
        ("a: " + "9" * 5000 + "\n", 1, "too many digits"),
        ('a: "\\ud800"\n', 1, "a"),
        ("%YAML 9.0\n---\na: 1\n", 1, "not valid YAML"),
    ],
)
def test_refused_with_file_and_line(text: str, line: int, words: str) -> None:
    message = refused(text)
    assert message.startswith(f"s.yaml:{line}: ") and words in message, message


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 5000,
        "a: " + "[" * 5000 + "]" * 5000,
        "a: " + "{a: " * 5000,
        "a:\n" + "- " * 5000 + "x\n",
        "a: " + "\n".join("[" for _ in range(5000)),
        "\n".join(" " * depth + "a:" for depth in range(1200)),
        "a: " + "[" * 400_000,
        "? " * 5000,
        "a: " + "&x [" * 60,
    ],
    ids=["open", "closed", "maps", "items", "lines", "block", "huge", "keys", "anchored"],
)
def test_deep_nesting_ends_at_once(text: str) -> None:
    assert "nested too deeply" in refused(text) or "not valid YAML" in refused(text)


def test_bombs_of_aliases_end_at_once() -> None:
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10)
    )
    assert "too many" in refused(laughs)
    assert "too many aliases" in refused("a: &a 1\nb: [" + "*a, " * 200 + "]\n")
    deep = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 80))
    assert "nested too deeply" in refused(deep)


def test_size_is_bounded() -> None:
    assert "too large" in refused("# " + "x" * 1_000_001)
    assert "too many values" in refused("a: [" + "1," * 300_000 + "]")


def test_a_few_anchors_are_fine() -> None:
    document = parse("a: &x {lr: 1}\nb: *x\nc: [*x, &y no, *y]\n")
    assert document.value == {"a": {"lr": 1}, "b": {"lr": 1}, "c": [{"lr": 1}, "no", "no"]}


@pytest.mark.parametrize(
    ("content", "line"), [(b"a: 1\nb: \xff\n", 2), ("a: ä".encode("latin-1"), 1), ("a: 1".encode("utf-16"), 1)]
)
def test_other_encodings_are_named(content: bytes, line: int) -> None:
    message = refused(content)
    assert message.startswith(f"s.yaml:{line}: ") and ("UTF-8" in message or "control" in message)


def test_a_byte_order_mark_and_crlf_are_read() -> None:
    assert parse_yaml(b"\xef\xbb\xbfa: 1\r\nb: no\r\n", "s.yaml").value == {"a": 1, "b": "no"}


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(InputError, match=r"cannot be read"):
            read_yaml(path)


@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
def test_both_parsers_give_the_same(loader: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intermezzo.study.yaml._LOADER", loader)
    text = "a: [no, 1e-5, 'x', \"y\\n\"]\nb:\n  c: |\n    two\n    lines\n  d: >-\n    x\n    y\ne: plain\n  text\n"
    assert parse(text).value == {
        "a": ["no", 1e-5, "x", "y\n"], "b": {"c": "two\nlines\n", "d": "x y"}, "e": "plain text"
    }  # fmt: skip
    assert "nested too deeply" in refused("a: " + "[" * 5000)


_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs", "Cc"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(st.dictionaries(st.text("abcd-no", min_size=1, max_size=5), _values, max_size=5))
@settings(max_examples=60, deadline=None)
def test_json_is_read_as_json(value: dict[str, object]) -> None:
    import json

    text = json.dumps(value, ensure_ascii=True)
    assert parse_yaml(text.encode(), "s").value == json.loads(text)


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_a_scalar_is_text_unless_it_is_a_core_value(text: str) -> None:
    value = resolve_scalar(text)
    assert isinstance(value, str) is (value == text)


@given(st.binary(max_size=200) | st.text("abc:-[]{}&*!?,# \n'\"|>%@`", max_size=80).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_a_document_or_an_input_error(content: bytes) -> None:
    try:
        document = parse_yaml(content, "s.yaml")
    except InputError as error:
        assert str(error).startswith("s.yaml")
    else:
        assert isinstance(document.value, dict)
