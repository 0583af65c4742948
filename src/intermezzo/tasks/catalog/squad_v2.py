"""SQuAD 2.0: SQuAD 1.1 and questions that its paragraphs do not answer."""

from intermezzo.tasks.task import Layout, Task

TASK = Task(
    id="squad_v2",
    kind="span",
    roles=("intermediate", "target"),
    languages=("eng-Latn",),
    metrics=("f1", "exact_match", "best_f1", "best_f1_thresh", "best_exact", "best_exact_thresh"),
    splits=("train", "dev"),
    folder="squad",
    contaminates=("dev xquad",),
    options={"impossible": True},
    sources=(Layout(files={"train": "train-v2.0.json", "dev": "dev-v2.0.json"}, format="squad", codes="xtreme"),),
    official_rows={"train": 130_319, "dev": 11_873},
    licence="CC BY-SA 4.0",
    citation="Rajpurkar, Jia & Liang 2018, Know What You Don't Know: Unanswerable Questions for SQuAD, ACL",
)
