"""XNLI: MultiNLI's question in fifteen languages, row by row the same items; trained on MultiNLI."""

from intermezzo.languages import canonical
from intermezzo.tasks.task import Layout, Task

COLUMNS: dict[str, str | int | tuple[str | int, ...]] = {
    "text": "sentence1",
    "pair": "sentence2",
    "label": "gold_label",
    "id": "pairID",
}
ONE_LANGUAGE = {"language": "{lang}"}

TASK = Task(
    id="xnli",
    kind="pair",
    roles=("target",),
    languages=tuple(canonical(c, "xtreme") for c in "ar bg de el en es fr hi ru sw th tr ur vi zh".split()),
    metrics=("accuracy", "macro_f1"),
    splits=("dev", "test"),
    labels=("contradiction", "entailment", "neutral"),
    aliases={"contradictory": "contradiction"},
    train_on="mnli",
    parallel=True,
    sources=(
        Layout(
            files={
                "dev": "XNLI-1.0/xnli.dev.jsonl|xnli.dev.jsonl",
                "test": "XNLI-1.0/xnli.test.jsonl|xnli.test.jsonl",
            },
            format="jsonl",
            columns=COLUMNS,
            codes="xtreme",
            options={"where": ONE_LANGUAGE},
        ),
        Layout(
            files={"dev": "XNLI-1.0/xnli.dev.tsv|xnli.dev.tsv", "test": "XNLI-1.0/xnli.test.tsv|xnli.test.tsv"},
            format="tsv",
            columns=COLUMNS,
            codes="xtreme",
            options={"where": ONE_LANGUAGE},
        ),
        Layout(  # XTREME's processed files, written by a CSV writer; copies without its quoting exist
            files={"dev": "dev-{lang}.tsv", "test": "test-{lang}.tsv"},
            format="tsv",
            columns={"text": 0, "pair": 1, "label": 2},
            codes="xtreme",
            options={"quoting": "either", "unlabelled": ("test",)},
        ),
    ),
    official_rows={"dev": 2_490, "test": 5_010},
    licence="CC BY-NC 4.0",
    non_commercial=True,
    citation="Conneau et al. 2018, XNLI: Evaluating Cross-lingual Sentence Representations, EMNLP",
)
