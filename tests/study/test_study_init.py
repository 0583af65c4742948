"""``init``: the study that is written from a person's files loads, and says what was guessed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermezzo.errors import InputError
from intermezzo.study import Study, init_study, load_study
from intermezzo.study.init import quoted
from intermezzo.study.yaml import parse_yaml

ROWS = [("Habari za leo", "no"), ("Siku njema", "yes"), ("a: {b", "no"), ('say "x"', "1")]


def made(folder: Path, *files: str, languages: dict[str, str] | None = None) -> Study:
    out = init_study([folder / file for file in files], folder / "study.yaml", languages=languages)
    return load_study(out)


def tsv(path: Path, header: str, rows: Sequence[tuple[str, ...]]) -> None:
    lines = [header] if header else []
    path.write_text("\n".join([*lines, *("\t".join(row) for row in rows)]) + "\n", encoding="utf-8")


def test_text_with_labels(tmp_path: Path) -> None:
    tsv(tmp_path / "train.en.tsv", "sentence\ttopic", ROWS)
    tsv(tmp_path / "test.sw.tsv", "sentence\ttopic", ROWS[:2])
    study = made(tmp_path, "train.en.tsv", "test.sw.tsv")
    task = study.tasks["my-task"]
    assert (task.kind, task.labels, task.splits) == ("text", ("1", "no", "yes"), ("train", "test"))
    assert study.targets[0].languages == ("swh-Latn",) and study.targets[0].train[0].languages == ("eng-Latn",)
    assert [route.name for route in study.routes] == ["direct", "nli"]
    assert [encoder.source for encoder in study.encoders] == ["intfloat/multilingual-e5-small"]
    text = (tmp_path / "study.yaml").read_text()
    assert "not to be trusted" in text and "test.sw.tsv -> swh-Latn" in text


def test_pairs_without_training_data_are_trained_on_mnli(tmp_path: Path) -> None:
    rows = [("a b", "c d", label) for label in ("entailment", "neutral", "contradiction", "neutral")]
    tsv(tmp_path / "mine.tsv", "", rows)
    study = made(tmp_path, "mine.tsv", languages={"mine.tsv": "Yoruba"})
    assert study.tasks["my-task"].kind == "pair" and study.targets[0].languages == ("yor-Latn",)
    assert [member.task for member in study.targets[0].train] == ["mnli"]
    assert "as you gave them" in (tmp_path / "study.yaml").read_text()


def test_tags_questions_and_parallel_text(tmp_path: Path) -> None:
    for split, language in (("train", "en"), ("dev", "en"), ("test", "yo")):
        (tmp_path / f"{split}-{language}.conll").write_text("Ade B-PER\nlọ O\n\nEko B-LOC\n")
    study = made(tmp_path, "train-en.conll", "dev-en.conll", "test-yo.conll")
    assert study.tasks["my-task"].kind == "tags" and set(study.tasks["my-task"].labels) == {"B-LOC", "B-PER", "O"}

    (tmp_path / "qa").mkdir()
    qas = [{"id": "1", "question": "q", "answers": [{"text": "b", "answer_start": 2}]}]
    squad = {"data": [{"title": "t", "paragraphs": [{"context": "a b", "qas": qas}]}]}
    (tmp_path / "qa" / "sw.json").write_text(json.dumps(squad))
    study = made(tmp_path / "qa", "sw.json")
    assert study.tasks["my-task"].kind == "span" and [m.task for m in study.targets[0].train] == ["squad"]

    (tmp_path / "bi").mkdir()
    (tmp_path / "bi" / "pairs.ha.jsonl").write_text('{"text": "a", "pair": "b"}\n{"text": "c", "pair": "d"}\n')
    study = made(tmp_path / "bi", "pairs.ha.jsonl")
    assert study.tasks["my-task"].kind == "retrieval" and study.targets[0].train == ()


def refused(folder: Path, *files: str, languages: dict[str, str] | None = None) -> str:
    with pytest.raises(InputError) as caught:
        init_study([folder / file for file in files], folder / "study.yaml", languages=languages)
    assert not (folder / "study.yaml").exists(), "nothing is left behind"
    return str(caught.value)


def test_a_folder_a_language(tmp_path: Path) -> None:
    for language, split in (("eng_Latn", "train"), ("swh_Latn", "test"), ("yor", "test")):
        (tmp_path / language).mkdir()
        tsv(tmp_path / language / f"{split}.tsv", "text\tcategory", ROWS)
    study = made(tmp_path, "eng_Latn/train.tsv", "swh_Latn/test.tsv", "yor/test.tsv")
    assert study.targets[0].languages == ("swh-Latn", "yor-Latn")
    assert study.targets[0].train[0].languages == ("eng-Latn",)


def test_what_cannot_be_guessed_is_said(tmp_path: Path) -> None:
    tsv(tmp_path / "mine.tsv", "sentence\ttopic", ROWS)
    tsv(tmp_path / "test.sw.tsv", "sentence\ttopic", ROWS)
    tsv(tmp_path / "odd.sw.tsv", "aa\tbb\tcc\tdd\tee", [("1", "2", "3", "4", "5")])
    (tmp_path / "test.yo.docx").write_bytes(b"PK")
    (tmp_path / "bad.sw.jsonl").write_text("{not json\n")
    (tmp_path / "latin.sw.tsv").write_bytes("s\xe4\tb\n".encode("latin-1"))
    (tmp_path / "empty.sw.csv").write_text("")
    assert "-l mine.tsv=sw" in refused(tmp_path, "mine.tsv")
    assert "no file to train on" in refused(tmp_path, "test.sw.tsv")
    assert "5 columns" in refused(tmp_path, "odd.sw.tsv")
    assert "unknown file suffix '.docx'" in refused(tmp_path, "test.yo.docx")
    assert "cannot be read as jsonl" in refused(tmp_path, "bad.sw.jsonl")
    assert "cannot be read as tsv" in refused(tmp_path, "latin.sw.tsv")
    assert "no rows" in refused(tmp_path, "empty.sw.csv")
    assert "cannot be read" in refused(tmp_path, "none.sw.tsv")
    assert "unknown language 'Klingonn'" in refused(tmp_path, "mine.tsv", languages={"mine.tsv": "Klingonn"})
    (tmp_path / "plain.sw.txt").write_text("just a sentence\n")
    assert "plain.sw.txt:1: has 3 fields" in refused(tmp_path, "plain.sw.txt")
    assert "not among the files" in refused(tmp_path, "test.sw.tsv", languages={"other.tsv": "sw"})
    assert "no file is named" in refused(tmp_path)
    assert "both" in refused(tmp_path, "mine.tsv", "test.sw.tsv", languages={"mine.tsv": "sw"})


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    tsv(tmp_path / "train.en.tsv", "sentence\ttopic", ROWS)
    (tmp_path / "study.yaml").write_text("mine")
    with pytest.raises(InputError, match="never overwritten"):
        init_study([tmp_path / "train.en.tsv"], tmp_path / "study.yaml")
    assert (tmp_path / "study.yaml").read_text() == "mine"


@given(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"])))
def test_any_label_is_read_back(text: str) -> None:
    document = parse_yaml(f"a: [{quoted(text)}, b]\n".encode(), "s.yaml")
    assert document.value == {"a": [text, "b"]}
