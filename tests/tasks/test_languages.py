"""Any usual way to write a language means the same one; sources keep their own spelling."""

from __future__ import annotations

import csv
from importlib import resources

import pytest

from intermezzo.errors import InputError
from intermezzo.languages import all_languages, canonical, of_source, source_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("sw", "swh-Latn"),
        ("swh", "swh-Latn"),
        ("swh_Latn", "swh-Latn"),
        ("SWH-latn", "swh-Latn"),
        ("Swahili", "swh-Latn"),
        ("swahili", "swh-Latn"),
        ("en", "eng-Latn"),
        ("English", "eng-Latn"),
        ("no", "nob-Latn"),
        ("zh", "cmn-Hans"),
        ("zho_Hant", "cmn-Hant"),
        (" yo ", "yor-Latn"),
        ("qaa-latn", "qaa-Latn"),
    ],
)
def test_usual_forms(text: str, code: str) -> None:
    assert canonical(text) == code


def test_a_source_decides_what_its_codes_mean() -> None:
    assert canonical("zh", "xtreme") == "cmn-Hans"
    assert canonical("zh", "ud") == "cmn-Hant"
    assert canonical("qu", "xcopa") == "qve-Latn"
    assert canonical("swa", "masakhaner2") == "swh-Latn"
    # A code that the source does not have is read as everywhere else.
    assert canonical("yor_Latn", "ud") == "yor-Latn"


def test_every_row_of_the_table() -> None:
    text = resources.files("intermezzo").joinpath("data/languages.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) > 1300
    for row in rows:
        assert canonical(row["code"], row["source"]) == row["canonical"]
        back = source_code(row["canonical"], row["source"])
        assert canonical(back, row["source"]) == row["canonical"]


def test_every_language_by_code_and_name() -> None:
    for language in all_languages():
        assert canonical(language.code) == canonical(language.name) == language.code
        assert canonical(language.code.replace("-", "_").upper()) == language.code


def test_inverse() -> None:
    assert source_code("swh-Latn", "tatoeba") == "swh"
    assert source_code("swh-Latn", "xtreme") == "sw"
    assert source_code("swh-Latn", "sib200") == "swh_Latn"
    assert source_code("cmn-Hant", "ud") == "zh"
    assert source_code("swh-Latn", "any") == "swh-Latn"
    assert source_code("swh-Latn", "iso639-3") == "swh"
    assert len(of_source("ud")) == 33 and len(of_source("sib200")) == 205


def test_unknown_languages_are_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"unknown language 'Swahilli'.*intermezzo languages.*did you mean 'Swahili'"):
        canonical("Swahilli")
    with pytest.raises(InputError, match="did you mean 'swh-Latn'"):
        canonical("shw-Latn")
    with pytest.raises(InputError, match="unknown language ''"):
        canonical("")
    with pytest.raises(InputError, match="ud has no language 'xho-Latn'"):
        source_code("xho-Latn", "ud")
    with pytest.raises(InputError, match="did you mean 'xtreme'"):
        source_code("xho-Latn", "xtrme")
