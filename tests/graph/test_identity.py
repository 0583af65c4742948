"""What makes a job's identity and what does not: every field of a study stands in one of two lists."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from intermezzo.digests import digest
from intermezzo.graph import DataFacts, EncoderFacts, Graph, build, needed, plan
from intermezzo.graph.why import differences, nearest
from intermezzo.study.recipe import Recipe
from intermezzo.study.study import Encoder, Limits, Member, Route, Study, Target
from intermezzo.tasks import Task, get

FACTS = EncoderFacts(Path("/one"), "e" * 64, "t" * 64, 1000, 5000, 2, 16, 300)
ENCODER = Encoder("tiny", "/one", True, "tiny")
STUDY = Study(
    name="s",
    path=Path("/somewhere/s.yaml"),
    encoders=(ENCODER,),
    routes=(Route("direct"), Route("nli", ((Member("mnli"),),)), Route("both", ((Member("mnli"), Member("squad")),))),
    targets=(
        Target("xnli", ("eng-Latn", "swh-Latn"), (Member("mnli"),)),
        Target("xquad", ("eng-Latn",), (Member("squad"),)),
        Target("tatoeba", ("swh-Latn",)),
    ),
    seeds=(1, 2),
    tasks={name: get(name) for name in ("mnli", "squad", "xnli", "xquad", "tatoeba")},
    recipes={"default": {"early_stopping": {"patience": 2, "every": 5}}},
)


def describe(task: Task, split: str, language: str) -> DataFacts:
    return DataFacts(digest([task.id, split, language]), 100, 9000)


def made(study: Study = STUDY, facts: EncoderFacts = FACTS) -> Graph:
    return build(study, {encoder.name: facts for encoder in study.encoders}, describe)


def identities(graph: Graph) -> set[str]:
    return set(graph.jobs)


def recipe(**changes: Any) -> Study:
    return replace(STUDY, recipes={"default": {**STUDY.recipes["default"], **changes}})


CHANGES: dict[str, Any] = {
    "learning_rate": 3e-4,
    "schedule": "cosine",
    "warmup": 0.2,
    "batch_size": 8,
    "accumulate": 2,
    "epochs": 5.0,
    "steps": 7,
    "max_length": 64,
    "stride": 16,
    "weight_decay": 0.5,
    "gradient_clip": 2.0,
    "early_stopping": {"patience": 3, "every": 5},
    "precision": "bfloat16",
    "lora": {"rank": 4},
    "temperature": 2.0,
    "examples_cap": 10,
    "dropout": 0.3,
}


def test_every_field_of_a_recipe_changes_the_identity_of_trainings() -> None:
    assert set(CHANGES) == {field.name for field in dataclasses.fields(Recipe)}
    before = {i for i, job in made().jobs.items() if job.type == "train"}
    for name, value in CHANGES.items():
        after = {i for i, job in made(recipe(**{name: value})).jobs.items() if job.type == "train"}
        assert not before & after, name


MEANS = {"prefix": "query: ", "pooling": "mean"}
MEANS_NOTHING = {
    "name": "other",
    "source": "/two",
    "family": "f",
    "revision": "abc",
    "parameters": 77,
    "pretraining_seed": 3,
    "seen": ("mnli",),
    "pretraining_corpus": "cc100",
    "is_folder": False,
}
RETRIEVAL_ONLY = {"layer": "last"}


def test_every_field_of_an_encoder_stands_in_one_list() -> None:
    lists = {*MEANS, *MEANS_NOTHING, *RETRIEVAL_ONLY, "recipe"}
    assert lists == {field.name for field in dataclasses.fields(Encoder)}
    before = identities(made())
    for name, value in MEANS_NOTHING.items():
        study = replace(STUDY, encoders=(replace(ENCODER, **{name: value}),))
        assert identities(made(study)) == before, name
    for name, value in MEANS.items():
        study = replace(STUDY, encoders=(replace(ENCODER, **{name: value}),))
        assert not {i for i, j in made(study).jobs.items() if j.type == "train"} & before, name
    graph = made(replace(STUDY, encoders=(replace(ENCODER, layer="last"),)))
    changed = {graph.jobs[i].type for i in identities(graph) - before}
    assert changed == {"predict", "score"}


def test_every_fact_of_an_encoder_stands_in_one_list() -> None:
    means = {"digest": "f" * 64, "tokenizer_digest": "u" * 64}
    nothing = {"folder": Path("/two"), "parameters": 9, "parameters_total": 9, "layers": 9, "hidden": 9, "vocabulary": 9}
    assert {*means, *nothing} == {field.name for field in dataclasses.fields(EncoderFacts)}
    before = identities(made())
    for name, value in nothing.items():
        assert identities(made(facts=replace(FACTS, **{name: value}))) == before, name
    for name, value in means.items():
        assert not {i for i, j in made(facts=replace(FACTS, **{name: value})).jobs.items() if j.type == "train"} & before


def test_names_paths_and_order_of_a_study_mean_nothing() -> None:
    before = identities(made())
    moved = replace(STUDY, name="renamed", path=Path("/else/x.yaml"), data_root=Path("/data"))
    assert identities(made(moved)) == before
    turned = replace(STUDY, routes=(STUDY.routes[0], *reversed(STUDY.routes[1:])), targets=STUDY.targets[::-1], seeds=(2, 1))
    assert identities(made(turned)) == before
    renamed = replace(STUDY, routes=(STUDY.routes[0], replace(STUDY.routes[1], name="zz"), STUDY.routes[2]))
    assert identities(made(renamed)) == before


def test_data_seed_and_caps_change_identities() -> None:
    before = identities(made())
    other = build(STUDY, {"tiny": FACTS}, lambda t, s, lang: DataFacts(digest([t.id, s, lang, "new"]), 100, 9000))
    assert not identities(other) & before
    seeds = made(replace(STUDY, seeds=(3,)))
    assert not {i for i, j in seeds.jobs.items() if j.type == "train"} & before
    capped = made(replace(STUDY, limits=Limits(train_examples=10)))
    assert not {i for i, j in capped.jobs.items() if j.type == "train"} & before
    assert all("capped" in cell["flags"] for cell in capped.cells if cell["target"] == "xnli")


def test_a_cap_that_does_not_bite_changes_nothing() -> None:
    roomy = made(replace(STUDY, limits=Limits(train_examples=100, eval_examples=1000, steps=10**6)))
    assert identities(roomy) == identities(made())
    assert not any("capped" in cell["flags"] for cell in roomy.cells)


def test_epochs_and_the_same_number_of_steps_are_one_job() -> None:
    steps = 10
    by_epochs = made(recipe(epochs=steps / 4.0, batch_size=32))
    trained = [j for j in by_epochs.jobs.values() if j.type == "train" and len(j.meaning["members"]) == 1]
    assert {j.meaning["steps"] for j in trained} == {steps}
    assert {j.id for j in trained} <= identities(made(recipe(steps=steps, batch_size=32)))


def test_sharing_follows_from_identity() -> None:
    graph = made()
    trained = [job for job in graph.jobs.values() if job.type == "train"]
    # A seed: direct XNLI, direct XQuAD, route nli, route both, and two targets after each route;
    # route nli is the direct XNLI run, so it is trained once.
    assert len(trained) == 2 * 7
    retrieval = [c for c in graph.cells if c["target"] == "tatoeba" and c["route"] == "direct"]
    assert len({cell["score"] for cell in retrieval}) == 1
    assert graph.sharing.ours < graph.sharing.careful < graph.sharing.independent


def test_flags() -> None:
    cells = {(c["route"], c["target"], c["language"]): c["flags"] for c in made().cells}
    assert cells["nli", "xnli", "swh-Latn"] == ["shared_training"]
    assert cells["nli", "xquad", "eng-Latn"] == []
    assert cells["both", "xquad", "eng-Latn"] == ["shared_training"]
    seen = made(replace(STUDY, encoders=(replace(ENCODER, seen=("squad",)),)))
    flagged = {(c["route"], c["target"]) for c in seen.cells if "seen" in c["flags"]}
    assert ("direct", "xquad") in flagged and ("both", "xnli") in flagged and ("direct", "xnli") not in flagged


def test_plan_says_have_run_and_wait() -> None:
    graph = made()
    empty = plan(graph, lambda i: False, lambda i: None)
    assert {job["state"] for job in empty["jobs"]} == {"run", "wait"}
    assert all(job["state"] == "run" for job in empty["jobs"] if job["type"] == "tokenize")
    full = plan(graph, lambda i: True, lambda i: None)
    assert full["totals"]["have"] == full["totals"]["jobs"] and full["totals"]["seconds"] == 0
    scores_only = {i for i, job in graph.jobs.items() if job.type == "score"}
    _, must = needed(graph, lambda i: i in scores_only)
    assert must == set()
    places = {job_id: n for n, job_id in enumerate(graph.jobs)}
    assert all(places[i] < places[job.id] for job in graph.jobs.values() for i in job.inputs.values())


def test_why_names_the_field_that_differs() -> None:
    one = next(j for j in made().jobs.values() if j.type == "train")
    others = {j.id: j.meaning for j in made(recipe(learning_rate=5e-5)).jobs.values()}
    near = nearest(one.id, one.meaning, others.items())
    assert near is not None
    assert [d["field"] for d in differences(one.meaning, others[near])] == ["recipe.learning_rate"]


def test_golden_identity() -> None:
    """The identity of a fixed job: it may only move with a raised version."""
    job = next(j for j in made().jobs.values() if j.type == "train" and j.meaning["seed"] == 1 and "parent" not in j.inputs)
    assert job.meaning["version"] == 1
    assert sorted(job.meaning) == [
        "encoder",
        "inputs",
        "members",
        "pooling",
        "recipe",
        "seed",
        "steps",
        "type",
        "version",
    ]
    assert sorted(job.meaning["members"][0]) == ["dev", "impossible", "kind", "labels", "metric", "outputs", "share", "train"]


@pytest.mark.parametrize("target", ["xnli", "xquad", "tatoeba"])
def test_adding_a_language_trains_nothing(target: str) -> None:
    before = {i for i, job in made().jobs.items() if job.type == "train"}
    more = tuple(replace(t, languages=(*t.languages, "deu-Latn")) if t.task == target else t for t in STUDY.targets)
    graph = made(replace(STUDY, targets=more))
    assert {i for i, job in graph.jobs.items() if job.type == "train"} == before
    assert len(graph.jobs) > len(made().jobs)
