"""Do the figures agree with those of the official programs?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from intermezzo.errors import InputError
from intermezzo.metrics import chunks, compute, squad

RULES: dict[str, chunks.Rule] = {"seqeval_0.0.12": "xtreme", "seqeval_1.2.2": "seqeval1"}


def _load(shared_data: Path, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((shared_data / "metric_oracles" / name).read_text(encoding="utf-8"))
    return content


def _questions(data: list[Any]) -> list[tuple[str, list[str]]]:
    return [
        (qa["id"], [answer["text"] for answer in qa["answers"]])
        for article in data
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
    ]


def _near(value: float) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-12)


def test_squad_v1_cases(shared_data: Path) -> None:
    cases = _load(shared_data, "squad_v1.json")["cases"]
    assert len(cases) == 60
    for case in cases:
        assert squad.normalize(case["prediction"]) == case["normalized_prediction"]
        assert [squad.normalize(gold) for gold in case["golds"]] == case["normalized_golds"]
        assert squad.exact_v1(case["prediction"], case["golds"]) == case["exact_match"]
        assert squad.f1_v1(case["prediction"], case["golds"]) == _near(case["f1"])
        assert [squad.f1_v1(case["prediction"], [g]) for g in case["golds"]] == [_near(f) for f in case["f1_per_gold"]]


def test_squad_v1_datasets(shared_data: Path) -> None:
    sets = _load(shared_data, "squad_v1.json")["datasets"]
    assert len(sets) == 4
    for one in sets:
        found = squad.squad_v1(
            _questions(one["data"]["data"] if "data" in one["data"] else one["data"]), one["predictions"]
        )
        assert found["unknown"] == 1
        for metric, value in one["official"].items():
            assert found[metric] == _near(value)


def test_squad_v2_datasets(shared_data: Path) -> None:
    sets = _load(shared_data, "squad_v2.json")["datasets"]
    assert len(sets) == 30
    complete = 0
    for one in sets:
        questions = _questions(one["data"])
        threshold = 1.0 if one["na_prob_thresh"] is None else one["na_prob_thresh"]
        found = squad.squad_v2(questions, one["predictions"], one["na_probs"], threshold)
        for name, (exact, f1) in (one["raw_exact_f1"] or {}).items():
            golds = dict(questions)[name]
            assert squad.exact_v2(one["predictions"][name], golds) == exact
            assert squad.f1_v2(one["predictions"][name], golds) == _near(f1)
        official = one["official"]
        if not isinstance(official, dict) or "error" in official:
            assert found["missing"] > 0, one["kind"]
            continue
        complete += 1
        for metric, value in official.items():
            if not metric.endswith("_oracle") and metric in found:
                assert found[metric] == _near(value), (one["kind"], metric)
        assert set(official) <= set(found), set(official) - set(found)
    assert complete >= 20


def test_chunks_of_both_tag_rules(shared_data: Path) -> None:
    cases = _load(shared_data, "seqeval.json")["cases"]
    assert len(cases) == 63
    compared = 0
    for case in cases:
        for key, rule in RULES.items():
            expected = case[key]
            if "error" in expected:
                continue
            compared += 1
            gold, answers = case["y_true"], case["y_pred"]
            assert chunks.chunks(gold, rule) == {tuple(c) for c in expected["chunks_true"]}
            assert chunks.chunks(answers, rule) == {tuple(c) for c in expected["chunks_pred"]}
            found = chunks.chunk_scores(gold, answers, rule)
            rows = [{"gold": g, "answer": a, "raw": None} for g, a in zip(gold, answers, strict=True)]
            suffix = "" if rule == "xtreme" else "_seqeval1"
            for metric in ("f1", "precision", "recall"):
                assert found[metric] == _near(100 * expected[metric]), (case, metric)
                if all(len(g) == len(a) for g, a in zip(gold, answers, strict=True)):
                    assert compute("tags", metric + suffix, rows) == _near(found[metric])
    assert compared > 100


def test_sentences_that_do_not_match_are_refused() -> None:
    with pytest.raises(InputError, match="2 gold sentences but 1"):
        chunks.chunk_scores([["O"], ["O"]], [["O"]])
    with pytest.raises(InputError, match="row 2"):
        chunks.chunk_scores([["O"], ["O", "O"]], [["O"], ["O"]], "seqeval1")
