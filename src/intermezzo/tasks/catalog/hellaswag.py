"""HellaSwag: how does a scene go on; four endings."""

from intermezzo.tasks.task import Layout, Task

TASK = Task(
    id="hellaswag",
    kind="choice",
    roles=("intermediate", "target"),
    languages=("eng-Latn",),
    metrics=("accuracy",),
    splits=("train", "dev"),
    labels=("0", "1", "2", "3"),
    sources=(
        Layout(
            files={"train": "hellaswag_train.jsonl", "dev": "hellaswag_val.jsonl", "test": "hellaswag_test.jsonl"},
            format="jsonl",
            columns={"context": "ctx", "choices": "endings", "label": "label", "id": "ind"},
            codes="xtreme",
            options={"unlabelled": ("test",)},
        ),
    ),
    official_rows={"train": 39_905, "dev": 10_042, "test": 10_003},
    licence="MIT",
    citation="Zellers et al. 2019, HellaSwag: Can a Machine Really Finish Your Sentence?, ACL",
)
