"""What is written is read, character by character, in every format."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tasks_samples import LANGUAGE, question, read_file, squad, task_of

from intermezzo.errors import InputError
from intermezzo.tasks import ChoiceExample, LineExample, PairExample, SpanExample, TagsExample, TextExample, read

# Everything a text may hold, with the characters at which careless readers split or strip.
HARD = st.sampled_from(list("\u2028\u2029\u0085\x0b\x0c\x1c\ufeff\u200b\xa0\"',# \r"))
CHARACTERS = st.characters(exclude_categories=("Cs",))
ANY = st.text(st.one_of(CHARACTERS, HARD), max_size=12)
LINE = ANY.map(lambda text: text.replace("\n", "").replace("\t", "").rstrip("\r"))
WORD = LINE.map(lambda text: text.replace(" ", "")).filter(bool)
LABEL = st.sampled_from(["a", "b"])
ENDS = st.sampled_from(["\n", "\r\n"])
FEW = settings(max_examples=60, deadline=None)


def _file(content: str) -> Path:
    assume(not content.startswith("\ufeff"))  # there it is no text
    handle = tempfile.NamedTemporaryFile(suffix=".x", delete=False)  # noqa: SIM115
    handle.write(content.encode("utf-8"))
    handle.close()
    return Path(handle.name)


@FEW
@given(st.lists(st.tuples(LINE, LABEL), min_size=1), ENDS, st.booleans())
def test_tsv(rows: list[tuple[str, str]], end: str, last: bool) -> None:
    content = end.join("\t".join(row) for row in [("text", "label"), *rows]) + (end if last else "")
    path = _file(content)
    found = read_file(path, "text", "tsv")
    path.unlink()
    assert found.examples == tuple(TextExample(str(i), text, label) for i, (text, label) in enumerate(rows))
    assert found.rows == len(rows) and not found.repaired and not found.dropped


@FEW
@given(st.lists(st.tuples(ANY, ANY, LABEL), min_size=1), ENDS, st.sampled_from(["csv", "tsv"]))
def test_csv_as_the_standard_writer_writes_it(rows: list[tuple[str, str, str]], end: str, format: str) -> None:
    out = io.StringIO()
    delimiter = "," if format == "csv" else "\t"
    # Every field is quoted, since the writer leaves a lone carriage return bare, which RFC 4180 does not.
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("text", "pair", "label"), *rows])
    path = _file(out.getvalue())
    found = read_file(path, "pair", format, None, {"quoting": "csv"})
    path.unlink()
    assert found.examples == tuple(PairExample(str(i), *row) for i, row in enumerate(rows))


@FEW
@given(st.lists(st.tuples(LINE, LABEL), min_size=1), ENDS)
def test_either_reads_quoted_and_bare_files_alike(rows: list[tuple[str, str]], end: str) -> None:
    rows = [(text.replace("\r", "") + " ends", label) for text, label in rows]
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator=end).writerows(rows)
    bare = end.join("\t".join(row) for row in rows)
    columns = {"text": 0, "label": 1}
    paths = [_file(out.getvalue()), _file(bare)]
    quoted, plain = (read_file(path, "text", "tsv", columns, {"quoting": "either"}) for path in paths)
    for path in paths:
        path.unlink()
    assert quoted.examples == plain.examples
    assert [example.text for example in plain.examples if isinstance(example, TextExample)] == [row[0] for row in rows]


@FEW
@given(st.lists(st.tuples(ANY, LABEL), min_size=1), st.booleans())
def test_jsonl(rows: list[tuple[str, str]], ascii: bool) -> None:
    content = "\n".join(json.dumps({"text": text, "label": label, "n": {}}, ensure_ascii=ascii) for text, label in rows)
    path = _file(content)
    found = read_file(path, "text", "jsonl")
    path.unlink()
    assert found.examples == tuple(TextExample(str(i), text, label) for i, (text, label) in enumerate(rows))


SENTENCES = st.lists(st.lists(st.tuples(WORD, st.sampled_from(["NOUN", "VERB"])), min_size=1), min_size=1)


@FEW
@given(SENTENCES, st.sampled_from(["\t", " "]), ENDS, st.booleans())
def test_conll(sentences: list[list[tuple[str, str]]], separator: str, end: str, last: bool) -> None:
    blocks = [end.join(separator.join(word) for word in sentence) + end for sentence in sentences]
    path = _file(end.join(blocks) + (end if last else ""))
    found = read_file(path, "tags", "conll")
    path.unlink()
    assert found.examples == tuple(
        TagsExample(str(i), tuple(w for w, _ in s), tuple(t for _, t in s)) for i, s in enumerate(sentences)
    )


@FEW
@given(SENTENCES)
def test_conllu(sentences: list[list[tuple[str, str]]]) -> None:
    content = ""
    for number, sentence in enumerate(sentences):
        content += f"# sent_id = s{number}\n# text\n1-2\tignored\t_\t_\t_\t_\t_\t_\t_\t_\n"
        for place, (word, tag) in enumerate(sentence, 1):
            content += f"{place}\t{word}\t_\t{tag}\t_\t_\t0\troot\t_\t_\n{place}.1\tempty\t_\tX\t_\t_\t_\t_\t_\t_\n"
        content += "\n"
    path = _file(content)
    found = read_file(path, "tags", "conllu")
    path.unlink()
    kept = [(f"s{i}", [(w, t) for w, t in s if w != "_"]) for i, s in enumerate(sentences)]
    assert found.examples == tuple(
        TagsExample(name, tuple(w for w, _ in s), tuple(t for _, t in s)) for name, s in kept if s
    )


@FEW
@given(st.lists(st.lists(LINE.filter(lambda text: bool(text.strip())), min_size=1), min_size=1))
def test_lines(documents: list[list[str]]) -> None:
    path = _file("\n\n".join("\n".join(document) for document in documents))
    found = read_file(path, "mlm", "lines")
    path.unlink()
    assert found.examples == tuple(
        LineExample(f"{d}.{i}", text) for d, document in enumerate(documents) for i, text in enumerate(document)
    )


def test_parquet(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    path = tmp_path / "f.parquet"
    tokens, tags = [["a\u2028", "b"], ["c"]], [["NOUN", "VERB"], ["NOUN"]]
    pyarrow.parquet.write_table(pyarrow.table({"tokens": tokens, "tags": tags, "more": [1, 2]}), path)
    found = read_file(path, "tags", "parquet")
    assert found.examples == (TagsExample("0", ("a\u2028", "b"), ("NOUN", "VERB")), TagsExample("1", ("c",), ("NOUN",)))
    pyarrow.parquet.write_table(pyarrow.table({"tokens": tokens, "tags": [["NOUN", "VERB"], ["X"]]}), path)
    with pytest.raises(InputError, match=r"f.parquet: row 2: tags: undeclared label 'X'"):
        read_file(path, "tags", "parquet")


def test_squad_and_its_repairs(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    # The second answer stands twice: at 0 and at 21; a start of 18 means the later one.
    context = "simba na nyumba na   simba"
    questions = [question("nyumba", 9), question("simba", 18), question("tembo", 0), question("na", -1)]
    path.write_text(json.dumps(squad(*questions, context=context)))
    found = read_file(path, "span", "squad", repairs=("answer_start",))
    placed = [(a.text, a.start) for e in found.examples if isinstance(e, SpanExample) for a in e.answers]
    assert placed == [("nyumba", 9), ("simba", 21)]
    assert found.rows == 4
    assert found.repaired == {"answer_start": 1}
    assert found.dropped == {"answer not in context": 1, "answer_start -1": 1}


def test_impossible_questions(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    none = {"id": "n", "question": "Lini?", "answers": [], "is_impossible": True, "plausible_answers": [{"text": "x"}]}
    path.write_text(json.dumps(squad(question(is_impossible=False), none)))
    task = replace(task_of(path, "span", "squad"), options={"impossible": True})
    examples = read(task, "test", LANGUAGE, None).examples
    assert [(e.impossible, len(e.answers)) for e in examples if isinstance(e, SpanExample)] == [(False, 1), (True, 0)]


@pytest.mark.parametrize(
    "answers",
    [
        [{"text": "nyumbani", "answer_start": 16}],
        {"text": ["nyumbani"], "answer_start": [16]},
        "nyumbani",
    ],
)
def test_answers_of_table_formats(tmp_path: Path, answers: object) -> None:
    path = tmp_path / "f.jsonl"
    path.write_text(json.dumps({"question": "Wapi?", "context": "Panya alikimbia nyumbani.", "answers": answers}))
    (example,) = read_file(path, "span", "jsonl").examples
    assert isinstance(example, SpanExample) and (example.answers[0].text, example.answers[0].start) == ("nyumbani", 16)


def test_choices_in_several_columns_and_with_labels(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("q,one,two,label\nNini?,x,y,1\n")
    columns = {"question": "q", "choices": ("one", "two"), "label": "label"}
    assert read_file(path, "choice", "csv", columns).examples == (ChoiceExample("0", "", "Nini?", ("x", "y"), 1),)
    path = tmp_path / "f.jsonl"
    choices = [{"label": "B", "text": "x"}, {"label": "A", "text": "y"}]
    path.write_text(json.dumps({"question": "Nini?", "choices": choices, "label": "A"}))
    found = read_file(path, "choice", "jsonl", labels=("A", "B"))
    assert found.examples == (ChoiceExample("0", "", "Nini?", ("x", "y"), 1),)


def test_a_byte_order_mark_is_counted_and_gone(tmp_path: Path) -> None:
    path = tmp_path / "f.tsv"
    path.write_bytes("\ufefftext\tlabel\nx\ta\n".encode())
    found = read_file(path, "text", "tsv")
    assert found.examples == (TextExample("0", "x", "a"),) and found.repaired == {"byte order mark": 1}


def test_a_word_may_begin_with_the_sign_of_comments(tmp_path: Path) -> None:
    path = tmp_path / "f.conllu"
    path.write_text("# text = a\n1\t#\t_\tNOUN\t_\t_\t0\troot\t_\t_\n2\t#x\t_\tVERB\t_\t_\t1\tdep\t_\t_\n")
    (example,) = read_file(path, "tags", "conllu").examples
    assert isinstance(example, TagsExample) and example.tokens == ("#", "#x")
