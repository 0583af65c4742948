"""Properties of the metrics, against slow oracles written apart from them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermezzo.errors import InputError
from intermezzo.metrics import chunks, classification, compute, get, names, squad

RULES: tuple[chunks.Rule, ...] = ("xtreme", "seqeval1")
LABELS = ("entailment", "neutral", "contradiction")
pairs = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1, max_size=30)
bio = st.sampled_from(
    ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "E-LOC", "S-PER", ".", "NOUN", "SYM", "X", "_", "B-", "I"]
)
sentences = st.lists(st.lists(st.tuples(bio, bio), max_size=6), max_size=5)


@given(pairs)
def test_accuracy_counts_equal_labels(found: list[tuple[str, str]]) -> None:
    gold, answers = [g for g, _ in found], [a for _, a in found]
    right = Counter(g == a for g, a in found)[True]
    assert classification.accuracy(gold, answers) == pytest.approx(100 * right / len(found), rel=1e-12)


def _slow_macro_f1(found: list[tuple[str, str]]) -> float:
    total = 0.0
    for label in LABELS:
        tp = sum(1 for g, a in found if g == label and a == label)
        fp = sum(1 for g, a in found if g != label and a == label)
        fn = sum(1 for g, a in found if g == label and a != label)
        precision = tp / (tp + fp) if tp + fp else 0.0
        recall = tp / (tp + fn) if tp + fn else 0.0
        total += 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return 100 * total / len(LABELS)


@given(pairs)
def test_macro_f1_is_the_mean_of_harmonic_means(found: list[tuple[str, str]]) -> None:
    gold, answers = [g for g, _ in found], [a for _, a in found]
    expected = _slow_macro_f1(found)
    assert classification.macro_f1(gold, answers, LABELS) == pytest.approx(expected, rel=1e-9)
    assert classification.macro_f1_items(gold, answers, LABELS).percent() == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_macro_f1_counts_a_label_that_nobody_has() -> None:
    assert classification.macro_f1(["a", "b"], ["a", "b"], ["a", "b", "c", "d"]) == 50.0


def test_answers_outside_the_labels_are_wrong() -> None:
    assert classification.macro_f1(["a", "a"], ["a", "other"], ["a"]) == pytest.approx(200 / 3)


def _slow_chunks(tags: list[str]) -> set[tuple[str, int, int]]:
    """The old rule said once more, over one sentence: begins and ends by neighbours, then matched in order."""
    padded = ["O", *tags, "O"]

    def kind(i: int) -> str:
        return "" if i == 0 else padded[i].split("-")[-1]

    def boundary(i: int) -> tuple[bool, bool]:
        a, b = padded[i - 1][0], padded[i][0]
        other = kind(i - 1) != kind(i)
        ends = a in "ES" or (a in "BI" and b in "BSO") or (a not in "O." and other)
        starts = b in "BS" or (a in "ESO" and b in "EI") or (b not in "O." and other)
        return ends, starts

    found, begin = set(), 0
    for i in range(1, len(padded)):
        ends, starts = boundary(i)
        if ends:
            found.add((kind(i - 1), begin, i - 2))
        begin = i - 1 if starts else begin
    return found


@given(st.lists(bio.filter(bool), max_size=12))
def test_chunks_of_one_sentence(tags: list[str]) -> None:
    assert chunks.chunks([tags]) == _slow_chunks(tags)


@given(sentences)
def test_chunk_items_add_up_to_the_score(found: list[list[tuple[str, str]]]) -> None:
    gold, answers = [[g for g, _ in s] for s in found], [[a for _, a in s] for s in found]
    for rule in RULES:
        scores = chunks.chunk_scores(gold, answers, rule)
        assert chunks.f1_items(gold, answers, rule).percent() == pytest.approx(scores["f1"])
        assert chunks.recall_items(gold, answers, rule).percent() == pytest.approx(scores["recall"])
        precision = chunks.precision_items(gold, answers, rule).percent()
        assert precision == pytest.approx(scores["precision"])


@given(sentences)
def test_a_perfect_answer_scores_all_or_has_no_chunk(found: list[list[tuple[str, str]]]) -> None:
    gold = [[g for g, _ in s] for s in found]
    score = chunks.chunk_scores(gold, gold)
    assert score["f1"] == (100.0 if chunks.chunks(gold) else 0.0)


words = st.text(alphabet="aAbtThe .,'-\u0301İé１　", max_size=12)


@given(words, st.lists(words, min_size=1, max_size=3))
def test_squad_properties(answer: str, golds: list[str]) -> None:
    assert squad.normalize(squad.normalize(answer)) == squad.normalize(answer)
    for exact, f1 in ((squad.exact_v1, squad.f1_v1), (squad.exact_v2, squad.f1_v2)):
        assert exact(answer, golds) in (0.0, 1.0)
        assert 0.0 <= f1(answer, golds) <= 1.0
        assert f1(answer, golds) == f1(answer, golds[::-1])
        assert f1(answer, [*golds, answer]) >= f1(answer, golds)
    assert squad.exact_v1(golds[0], golds) == 1.0
    if squad.normalize(answer):
        assert squad.f1_v1(answer, golds) <= squad.f1_v2(answer, golds) + 1e-12
        assert squad.f1_v1(answer, [*golds, answer]) == 1.0


def _slow_best(scores: list[float], has: list[bool], empty: list[bool], na: list[float]) -> float:
    """All prefixes of the questions by rising no-answer score, those after the prefix answered with nothing."""
    order = sorted(range(len(na)), key=lambda i: na[i])
    best = float(sum(not h for h in has))
    for cut in range(1, len(order) + 1):
        kept = order[:cut]
        total = sum(scores[i] if has[i] else (1.0 if empty[i] else 0.0) for i in kept)
        best = max(best, total + sum(not has[i] for i in order[cut:]))
    return 100 * best / len(na)


questions = st.lists(
    st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.booleans(), st.booleans(), st.integers(0, 3)),
    min_size=1,
    max_size=12,
)


@given(questions)
def test_best_threshold_is_the_best_prefix(found: list[tuple[float, bool, bool, int]]) -> None:
    names_ = [str(i) for i in range(len(found))]
    best = squad.best_threshold(
        {n: f[0] for n, f in zip(names_, found, strict=True)},
        {n: f[1] for n, f in zip(names_, found, strict=True)},
        {n: "" if f[2] else "x" for n, f in zip(names_, found, strict=True)},
        {n: float(f[3]) for n, f in zip(names_, found, strict=True)},
    )
    expected = _slow_best([f[0] for f in found], [f[1] for f in found], [f[2] for f in found], [f[3] for f in found])
    assert best.score == pytest.approx(expected)


def test_unknown_metrics_are_named_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'macro_f1'"):
        compute("pair", "macro_f", [])
    with pytest.raises(InputError, match="unknown kind 'pairs'"):
        get("pairs", "accuracy")


def test_every_kind_scores_a_row() -> None:
    raw = {"score": 2.0, "null": 1.0, "loss": 3.0, "n": 2}
    rows: dict[str, dict[str, object]] = {
        "text": {"gold": "a", "answer": "a"},
        "pair": {"gold": "a", "answer": "b"},
        "choice": {"gold": 1, "answer": 1},
        "tags": {"gold": ["B-X", "O"], "answer": ["B-X", "O"]},
        "span": {"gold": ["the end"], "answer": "end"},
        "retrieval": {"gold": 0, "answer": 0},
        "bitext": {"gold": 0, "answer": 0},
        "mlm": {"gold": None, "answer": None},
    }
    for kind, row in rows.items():
        for name in names(kind):
            value = compute(kind, name, [row | {"raw": raw}], ["a", "b"])
            if name == "accuracy":
                assert value == (0.0 if kind == "pair" else 100.0)
    assert compute("mlm", "loss", [rows["mlm"] | {"raw": raw}]) == 1.5
