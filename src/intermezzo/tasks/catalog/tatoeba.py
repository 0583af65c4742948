"""Tatoeba: find the translation of an English sentence among all sentences of a language.

English sentences repeat across languages, so that their scores are not independent; rows are no common items.
"""

from intermezzo.languages import of_source
from intermezzo.tasks.task import Layout, Task

LANGUAGES = tuple(code for code in of_source("tatoeba") if code != "eng-Latn")
SMALLER = {
    **{"jav-Latn": 205, "tel-Telu": 234, "tam-Taml": 307, "swh-Latn": 390},
    **{"tha-Thai": 548, "kaz-Cyrl": 575, "mal-Mlym": 687, "kat-Geor": 746},
}

TASK = Task(
    id="tatoeba",
    kind="retrieval",
    roles=("target",),
    languages=LANGUAGES,
    metrics=("accuracy",),
    splits=("test",),
    train_languages=(),
    sources=(
        Layout(  # LASER
            files={"test": "tatoeba.{lang}-eng.{lang}|v1/tatoeba.{lang}-eng.{lang}|laser_v1/tatoeba.{lang}-eng.{lang}"},
            format="parallel",
            codes="tatoeba",
            options={"pair": "tatoeba.{lang}-eng.eng|v1/tatoeba.{lang}-eng.eng|laser_v1/tatoeba.{lang}-eng.eng"},
        ),
        Layout(  # XTREME's processed form: the English side is sorted, the gold rows stand in a file of their own
            files={"test": "{lang}-en.{lang}"},
            format="parallel",
            codes="xtreme",
            options={"pair": "{lang}-en.en", "gold": "test-{lang}.tsv"},
        ),
    ),
    official_rows={f"test {language}": SMALLER.get(language, 1_000) for language in LANGUAGES},
    licence="CC BY 2.0 FR",
    citation="Artetxe & Schwenk 2019, Massively Multilingual Sentence Embeddings for Zero-Shot Transfer, TACL",
)
