"""CommonsenseQA: a question of common sense; five answers."""

from intermezzo.tasks.task import Layout, Task

TASK = Task(
    id="commonsenseqa",
    kind="choice",
    roles=("intermediate", "target"),
    languages=("eng-Latn",),
    metrics=("accuracy",),
    splits=("train", "dev"),
    labels=("A", "B", "C", "D", "E"),
    sources=(
        Layout(
            files={
                "train": "train_rand_split.jsonl",
                "dev": "dev_rand_split.jsonl",
                "test": "test_rand_split_no_answers.jsonl",
            },
            format="jsonl",
            columns={"question": "question.stem", "choices": "question.choices", "label": "answerKey", "id": "id"},
            codes="xtreme",
            options={"unlabelled": ("test",)},
        ),
    ),
    official_rows={"train": 9_741, "dev": 1_221, "test": 1_140},
    licence="MIT",
    citation="Talmor et al. 2019, CommonsenseQA: A Question Answering Challenge Targeting Commonsense Knowledge, NAACL",
)
