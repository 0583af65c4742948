"""A broken file is refused with a sentence that names file, line or row, and field, and says what is allowed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tasks_samples import COLUMNS, question, read_file, squad

from intermezzo.errors import InputError

WORD = "1\tmti\tmti\tNOUN\t_\t_\t0\troot\t_\t_\n"
Q = {"question": "q", "choices": ["x", "y"], "label": 0}


def _jsonl(*items: Any) -> str:
    return "".join((item if isinstance(item, str) else json.dumps(item)) + "\n" for item in items)


# name: kind, format, content, options, fragments of the message
CASES: dict[str, tuple[str, str, str | bytes, dict[str, Any], list[str]]] = {
    "empty": ("text", "tsv", "", {}, ["f.x: the file is empty"]),
    "only a byte order mark": ("text", "tsv", b"\xef\xbb\xbf", {}, ["f.x: the file is empty"]),
    "only a header": ("text", "tsv", "text\tlabel\n", {}, ["f.x: holds no items"]),
    "missing column": ("text", "tsv", "text\tlabl\nx\ta\n", {}, ["f.x:1: label: no column 'label'", "did you mean 'labl'"]),
    "column twice": ("text", "tsv", "text\ttext\tlabel\nx\ty\ta\n", {}, ["f.x:1: text: two columns are called 'text'"]),
    "short row": ("text", "tsv", "text\tlabel\nx\ta\ny\n", {}, ["f.x:3: has 1 field;", "allowed: 2 fields"]),
    "long row": ("text", "tsv", "text\tlabel\nx\ta\tz\n", {}, ["f.x:2: has 3 fields", "allowed: 2 fields"]),
    "blank line": ("text", "tsv", "text\tlabel\nx\ta\n\ny\tb\n", {}, ["f.x:3: blank line"]),
    "undeclared label": ("text", "tsv", "text\tlabel\nx\tc\n", {}, ["f.x:2: label: undeclared label 'c'", "allowed: a, b"]),
    "no label": ("text", "tsv", "text\tlabel\nx\t\n", {}, ["f.x:2: label: is missing", "allowed: a, b"]),
    "not UTF-8": ("text", "tsv", b"text\tlabel\nab\xe9\ta\n", {}, ["f.x:2: byte 0xE9 (character 3) is not UTF-8"]),
    "UTF-16": ("text", "tsv", "text\tlabel\nx\ta\n".encode("utf-16"), {}, ["f.x:1: starts like UTF-16", "UTF-8 text"]),
    "unknown quoting": ("text", "tsv", "text\tlabel\nx\ta\n", {"quoting": "cvs"}, ["unknown quoting 'cvs'", "csv"]),
    "named without header": ("text", "tsv", "x\ta\n", {"header": False}, ["the file has no header", "column numbers"]),
    "quote never closed": ("text", "csv", 'text,label\n"x,a\ny,b\n', {}, ["f.x:2: a quote is opened and never closed"]),
    "text after a quote": ("text", "csv", 'text,label\nx,a\n"y"z,b\n', {}, ["f.x:3: text after a closing quote"]),
    "csv record of two lines": ("text", "csv", 'text,label\n"x\ny",a\nz,c\n', {}, ["f.x:4: label: undeclared label 'c'"]),
    "no JSON": ("text", "jsonl", _jsonl({"text": "x", "label": "a"}, "{'text'"), {}, ["f.x:2: is no JSON", "character 2"]),
    "a list a line": ("text", "jsonl", "[1]\n", {}, ["f.x:1: is a list", "one JSON object a line"]),
    "NaN": ("text", "jsonl", '{"text": "x", "label": NaN}\n', {}, ["f.x:1: is no JSON: NaN is no number"]),
    "deep nesting": ("text", "jsonl", "[" * 200_000 + "\n", {}, ["f.x:1: is nested too deeply"]),
    "digits without end": ("text", "jsonl", '{"text": "x", "label": ' + "9" * 5000 + "}\n", {}, ["f.x:1: is no JSON"]),
    "missing key": ("text", "jsonl", _jsonl({"txt": "x", "label": "a"}), {}, ["f.x:1: text: is missing", "did you mean 'txt'"]),
    "text is a number": ("text", "jsonl", _jsonl({"text": 3, "label": "a"}), {}, ["f.x:1: text: is the number 3", "text"]),
    "text is null": ("text", "jsonl", _jsonl({"text": None, "label": "a"}), {}, ["f.x:1: text: is null"]),
    "label is a list": ("text", "jsonl", _jsonl({"text": "x", "label": []}), {}, ["f.x:1: label: is a list"]),
    "half a surrogate pair": ("text", "jsonl", '{"text": "\\ud800", "label": "a"}\n', {}, ["f.x:1: text: holds half"]),
    "blank JSON line": ("text", "jsonl", _jsonl({"text": "x", "label": "a"}, ""), {}, ["f.x:2: blank line"]),
    "choice index too high": ("choice", "jsonl", _jsonl({**Q, "label": 2}), {}, ["f.x:1: label: undeclared label '2'", "0, 1"]),
    "one choice": ("choice", "jsonl", _jsonl({**Q, "choices": ["x"]}), {}, ["f.x:1: choices: has 1 entries"]),
    "choices are text": ("choice", "jsonl", _jsonl({**Q, "choices": "xy"}), {}, ["f.x:1: choices: is text", "a list"]),
    "tags too few": ("tags", "jsonl", _jsonl({"tokens": ["x", "y"], "tags": ["NOUN"]}), {}, ["has 1 entries for 2 words"]),
    "unknown tag": ("tags", "conll", "a\tNOUN\n\nb\tNOUN\nc\tNUON\n", {}, ["f.x:3: tags: undeclared label 'NUON' at word 2 ('c')"]),
    "tag misses": ("tags", "conll", "a NOUN\nb\n", {}, ["f.x:2: has 1 field", "a word, one blank and its tag"]),
    "two blanks": ("tags", "conll", "a NOUN\nb  VERB\n", {}, ["f.x:2: has 3 fields"]),
    "empty tag": ("tags", "conll", "a\tNOUN\nb\t\n", {}, ["f.x:2: tags: is empty"]),
    "prefix misses": ("tags", "conll", "sw:a\tNOUN\nb\tNOUN\n", {"prefix": "sw:"}, ["f.x:2: lacks the prefix 'sw:'"]),
    "nine columns": ("tags", "conllu", WORD + WORD.replace("\t_\n", "\n"), {}, ["f.x:2: has 9 fields", "10 fields"]),
    "no word number": ("tags", "conllu", WORD + "#" + WORD, {}, ["f.x:2: ID: is '#1'"]),
    "unknown UPOS": ("tags", "conllu", "# sent_id = s\n" + WORD.replace("NOUN", "N"), {}, ["f.x:2: tags: undeclared label 'N'"]),
    "squad is a list": ("span", "squad", "[]", {}, ["f.x: row 1: is a list", "the key 'data'"]),
    "squad cut short": ("span", "squad", '{"data":\n [{"title"', {}, ["f.x:2: is no JSON"]),
    "squad too deep": ("span", "squad", '{"data":' * 100_000, {}, ["f.x:1: is nested too deeply"]),
    "no paragraphs": ("span", "squad", '{"data": [{"title": "t"}]}', {}, ["data[0].paragraphs: is missing"]),
    "wrong answer_start": (
        *("span", "squad", json.dumps(squad(question(), question("nyumbani", 3))), {}),
        ["f.x: row 2: data[0].paragraphs[0].qas[1].answers[0].answer_start: is 3", "not 'nyumbani'"],
    ),
    "answer_start -1": ("span", "squad", json.dumps(squad(question(start=-1))), {}, ["f.x: row 1:", "answer_start: is -1"]),
    "answer_start as text": ("span", "squad", json.dumps(squad(question(start="0"))), {}, ["answer_start: is text", "a whole number"]),
    "empty answer": ("span", "squad", json.dumps(squad(question(""))), {}, ["answers[0].text: is empty"]),
    "no answers": ("span", "squad", json.dumps(squad({"id": "q", "question": "?", "answers": []})), {}, ["qas[0].answers: is empty"]),
    "impossible in 1.1": (
        *("span", "squad", json.dumps(squad({"id": "q", "question": "?", "answers": [], "is_impossible": True})), {}),
        ["f.x: row 1: data[0].paragraphs[0].qas[0].is_impossible: is true"],
    ),
    "no Parquet": ("text", "parquet", "text,label\n", {}, ["f.x: cannot be read as Parquet"]),
    "empty Parquet": ("text", "parquet", "", {}, ["f.x: the file is empty"]),
    "no text": ("mlm", "lines", "\n\n", {}, ["f.x: holds no items"]),
    "blank sentence of a pair": ("retrieval", "tsv", "text\tpair\nx\n", {}, ["f.x:2: has 1 field"]),
}


@pytest.mark.parametrize("name", CASES)
def test_broken_file(tmp_path: Path, name: str) -> None:
    kind, format, content, options, fragments = CASES[name]
    path = tmp_path / "f.x"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError) as caught:
        read_file(path, kind, format, COLUMNS[kind] if format in ("tsv", "csv", "jsonl", "parquet") else None, options)
    for fragment in fragments:
        assert fragment in str(caught.value)
    assert str(path) in str(caught.value) or name == "unknown quoting"


def test_all_problems_of_a_file_at_once_but_no_more_than_twenty(tmp_path: Path) -> None:
    path = tmp_path / "f.tsv"
    path.write_text("text\tlabel\n" + "x\n" + "y\tc\n" + "z\ta\n" + "w\td\n")
    with pytest.raises(InputError) as caught:
        read_file(path, "text", "tsv")
    assert [problem.line for problem in caught.value.problems] == [2, 3, 5]
    path.write_text("text\tlabel\n" + "x\n" * 1000)
    with pytest.raises(InputError) as caught:
        read_file(path, "text", "tsv")
    assert [problem.line for problem in caught.value.problems] == list(range(2, 22))


def test_gold_in_some_rows_only_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_text(_jsonl({"text": "x", "label": "a"}, {"text": "y"}, {"text": "z"}))
    with pytest.raises(InputError, match=r"f.jsonl:2: label: is missing here and in 1 more of 3 rows"):
        read_file(path, "text", "jsonl", None, {"unlabelled": ("test",)})
    with pytest.raises(InputError, match=r"f.jsonl:2: label: is missing"):
        read_file(path, "text", "jsonl")


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no files of task 'mine'"):
        read_file(tmp_path, "text", "tsv")
