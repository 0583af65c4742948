"""MultiNLI: does a sentence follow from another, in ten genres of English; also its machine translations (XNLI-MT)."""

from intermezzo.tasks.task import Layout, Task

# The columns of the distribution; its text form lacks the last columns in most rows.
COLUMNS: dict[str, str | int | tuple[str | int, ...]] = {
    "text": "sentence1",
    "pair": "sentence2",
    "label": "gold_label",
    "id": "pairID",
}

TASK = Task(
    id="mnli",
    kind="pair",
    roles=("intermediate", "target"),
    languages=("eng-Latn",),
    metrics=("accuracy", "macro_f1"),
    splits=("train", "dev"),
    labels=("contradiction", "entailment", "neutral"),
    aliases={"contradictory": "contradiction"},
    options={"drop_labels": ("-",)},
    sources=(
        Layout(
            files={
                "train": "multinli_1.0_train.jsonl|multinli_1.0/multinli_1.0_train.jsonl",
                "dev": "multinli_1.0_dev_matched.jsonl|multinli_1.0/multinli_1.0_dev_matched.jsonl",
            },
            format="jsonl",
            columns=COLUMNS,
            codes="xtreme",
        ),
        Layout(
            files={
                "train": "multinli_1.0_train.txt|multinli_1.0/multinli_1.0_train.txt",
                "dev": "multinli_1.0_dev_matched.txt|multinli_1.0/multinli_1.0_dev_matched.txt",
            },
            format="tsv",
            columns=COLUMNS,
            codes="xtreme",
            options={"ragged": True},
        ),
        Layout(  # GLUE
            files={
                "train": "train.tsv|MNLI/train.tsv|glue/MNLI/train.tsv",
                "dev": "dev_matched.tsv|MNLI/dev_matched.tsv|glue/MNLI/dev_matched.tsv",
            },
            format="tsv",
            columns=COLUMNS,
            codes="xtreme",
        ),
        Layout(
            files={"train": "train.jsonl", "dev": "dev_matched.jsonl|dev.jsonl"},
            format="jsonl",
            columns={"text": "premise", "pair": "hypothesis", "label": "label"},
            codes="xtreme",
        ),
        Layout(  # XNLI-MT-1.0
            files={
                "train": "XNLI-MT-1.0/multinli/multinli.train.{lang}.tsv"
                "|../xnli/XNLI-MT-1.0/multinli/multinli.train.{lang}.tsv"
            },
            format="tsv",
            columns={"text": "premise", "pair": "hypo", "label": "label"},
            codes="xtreme",
        ),
        # XTREME's translations: the README has the English pair first, the loader reads three columns.
        Layout(
            files={
                "train": "XNLI-Translated/en-{lang}-translated.tsv|../xnli/XNLI-Translated/en-{lang}-translated.tsv"
            },
            format="tsv",
            columns={"text": 2, "pair": 3, "label": 4},
            codes="xtreme",
            options={"quoting": "either", "width": 5},
        ),
        Layout(
            files={
                "train": "XNLI-Translated/en-{lang}-translated.tsv|../xnli/XNLI-Translated/en-{lang}-translated.tsv"
            },
            format="tsv",
            columns={"text": 0, "pair": 1, "label": 2},
            codes="xtreme",
            options={"quoting": "either", "width": 3},
        ),
    ),
    official_rows={"train": 392_702, "dev": 9_815},
    licence="OANC; CC BY 3.0; CC BY-SA 3.0 (by genre)",
    citation="Williams, Nangia & Bowman 2018, A Broad-Coverage Challenge Corpus (MultiNLI), NAACL",
)
