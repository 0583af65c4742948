"""A good study, resolved: every name looked up, every default filled in."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from intermezzo import tasks
from intermezzo.errors import InputError
from intermezzo.study import Encoder, Member, Recipe, Study, load_study
from intermezzo.study.recipe import EarlyStopping, Lora
from intermezzo.tasks.examples import PairExample


def encoder_folder(path: Path) -> Path:
    path.mkdir(parents=True)
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        (path / name).write_text("{}")
    return path


def write(folder: Path, text: str, *, encoders: str = "[intfloat/multilingual-e5-small]") -> Path:
    path = folder / "study.yaml"
    path.write_text(f"intermezzo: 1\nname: s\nencoders: {encoders}\nseeds: [1]\n{text}", encoding="utf-8")
    return path


def load(folder: Path, text: str, *, encoders: str = "[intfloat/multilingual-e5-small]") -> Study:
    return load_study(write(folder, text, encoders=encoders))


def test_the_smallest_study(tmp_path: Path) -> None:
    study = load(tmp_path, "targets: [xnli]\n")
    assert [route.name for route in study.routes] == ["direct"] and study.routes[0].phases == ()
    assert study.encoders == (
        Encoder("multilingual-e5-small", "intfloat/multilingual-e5-small", False, "multilingual-e5-small"),
    )
    (target,) = study.targets
    assert len(target.languages) == 15 and "swh-Latn" in target.languages, "all languages of XNLI"
    assert [member.task for member in target.train] == ["mnli"], "XNLI is trained on MultiNLI"
    assert target.train[0].languages == ("eng-Latn",)
    assert set(study.tasks) == {"xnli", "mnli"}
    assert study.recipe(study.encoders[0], "target", ("mnli",), study.routes[0]) == Recipe()


def test_all_forms_of_a_route(tmp_path: Path) -> None:
    study = load(
        tmp_path,
        """targets: [xnli]
routes:
  nli: [mnli]
  both: [[mnli, squad]]
  chain: [mnli, squad]
  replay: [[mnli, {task: mlm, share: 0.2, languages: [sw, yo]}]]
  one: [{task: mlm, languages: [sw]}]
  long: {phases: [mnli], recipe: {learning_rate: 2.0e-5, early_stopping: {patience: 3, every: 100}}}
""",
    )
    english = ("eng-Latn",)
    phases = {route.name: route.phases for route in study.routes}
    assert phases["nli"] == ((Member("mnli", english),),)
    assert phases["both"] == ((Member("mnli", english), Member("squad", english)),)
    assert phases["chain"] == ((Member("mnli", english),), (Member("squad", english),))
    assert phases["replay"] == ((Member("mnli", english), Member("mlm", ("swh-Latn", "yor-Latn"), 0.2)),)
    assert phases["one"] == ((Member("mlm", ("swh-Latn",)),),)
    assert phases["long"] == phases["nli"]
    assert list(phases) == ["direct", "nli", "both", "chain", "replay", "one", "long"], "the order of the file"
    recipe = study.recipe(study.encoders[0], "intermediate", ("mnli",), study.routes[-1])
    assert recipe.learning_rate == 2e-5 and recipe.early_stopping == EarlyStopping(3, 100)


def test_encoders_as_hub_id_folder_and_mapping(tmp_path: Path) -> None:
    encoder_folder(tmp_path / "models" / "mine")
    study = load(
        tmp_path,
        "targets: [xnli]\n",
        encoders="""
  - xlm-roberta-base
  - models/mine
  - {id: ./models/mine, name: mine-2, family: f, parameters: 21000000, pretraining_seed: 2, prefix: "query: ",
     pooling: mean, layer: 3, seen: [mnli], pretraining_corpus: cc100, recipe: {learning_rate: 3.0e-5}}
  - {id: org/name, revision: 1234567}
""",
    )
    hub, folder, mapped, pinned = study.encoders
    assert (hub.name, hub.is_folder, hub.source) == ("xlm-roberta-base", False, "xlm-roberta-base")
    assert (folder.name, folder.is_folder, folder.source) == ("mine", True, str(tmp_path / "models" / "mine"))
    assert (mapped.family, mapped.parameters, mapped.pretraining_seed, mapped.prefix) == ("f", 21000000, 2, "query: ")
    assert (mapped.pooling, mapped.layer, mapped.seen, mapped.pretraining_corpus) == ("mean", 3, ("mnli",), "cc100")
    assert dict(mapped.recipe) == {"learning_rate": 3e-5}
    assert pinned.revision == "1234567", "a revision of digits is text"


def test_labels_and_languages_that_look_like_values_stay_text(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("text\tlabel\nx\tno\ny\t01\n")
    study = load(
        tmp_path,
        """targets: [own]
tasks:
  own: {kind: text, labels: [no, 01, true, 1e5, "off"], train: {no: a.tsv}, test: {no: a.tsv}, format: tsv,
        columns: {text: text, label: label}, metric: accuracy}
""",
    )
    task = study.tasks["own"]
    assert task.labels == ("no", "01", "true", "1e5", "off")
    assert study.targets[0].languages == ("nob-Latn",) and study.targets[0].train[0].languages == ("nob-Latn",)


def test_recipes_are_resolved_in_their_order(tmp_path: Path) -> None:
    study = load(
        tmp_path,
        """targets: [xnli]
routes: {r: {phases: [mnli], recipe: {dropout: 0.5}}}
recipes:
  default: {epochs: 10, batch_size: 10, warmup: 10, max_length: 100, dropout: 0.1, lora: {rank: 4}}
  phase: {target: {warmup: 30, max_length: 300, dropout: 0.3}, intermediate: {epochs: 30}}
  task: {mnli: {max_length: 400, dropout: 0.4}}
""",
        encoders="[{id: a/b, recipe: {batch_size: 20, warmup: 20, max_length: 200, dropout: 0.2}}]",
    )
    recipe = study.recipe(study.encoders[0], "target", ("mnli",), study.routes[1])
    assert (recipe.epochs, recipe.batch_size, recipe.warmup, recipe.max_length, recipe.dropout) == (
        10,
        20,
        30,
        400,
        0.5,
    )
    assert recipe.lora == Lora(rank=4) and recipe.precision == "float32"
    other = study.recipe(study.encoders[0], "target", ("squad",), study.routes[0])
    assert (other.max_length, other.dropout) == (300, 0.3)


def test_the_command_line_wins(tmp_path: Path) -> None:
    path = write(tmp_path, "targets: [xnli]\nrecipes: {task: {mnli: {precision: float16}}}\n")
    folder = encoder_folder(tmp_path / "elsewhere")
    study = load_study(
        path, precision="bfloat16", encoders={"multilingual-e5-small": folder}, data_root=tmp_path / "data"
    )
    encoder = study.encoders[0]
    assert (encoder.name, encoder.source, encoder.is_folder) == ("multilingual-e5-small", str(folder), True)
    assert study.recipe(encoder, "target", ("mnli",), study.routes[0]).precision == "bfloat16"
    assert study.data_root == tmp_path / "data"
    with pytest.raises(InputError, match=r"no encoder 'multilingual-e5-smal'.*did you mean 'multilingual-e5-small'"):
        load_study(path, encoders={"multilingual-e5-smal": folder})
    with pytest.raises(InputError, match=r"--encoder multilingual-e5-small: .*does not exist"):
        load_study(path, encoders={"multilingual-e5-small": tmp_path / "none"})
    with pytest.raises(InputError, match=r"--precision: unknown precision 'auto'"):
        load_study(path, precision="auto")


def test_a_missing_folder_does_not_matter_when_it_is_replaced(tmp_path: Path) -> None:
    path = write(tmp_path, "targets: [xnli]\n", encoders="[{id: ./gone, name: a, revision: null}]")
    assert load_study(path, encoders={"a": encoder_folder(tmp_path / "here")}).encoders[0].name == "a"


def test_targets_and_their_training(tmp_path: Path) -> None:
    (tmp_path / "sw.tsv").write_text("a\tb\tneutral\n")
    study = load(
        tmp_path,
        """targets:
  - {task: xnli, languages: [Swahili, ur], train: {sw: sw.tsv}}
  - {task: xquad, languages: [de], train: [squad]}
  - tatoeba
recipes: {task: {xnli: {epochs: 7}}}
""",
    )
    xnli, xquad, tatoeba = study.targets
    assert xnli.languages == ("swh-Latn", "urd-Arab")
    (own,) = xnli.train
    assert own.languages == ("swh-Latn",) and own.task in study.tasks
    task = study.tasks[own.task]
    assert task.splits == ("train",) and task.labels == study.tasks["xnli"].labels and task.kind == "pair"
    assert study.recipe(study.encoders[0], "target", (own.task,), study.routes[0]).epochs == 7
    split = tasks.read(task, "train", "swh-Latn", None)
    assert split.examples == (PairExample("0", "a", "b", "neutral"),)
    assert [member.task for member in xquad.train] == ["squad"] and xquad.languages == ("deu-Latn",)
    assert tatoeba.train == () and len(tatoeba.languages) > 30


def test_plain_text_without_languages_is_what_lies_under_the_data_root(tmp_path: Path) -> None:
    (tmp_path / "mlm_text").mkdir()
    for language in ("swh", "yor"):
        (tmp_path / "mlm_text" / f"{language}.txt").write_text("a line\n")
    path = write(tmp_path, "targets: [xnli]\nroutes: {r: [[mnli, {task: mlm, share: 0.2}]]}\n")
    study = load_study(path, data_root=tmp_path)
    assert sorted(study.routes[1].phases[0][1].languages) == ["swh-Latn", "yor-Latn"]
    assert any("swh-Latn" in warning for warning in study.warnings)


def test_loading_a_study_loads_no_torch(tmp_path: Path) -> None:
    path = write(tmp_path, "targets: [xnli]\n")
    code = f"import sys, intermezzo.study as s; s.load_study({str(path)!r}); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_splits_of_a_catalogue_task_are_replaced(tmp_path: Path) -> None:
    study = load(
        tmp_path,
        """targets: [xnli]
tasks: {mnli: {splits: {train: {from: dev, rows: "0:4000", without: [xquad]}, dev: {from: dev, rows: "4000:"}}}}
""",
    )
    rules = study.tasks["mnli"].split_rules
    assert (rules["train"].source, rules["train"].rows, rules["train"].without) == ("dev", "0:4000", ("xquad",))
    assert rules["dev"].rows == "4000:"


def test_warnings_name_what_may_not_be_meant(tmp_path: Path) -> None:
    study = load(
        tmp_path,
        """targets: [xnli]
routes: {r: [{task: mlm, languages: [sw]}]}
recipes: {default: {early_stopping: {patience: 1, every: 10}}}
""",
        encoders="[{id: a/b, seen: [mnly]}]",
    )
    text = "\n".join(study.warnings)
    assert "'mlm' has no dev split" in text and "did you mean 'mnli'?" in text
    assert load(tmp_path, "targets: [xnli]\n").warnings == ()


def test_a_study_travels_between_processes(tmp_path: Path) -> None:
    study = load(tmp_path, "targets: [xnli, tatoeba]\nroutes: {r: [[mnli, squad]]}\nlimits: {steps: 3, hours: 0.5}\n")
    assert pickle.loads(pickle.dumps(study)) == study
    assert study.limits.steps == 3 and study.limits.hours == 0.5


def test_a_ladder_is_a_folder_or_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("s", "m"):
        encoder_folder(tmp_path / "steps" / name)
    study = load(tmp_path, "targets: [xnli]\n", encoders="[{ladder: steps}]")
    assert [(e.name, e.family, e.is_folder) for e in study.encoders] == [("m", "steps", True), ("s", "steps", True)]

    listed = "family: f\nencoders:\n  - {id: ./s, parameters: 10}\n  - {id: ./m, parameters: 20, pretraining_seed: 3}\n"
    (tmp_path / "steps" / "ladder.yaml").write_text(listed)
    study = load(tmp_path, "targets: [xnli]\n", encoders="[{ladder: steps}]")
    assert [(e.name, e.family, e.parameters) for e in study.encoders] == [("s", "f", 10), ("m", "f", 20)]

    (tmp_path / "steps" / "ladder.yaml").write_text(listed.replace("parameters: 20", "parameter: 20"))
    with pytest.raises(
        InputError, match=r"encoders\[0\]\.ladder: .*ladder\.yaml:4: encoders\[1\]\.parameter: unknown key"
    ):
        load(tmp_path, "targets: [xnli]\n", encoders="[{ladder: steps}]")

    folder = str(tmp_path / "steps" / "s")

    class Point:
        name, value = "short", "package:ladder"

        def load(self) -> object:
            return lambda: (Encoder("tiny", folder, True, "short"),)

    monkeypatch.setattr("intermezzo.study.ladders.entry_points", lambda group: [Point()])
    study = load(tmp_path, "targets: [xnli]\n", encoders="[{ladder: short}]")
    assert [e.name for e in study.encoders] == ["tiny"]
    with pytest.raises(InputError, match=r"no ladder 'shart'.*short.*did you mean 'short'"):
        load(tmp_path, "targets: [xnli]\n", encoders="[{ladder: shart}]")


def test_a_ladder_whose_package_is_broken_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        name, value = "short", "package:ladder"

        def load(self) -> object:
            raise ImportError("no module")

    monkeypatch.setattr("intermezzo.study.ladders.entry_points", lambda group: [Point()])
    with pytest.raises(InputError, match=r"package:ladder.*ImportError: no module"):
        load(tmp_path, "targets: [xnli]\n", encoders="[{ladder: short}]")
