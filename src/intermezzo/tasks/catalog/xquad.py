"""XQuAD: a part of the SQuAD 1.1 dev set in eleven languages, question by question the same; trained on SQuAD."""

from intermezzo.languages import canonical
from intermezzo.tasks.task import Layout, Task

TASK = Task(
    id="xquad",
    kind="span",
    roles=("target",),
    languages=tuple(canonical(c, "xtreme") for c in "en es de el ru tr ar vi th zh hi".split()),
    metrics=("f1", "exact_match"),
    splits=("test",),
    train_on="squad",
    parallel=True,
    sources=(  # XTREME's processed files bear the same names, with every answer blanked
        Layout(
            files={"test": "xquad.{lang}.json"},
            format="squad",
            codes="xtreme",
            options={"unlabelled": ("test",)},
        ),
    ),
    official_rows={"test": 1_190},
    licence="CC BY-SA 4.0",
    citation="Artetxe, Ruder & Yogatama 2020, On the Cross-lingual Transferability of Monolingual Representations, ACL",
)
