"""SNLI: does a sentence follow from the caption of a picture."""

from intermezzo.tasks.task import Layout, Task

COLUMNS: dict[str, str | int | tuple[str | int, ...]] = {
    "text": "sentence1",
    "pair": "sentence2",
    "label": "gold_label",
    "id": "pairID",
}

TASK = Task(
    id="snli",
    kind="pair",
    roles=("intermediate", "target"),
    languages=("eng-Latn",),
    metrics=("accuracy", "macro_f1"),
    labels=("contradiction", "entailment", "neutral"),
    options={"drop_labels": ("-",)},
    sources=(
        Layout(
            files={
                "train": "snli_1.0_train.jsonl|snli_1.0/snli_1.0_train.jsonl",
                "dev": "snli_1.0_dev.jsonl|snli_1.0/snli_1.0_dev.jsonl",
                "test": "snli_1.0_test.jsonl|snli_1.0/snli_1.0_test.jsonl",
            },
            format="jsonl",
            columns=COLUMNS,
            codes="xtreme",
        ),
        Layout(
            files={
                "train": "snli_1.0_train.txt|snli_1.0/snli_1.0_train.txt",
                "dev": "snli_1.0_dev.txt|snli_1.0/snli_1.0_dev.txt",
                "test": "snli_1.0_test.txt|snli_1.0/snli_1.0_test.txt",
            },
            format="tsv",
            columns=COLUMNS,
            codes="xtreme",
            options={"ragged": True},
        ),
        Layout(
            files={"train": "train.jsonl", "dev": "dev.jsonl", "test": "test.jsonl"},
            format="jsonl",
            columns={"text": "premise", "pair": "hypothesis", "label": "label"},
            codes="xtreme",
        ),
    ),
    official_rows={"train": 549_367, "dev": 9_842, "test": 9_824},
    licence="CC BY-SA 4.0",
    citation="Bowman et al. 2015, A large annotated corpus for learning natural language inference, EMNLP",
)
