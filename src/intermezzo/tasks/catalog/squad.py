"""SQuAD 1.1: the span of a Wikipedia paragraph that answers a question; also XTREME's machine translations."""

from intermezzo.tasks.task import Layout, Task

TASK = Task(
    id="squad",
    kind="span",
    roles=("intermediate", "target"),
    languages=("eng-Latn",),
    metrics=("f1", "exact_match"),
    splits=("train", "dev"),
    folder="squad",
    contaminates=("dev xquad",),
    sources=(
        Layout(files={"train": "train-v1.1.json", "dev": "dev-v1.1.json"}, format="squad", codes="xtreme"),
        Layout(  # spans were found again after translation: some starts are off
            files={
                "train": "squad.translate.train.en-{lang}.json|translate-train/squad.translate.train.en-{lang}.json",
                "dev": "squad.translate.dev.en-{lang}.json|translate-dev/squad.translate.dev.en-{lang}.json",
            },
            format="squad",
            codes="xtreme",
            options={"repairs": ("answer_start",)},
        ),
    ),
    official_rows={"train": 87_599, "dev": 10_570},
    licence="CC BY-SA 4.0",
    citation="Rajpurkar et al. 2016, SQuAD: 100,000+ Questions for Machine Comprehension of Text, EMNLP",
)
