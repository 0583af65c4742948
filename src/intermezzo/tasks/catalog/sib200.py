"""SIB-200: the topic of a sentence in 205 languages and scripts, row by row the same sentences (FLORES-200)."""

from intermezzo.languages import of_source
from intermezzo.tasks.task import Layout, Task

TASK = Task(
    id="sib200",
    kind="text",
    roles=("target",),
    languages=of_source("sib200"),
    metrics=("accuracy", "macro_f1"),
    labels=("science/technology", "travel", "politics", "sports", "health", "entertainment", "geography"),
    parallel=True,
    sources=(
        Layout(
            files={
                split: f"{{lang}}/{split}.tsv|data/annotated/{{lang}}/{split}.tsv" for split in ("train", "dev", "test")
            },
            format="tsv",
            columns={"text": "text", "label": "category", "id": "index_id"},
            codes="sib200",
            options={"quoting": "csv"},
        ),
    ),
    official_rows={"train": 701, "dev": 99, "test": 204},
    licence="CC BY-SA 4.0",
    citation="Adelani et al. 2024, SIB-200: A Simple, Inclusive, and Big Evaluation Dataset, EACL",
)
