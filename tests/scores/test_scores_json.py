"""What stands in scores.json."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scores_fakes import LABELS, predictions

from intermezzo.errors import InputError
from intermezzo.scores import score_predictions


def _ratio(scores: dict[str, Any]) -> float:
    return 100 * float(sum(scores["items"]["num"])) / float(sum(scores["items"]["den"]))


def test_a_classification() -> None:
    rows = predictions(np.random.default_rng(1), 60, 0.7)
    right = sum(row["gold"] == row["answer"] for row in rows)
    found = score_predictions("pair", ["accuracy", "macro_f1"], LABELS, rows, "swh-Latn")
    assert found["values"]["accuracy"] == pytest.approx(100 * right / 60)
    assert found["n"] == {"accuracy": 60, "macro_f1": 60}
    assert found["chance"] == pytest.approx(1 / 3)
    assert found["unit"] == {"accuracy": "percent", "macro_f1": "percent"}
    assert found["headline"] == "accuracy" and found["metric_versions"] == {"accuracy": 1, "macro_f1": 1}
    assert _ratio(found) == pytest.approx(found["values"]["accuracy"])
    assert len(found["items"]["num"]) == 60
    json.dumps(found, allow_nan=False)
    other = score_predictions("pair", ["accuracy", "macro_f1"], LABELS, rows, "swh-Latn", "macro_f1")
    assert _ratio(other) == pytest.approx(found["values"]["macro_f1"])


def test_tags_count_chunks_and_words() -> None:
    rows: list[dict[str, Any]] = [
        {"gold": ["B-PER", "I-PER", "O"], "answer": ["B-PER", "I-PER", "O"], "raw": []},
        {"gold": ["O", "B-LOC"], "answer": ["B-LOC", "O"], "raw": []},
        {"gold": None, "answer": ["O"], "raw": []},
    ]
    found = score_predictions(
        "tags", ["f1", "precision", "token_accuracy"], ["O", "B-PER", "I-PER", "B-LOC"], rows, "x"
    )
    assert found["values"]["f1"] == pytest.approx(50.0)
    assert found["items"] == {"num": [2.0, 0.0, 0.0], "den": [2.0, 2.0, 0.0]}
    assert found["n"] == {"f1": 2, "precision": 2, "token_accuracy": 5}
    assert found["values"]["token_accuracy"] == pytest.approx(60.0)
    assert found["chances"] == {"f1": 0.0, "precision": 0.0, "token_accuracy": 0.25}
    assert found["unlabelled"] == 1


def test_spans_follow_the_first_or_the_second_script() -> None:
    raw = {"score": 3.0, "null": 1.0, "start": 0, "end": 4}
    one = [{"gold": ["in 1066", "the"], "answer": "1066", "raw": raw}, {"gold": ["x"], "answer": "", "raw": raw}]
    found = score_predictions("span", ["f1", "exact_match"], [], one, "x")
    assert found["values"] == {"f1": pytest.approx(100 / 3), "exact_match": 0.0}
    two = [*one, {"gold": [], "answer": "", "raw": raw | {"null": 5.0}}]
    found = score_predictions("span", ["f1", "best_f1", "best_f1_thresh"], [], two, "x")
    assert found["values"]["f1"] == pytest.approx(100 * (2 / 3 + 1) / 3)
    assert found["values"]["best_f1"] == pytest.approx(100 * (2 / 3 + 1) / 3)
    assert found["values"]["best_f1_thresh"] == -2.0 and found["chances"]["best_f1_thresh"] is None


def test_chance_of_choices_and_retrieval() -> None:
    rows: list[dict[str, Any]]
    rows = [{"gold": 0, "answer": 0, "raw": [1.0, 0.0]}, {"gold": 1, "answer": 0, "raw": [1.0, 0.0, 0.0, 0.0]}]
    assert score_predictions("choice", ["accuracy"], [], rows, "x")["chance"] == pytest.approx(0.375)
    rows = [{"gold": i, "answer": 0, "raw": 0.5} for i in range(4)]
    found = score_predictions("retrieval", ["accuracy"], [], rows, "x")
    assert found["chance"] == 0.25 and found["values"]["accuracy"] == 25.0


@pytest.mark.parametrize(
    ("gold", "reason"),
    [([None] * 5, "no gold labels"), (["neutral"] * 20, "placeholder gold"), ([], "no examples")],
)
def test_withheld_labels_give_no_score(gold: list[str | None], reason: str) -> None:
    rows: list[dict[str, Any]] = [{"gold": g, "answer": "neutral", "raw": []} for g in gold]
    found = score_predictions("text", ["accuracy"], LABELS, rows, "x")
    assert found["values"] == {"accuracy": None} and found["items"] is None
    assert found["reason"].startswith(reason)


def test_nineteen_equal_labels_may_be_luck() -> None:
    rows = [{"gold": "neutral", "answer": "neutral", "raw": []}] * 19
    assert score_predictions("text", ["accuracy"], LABELS, rows, "x")["values"]["accuracy"] == 100.0


def test_a_metric_of_another_kind_is_refused() -> None:
    with pytest.raises(InputError, match="kind pair has no metric 'f1'"):
        score_predictions("pair", ["f1"], LABELS, [], "x")


@given(st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=2, max_size=19))
def test_items_give_the_headline_back(found: list[tuple[str, str]]) -> None:
    rows = [{"gold": g, "answer": a, "raw": [0.0]} for g, a in found]
    for headline in ("accuracy", "macro_f1"):
        scores = score_predictions("text", ["accuracy", "macro_f1"], LABELS, rows, "x", headline)
        assert _ratio(scores) == pytest.approx(scores["values"][headline], rel=1e-9, abs=1e-9)
