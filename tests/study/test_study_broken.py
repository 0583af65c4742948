"""Broken studies: each is refused with the file, the line, the field, and what would be right."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intermezzo.errors import InputError
from intermezzo.study import Study, load_study

GOOD = """\
intermezzo: 1
name: first
encoders:
  - {id: ./enc, name: mine}
routes:
  direct: []
  nli: [mnli]
  both: {phases: [[mnli, {task: squad, share: 0.2}]], recipe: {learning_rate: 1.0e-5}}
targets:
  - {task: xnli, languages: [en, sw], train: mnli}
  - my-topic
seeds: [1, 2]
recipes: {default: {epochs: 1, precision: float32}, phase: {target: {batch_size: 16}}, task: {squad: {stride: 32}}}
limits: {steps: 100}
tasks:
  my-topic: {kind: text, role: target, labels: [a, no], train: {en: data/train.tsv}, test: {sw: data/sw.tsv},
    format: tsv, columns: {text: sentence, label: topic}, metric: accuracy}
  mnli: {splits: {train: {from: dev, rows: "0:4000"}, dev: {from: dev, rows: "4000:"}}}
analysis: {margins: {points: 0.5}, alpha: 0.05}
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with everything that GOOD names."""
    (tmp_path / "data").mkdir()
    for name in ("train", "sw"):
        (tmp_path / "data" / f"{name}.tsv").write_text("sentence\ttopic\none text\ta\nother text\tno\n")
    encoder = tmp_path / "enc"
    encoder.mkdir()
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        (encoder / name).write_text("{}")
    return tmp_path


def refused(place: Path, text: str) -> str:
    path = place / "study.yaml"
    path.write_text(text, encoding="utf-8")
    start = time.perf_counter()
    with pytest.raises(InputError) as caught:
        load_study(path)
    assert time.perf_counter() - start < 2
    assert all("\n" not in str(problem) for problem in caught.value.problems)
    return str(caught.value).replace(str(place), "")


def test_the_good_study_is_good(place: Path) -> None:
    (place / "study.yaml").write_text(GOOD)
    assert load_study(place / "study.yaml").name == "first"


# what is written, what is written instead, line, field, words of the message
BROKEN: list[tuple[str, str, int, str, str]] = [
    # unknown keys, at every level, with the nearest spelling
    ("seeds: [1, 2]", "seed: [1, 2]", 12, "seed", "did you mean 'seeds'?"),
    ("name: mine}", "nam: mine}", 4, "encoders[0].nam", "did you mean 'name'?"),
    ("languages: [en, sw]", "langauges: [en, sw]", 10, "targets[0].langauges", "did you mean 'languages'?"),
    ("share: 0.2", "shar: 0.2", 8, "routes.both.phases[0][1].shar", "did you mean 'share'?"),
    ("phases: [[", "phase: [[", 8, "routes.both.phase", "did you mean 'phases'?"),
    ("recipe: {learning_rate", "recipe: {learnig_rate", 8, "routes.both.recipe.learnig_rate", "'learning_rate'?"),
    ("{batch_size: 16}", "{batchsize: 16}", 13, "recipes.phase.target.batchsize", "did you mean 'batch_size'?"),
    ("phase: {target:", "phase: {tarGet:", 13, "recipes.phase.tarGet", "did you mean 'target'?"),
    ("limits: {steps", "limits: {step", 14, "limits.step", "did you mean 'steps'?"),
    ("    format: tsv", "    fromat: tsv", 17, "tasks.my-topic.fromat", "did you mean 'format'?"),
    ("{from: dev, rows: \"0", "{form: dev, rows: \"0", 18, "tasks.mnli.splits.train.form", "did you mean 'from'?"),
    ("margins: {points", "margins: {point", 19, "analysis.margins.point", "did you mean 'points'?"),
    ("columns: {text:", "columns: {txt:", 17, "tasks.my-topic.columns.txt", "did you mean 'text'?"),
    # missing parts
    ("intermezzo: 1\n", "", 1, "intermezzo", "is missing"),
    ("name: first\n", "", 1, "name", "is missing"),
    ("seeds: [1, 2]\n", "", 1, "seeds", "is missing"),
    ("{id: ./enc, name: mine}", "{name: mine}", 4, "encoders[0].id", "is missing"),
    ("{task: squad, share", "{share", 8, "routes.both.phases[0][1].task", "is missing"),
    # wrong types: nothing is converted
    ("intermezzo: 1", "intermezzo: 2", 1, "intermezzo", "allowed: 1"),
    ("intermezzo: 1", "intermezzo: true", 1, "intermezzo", "must be the number 1"),
    ("name: first", "name: 3", 2, "name", "put it in quotes"),
    ("name: first", "name: [a]", 2, "name", "must be text, not a list"),
    ("seeds: [1, 2]", "seeds: 1", 12, "seeds", "must be a list"),
    ("seeds: [1, 2]", "seeds: ['1']", 12, "seeds[0]", "must be a whole number, not the text '1'"),
    ("seeds: [1, 2]", "seeds: [true]", 12, "seeds[0]", "must be a whole number, not the word true"),
    ("seeds: [1, 2]", "seeds: [1.5]", 12, "seeds[0]", "must be a whole number"),
    ("seeds: [1, 2]", "seeds: {a: 1}", 12, "seeds", "must be a list, not a mapping"),
    ("{epochs: 1,", "{epochs: '1',", 13, "recipes.default.epochs", "must be a number, not the text '1'"),
    ("{epochs: 1,", "{epochs: .nan,", 13, "recipes.default.epochs", "finite"),
    ("{epochs: 1,", "{epochs: .inf,", 13, "recipes.default.epochs", "finite"),
    ("{epochs: 1,", "{epochs: 1e999,", 13, "recipes.default.epochs", "finite"),
    ("{epochs: 1,", "{epochs: null,", 13, "recipes.default.epochs", "must be a number, not nothing"),
    ("  nli: [mnli]", "  nli: mnli", 7, "routes.nli", "a list of phases"),
    ("  nli: [mnli]", "  nli: [3]", 7, "routes.nli[0]", "the number 3"),
    ("  nli: [mnli]", "  nli: [[mnli, [squad]]]", 7, "routes.nli[0][1]", "a list cannot stand here"),
    ("  - my-topic", "  - 7", 11, "targets[1]", "a task id or {task, languages, train}"),
    ("train: mnli}", "train: 3}", 10, "targets[0].train", "{language: file}"),
    ("languages: [en, sw]", "languages: sw", 10, "targets[0].languages", "must be a list"),
    ("encoders:\n", "encoders: {a: b}\nx:\n", 3, "encoders", "must be a list"),
    # bounds
    ("name: first", "name: .hidden", 2, "name", "not starting with a dot"),
    ("name: first", "name: a/b", 2, "name", "letters, digits"),
    ("name: first", 'name: "a\\n"', 2, "name", "letters, digits"),
    ("seeds: [1, 2]", "seeds: []", 12, "seeds", "must not be empty"),
    ("seeds: [1, 2]", "seeds: [1, 2, 1]", 12, "seeds[2]", "stands twice"),
    ("seeds: [1, 2]", "seeds: [-1]", 12, "seeds[0]", "at least 0"),
    ("seeds: [1, 2]", "seeds: [4294967296]", 12, "seeds[0]", "at most 4294967295"),
    ("share: 0.2", "share: 0", 8, "routes.both.phases[0][1].share", "above 0"),
    ("share: 0.2", "share: 1", 8, "routes.both.phases[0][1].share", "below 1"),
    ("share: 0.2}", "share: 0.6}, {task: xnli, share: 0.6}", 8, "routes.both.phases[0]", "add up to 1.2"),
    ("[[mnli, {task: squad, share: 0.2}]]", "[{task: squad, share: 0.2}]", 8, "routes.both.phases[0]", "add up to 0.2"),
    ("labels: [a, no]", "labels: []", 16, "tasks.my-topic.labels", "must not be empty"),
    ("labels: [a, no]", "labels: [a, a]", 16, "tasks.my-topic.labels[1]", "stands twice"),
    ("labels: [a, no]", "labels: [a, null]", 16, "tasks.my-topic.labels[1]", "must be text"),
    ("{steps: 100}", "{steps: 0}", 14, "limits.steps", "above 0"),
    ("alpha: 0.05", "alpha: 1", 19, "analysis.alpha", "below 0.5"),
    ("precision: float32", "precision: auto", 13, "recipes.default.precision", "float32, bfloat16, float16"),
    ("precision: float32", "precision: fp16", 13, "recipes.default.precision", "float32, bfloat16, float16"),
    ("precision: float32", "schedule: lineer", 13, "recipes.default.schedule", "did you mean 'linear'?"),
    ("precision: float32", "early_stopping: {patience: 0, every: 5}", 13, "recipes.default.early_stopping.patience",
     "above 0"),
    ("kind: text", "kind: txt", 16, "tasks.my-topic.kind", "did you mean 'text'?"),
    ('rows: "0:4000"', 'rows: "9:3"', 18, "tasks.mnli.splits.train.rows", "no range of rows"),
    ("{from: dev, rows: \"4", "{from: val, rows: \"4", 18, "tasks.mnli.splits.dev.from", "train, dev, test"),
    # the baseline
    ("direct: []", "direct: [mnli]", 6, "routes.direct", "must be empty"),
    ("direct: []", "direct: {phases: [], recipe: {epochs: 2}}", 6, "routes.direct", "must be empty"),
    ("  nli: [mnli]", "  nli: []", 7, "routes.nli", "at least one phase"),
    # names that do not exist
    ("  nli: [mnli]", "  nli: [mnly]", 7, "routes.nli[0]", "did you mean 'mnli'?"),
    ("{task: xnli, lang", "{task: xnly, lang", 10, "targets[0].task", "did you mean 'xnli'?"),
    ("train: mnli}", "train: mnlii}", 10, "targets[0].train", "did you mean 'mnli'?"),
    ("task: {squad:", "task: {squat:", 13, "recipes.task.squat", "did you mean 'squad'?"),
    ("  mnli: {splits", "  mnlx: {splits", 18, "tasks.mnlx", "did you mean 'mnli'?"),
    ('"4000:"}', '"4000:", without: [xquat]}', 18, "tasks.mnli.splits.dev.without[0]", "did you mean 'xquad'?"),
    ("languages: [en, sw]", "languages: [en, qqx-Zzzz]", 10, "targets[0].languages[1]", "qqx"),
    ("languages: [en, sw]", "languages: [en, yo]", 10, "targets[0].languages[1]", "yor-Latn"),
    ("languages: [en, sw]", "languages: [sw, swh-Latn]", 10, "targets[0].languages[1]", "stands twice"),
    ("  - {id: ./enc", "  - {ladder: no-such-ladder}\n  - {id: ./enc", 4, "encoders[0].ladder", "no ladder"),
    # what cannot be meant
    ("  - my-topic", "  - xnli", 11, "targets[1]", "stands twice (first in line 10)"),
    ("  - {id: ./enc, name: mine}", "  - a/enc\n  - ./enc", 5, "encoders[1]", "called 'enc' (the first in line 4)"),
    ("train: mnli}", "train: squad}", 10, "targets[0].train", "a task of kind pair"),
    ("train: mnli}", "train: {sw: data/none.tsv}}", 10, "targets[0].train.sw", "no file"),
    ("  nli: [mnli]", "  nli: [tatoeba]", 7, "routes.nli[0]", "no training data"),
    ("  nli: [mnli]", '  nli: ["mnli@sw,yo"]', 7, "routes.nli[0]", "not available yet"),
    ("  nli: [mnli]", '  nli: ["mnli@"]', 7, "routes.nli[0]", "names no task"),
    ("  nli: [mnli]", "  nli: [[mnli, mnli]]", 7, "routes.nli[0][1]", "stands twice in one mixture"),
    ("  - my-topic", "  - {task: tatoeba, train: mnli}", 11, "targets[1].train", "without target training"),
    ("  mnli: {splits", "  xnli: {kind: pair, format: tsv, test: {sw: data/sw.tsv}}\n  mnli: {splits", 18, "tasks.xnli",
     "is a task of the catalogue"),
    ("stride: 32", "stride: 512", 13, "recipes.task.squad.stride", "below max_length"),
    ("precision: float32", "early_stopping: {patience: 2, every: 5, metric: accurcy}", 13,
     "recipes.default.early_stopping.metric", "did you mean 'accuracy'?"),
    ("data/sw.tsv}", "data/ws.tsv}", 16, "tasks.my-topic.test.sw", "did you mean 'sw.tsv'?"),
    ("label: topic}", "label: topic, tags: topic}", 17, "tasks.my-topic", "tags"),
    ("labels: [a, no], ", "", 16, "tasks.my-topic.labels: a task", "declares its labels"),
    ("my-topic: {kind: text, role: target, labels: [a, no]", "my.topic: {kind: retrieval", 17,
     "tasks.my.topic.columns.label", "has no 'label'"),
    ("metric: accuracy}", "metric: acuracy}", 17, "tasks.my-topic.metric", "accuracy"),
    ("./enc", "./nowhere", 4, "encoders[0]", "does not exist"),
    ("./enc", "./data", 4, "encoders[0]", "no config.json"),
    ("id: ./enc", "revision: main, id: ./enc", 4, "encoders[0].revision", "a folder has no revision"),
    ("name: mine}", "name: 'a=b'}", 4, "encoders[0].name", "without the characters"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "field", "words"), BROKEN, ids=[f"{b[3]}-{b[1][:25]}" for b in BROKEN])
def test_a_broken_study_is_refused_at_its_line(
    place: Path, old: str, new: str, line: int, field: str, words: str
) -> None:
    assert GOOD.count(old) >= 1
    message = refused(place, GOOD.replace(old, new, 1))
    named = [one for one in message.splitlines() if f"/study.yaml:{line}: {field}" in one]
    assert any(words in one for one in named), message


def test_all_problems_come_at_once_in_the_order_of_the_file(place: Path) -> None:
    text = (
        GOOD.replace("seeds: [1, 2]", "seeds: [x]")
        .replace("nli: [mnli]", "nli: [mnly]")
        .replace("name: first", "nam: a")
    )
    text = text.replace("steps: 100", "stepz: 100").replace("data/sw.tsv", "data/none.tsv")
    problems = refused(place, text).splitlines()
    lines = [int(problem.split(":")[1]) for problem in problems]
    assert lines == sorted(lines) and {2, 7, 12, 14, 16} <= set(lines)


def test_a_broken_task_is_not_unknown_as_well(place: Path) -> None:
    message = refused(place, GOOD.replace("kind: text", "kind: 3"))
    assert message.count("\n") == 0 and "tasks.my-topic.kind" in message


def test_pickled_weights_are_named(place: Path) -> None:
    (place / "enc" / "model.safetensors").rename(place / "enc" / "pytorch_model.bin")
    (place / "enc" / "tokenizer.json").unlink()
    message = refused(place, GOOD)
    assert "only pytorch_model.bin" in message and "no tokenizer" in message
    assert message.count("study.yaml:4: encoders[0]") == 2


def test_training_rows_are_never_evaluated(place: Path) -> None:
    text = GOOD.replace("{task: xnli, languages: [en, sw], train: mnli}", "mnli")
    assert load(place, text).targets[0].train[0].task == "mnli"
    message = refused(place, text.replace('rows: "0:4000"', 'rows: "0:4001"'))
    assert "may not be trained on when 'mnli' is a target" in message and ":10: targets[0]" in message
    looks = text.replace("{epochs: 1,", "{early_stopping: {patience: 1, every: 5}, epochs: 1,")
    assert "its dev split holds rows" in refused(place, looks), "nor do they choose the step"


def load(place: Path, text: str) -> Study:
    (place / "study.yaml").write_text(text, encoding="utf-8")
    return load_study(place / "study.yaml")


def test_training_sets_that_hold_test_items_are_refused(place: Path) -> None:
    """XQuAD was made from SQuAD's dev set."""
    text = GOOD.replace("  - my-topic", "  - xquad").replace("  mnli: {splits", "  squad: {splits")
    message = refused(place, text)
    assert ":8: routes.both: 'squad' may not be trained on when 'xquad' is a target" in message
    assert ":11: targets[1]: 'squad'" in message and "without: [xquad]" in message
    left_out = text.replace('"0:4000"', '"0:4000", without: [xquad]')
    assert load(place, left_out).targets[1].train[0].task == "squad"


def test_two_recipes_in_one_mixture_are_refused_unless_the_route_decides(place: Path) -> None:
    text = GOOD.replace("task: {squad: {stride: 32}}", "task: {squad: {epochs: 2}, mnli: {epochs: 3}}")
    assert ":13: recipes.task.squad.epochs" in refused(place, text)
    study = load(place, text.replace("{learning_rate: 1.0e-5}", "{epochs: 4}"))
    both = study.routes[-1]
    assert study.recipe(study.encoders[0], "intermediate", ("mnli", "squad"), both).epochs == 4


@pytest.mark.parametrize(
    "text",
    [
        "routes:\n  direct: " + "[" * 5000,
        "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)),
        "name: !!python/object/apply:os.system ['exit 3']\n",
        "seeds: [" + "1, " * 40_000 + "]\n",
        "encoders: [" + "[], " * 20_000 + "]\n",
        "".join(f"k{i}: 1\n" for i in range(20_000)),
        GOOD.replace("languages: [en, sw]", "languages: [" + ", ".join(f"zz{i}" for i in range(20_000)) + "]"),
        GOOD.replace("nli: [mnli]", "\n  ".join(f"r{i}: [mnly, squad]" for i in range(10_000))),
        GOOD.replace("- my-topic", "\n  - ".join(f"t{i}" for i in range(20_000))),
        GOOD.replace("seeds: [1, 2]", f"seeds: {list(range(10_000))}").replace(
            "  nli: [mnli]", "\n".join(f"  r{i}: [mnli]" for i in range(900))
        ),
    ],
    ids=["deep", "bomb", "tag", "seeds", "encoders", "keys", "languages", "routes", "targets", "cells"],
)
def test_hostile_studies_end_within_two_seconds(place: Path, text: str) -> None:
    assert "/study.yaml" in refused(place, text)


_words = st.sampled_from(
    ["xnli", "mnli", "direct", "task", "share", "languages", "sw", "no", "recipe", "a b", "", "\n"]
)
_plain = st.none() | st.booleans() | st.integers() | st.floats() | _words | st.text(max_size=5)
_trees = st.recursive(_plain, lambda x: st.lists(x, max_size=3) | st.dictionaries(_words, x, max_size=3), max_leaves=8)
_parts = ["encoders", "routes", "targets", "seeds", "recipes", "limits", "tasks", "analysis", "name", "intermezzo"]


@given(st.dictionaries(st.sampled_from(_parts), _trees, max_size=4))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_tree_gives_a_study_or_an_input_error(place: Path, parts: dict[str, object]) -> None:
    import yaml

    content: dict[str, object] = yaml.safe_load(GOOD) | parts
    (place / "study.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    try:
        assert isinstance(load_study(place / "study.yaml"), Study)
    except InputError as error:
        assert all(problem.file and problem.line for problem in error.problems)


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_damage_to_a_file_gives_a_study_or_an_input_error(place: Path, data: st.DataObject) -> None:
    content = GOOD.encode()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 30)))
    damage = data.draw(st.binary(max_size=5) | st.text("[]{}:,-#&*!'\" \n0a", max_size=5).map(str.encode))
    (place / "study.yaml").write_bytes(content[:start] + damage + content[end:])
    try:
        assert isinstance(load_study(place / "study.yaml"), Study)
    except InputError as error:
        assert "study.yaml" in str(error)
