"""Plain text for masked language modelling: ``LANGUAGE.txt`` in ``mlm_text/``, a sentence or paragraph a line."""

from intermezzo.languages import all_languages
from intermezzo.tasks.task import Layout, Task

LANGUAGES = tuple(language.code for language in all_languages())

TASK = Task(
    id="mlm",
    kind="mlm",
    roles=("intermediate",),
    languages=LANGUAGES,
    train_languages=LANGUAGES,
    metrics=("likelihood", "loss"),
    splits=("train",),
    folder="mlm_text",
    sources=tuple(
        Layout(files={"train": "{lang}.txt"}, format="lines", codes=codes)
        for codes in ("mlm_text", "any", "iso639-3", "xtreme")
    ),
    licence="that of the text put there",
    citation="Devlin et al. 2019, BERT, NAACL",
)
