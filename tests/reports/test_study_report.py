"""The report of a study: what it says, and whether its page is sound."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from scores_fakes import Folders, cell, small_study

from intermezzo.reports import ReportData, report_html, report_markdown, study_report
from intermezzo.scores import Cell, gains

EVIL = '<script>alert("x")</script>'


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture
def store(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def _study(store: Folders) -> list[Cell]:
    cells = small_study(store, routes={"direct": 0.5, "nli": 0.75, "qa": 0.5}, n=90)
    return cells + small_study(
        store, routes={"direct": 0.5, "nli": 0.55}, target="topic", parallel=False, n=60, flags=("capped",)
    )


def _data(store: Folders) -> ReportData:
    return study_report("does-nli-help", _study(store), store)


def test_every_gain_and_score_stands_in_the_page(store: Folders) -> None:
    cells = _study(store)
    data = study_report("does-nli-help", cells, store)
    text = Page(report_html(data)).text
    for record in gains(cells, store):
        shown = f"{abs(record['gain']):.2f}"
        assert shown in text and shown in report_markdown(data)
    assert len(data.scores) == 2 * len(cells)
    assert [row.route for row in data.matrix] == ["nli", "qa"]
    assert data.matrix[1].cells[1] is None and "not in this study" in text


def test_the_answer_is_the_best_route(store: Folders) -> None:
    data = _data(store)
    best = next(row for row in data.parts[0].rows if row.route == "nli" and row.language == "mean")
    assert data.answer.startswith(f"The largest gain that can be told from zero is +{best.gain:.2f} points [+")
    assert "route nli on xnli (mean over 2 languages" in data.answer
    assert "Of 3 mean gains" in data.answer


@pytest.mark.parametrize(
    ("routes", "words"),
    [
        ({"direct": 0.6, "nli": 0.6}, "No gain is distinguishable from zero"),
        ({"direct": 0.9, "nli": 0.5}, "No route helps measurably; the largest loss is −"),
        ({"direct": 0.6}, "the study has no route beside direct"),
    ],
)
def test_other_answers(store: Folders, routes: dict[str, float], words: str) -> None:
    data = study_report("s", small_study(store, routes=routes), store)
    assert words in data.answer
    assert words in Page(report_html(data)).text and words.split(";")[0] in report_markdown(data)


def test_what_is_missing_is_counted(store: Folders) -> None:
    cells = _study(store)
    lost = [c for c in cells if c.target == "topic" and c.route == "nli" and c.language == "swh-Latn"]
    for one in lost:
        store.ids.remove(one.score)
    scores = {"values": {"accuracy": None}, "reason": "placeholder gold: all neutral", "headline": "accuracy"}
    held = cell(store.put({"type": "score", "held": 1}, {"scores.json": scores}), language="yor-Latn", target="held")
    data = study_report("s", [*cells, held], store)
    limits = "\n".join(data.limits)
    assert f"{len(cells) + 1} cells asked for, {len(cells) - 3} with a score." in limits
    assert "3 cells without a result (3 nli on topic swh-Latn)." in limits
    assert "1 cell that cannot be scored: held yor-Latn: placeholder gold: all neutral." in limits
    assert "; a mean is given only when all its languages are there" in limits
    assert "xnli test all: 2 items too long and cut (windows)." in limits
    assert "Scores made with training or test examples, or steps, cut by a limit: 9 of " in limits
    page = Page(report_html(data))
    assert re.search("no gain (floor )?(ceiling )?capped failed", page.text) and page.text.count("no artifact") >= 3
    assert "failed" in dict(data.legend)


def test_coverage_and_scale_are_said_plainly(store: Folders) -> None:
    cells = _study(store)
    text = Page(report_html(study_report("s", cells, store))).text
    assert "cover the choice of test examples and of fine-tuning seeds" in text
    assert "Verdict: inconclusive: needs at least 4 sizes, and this study has one encoder size." in text
    one_seed = study_report("s", [c for c in cells if c.seed == 1], store)
    assert "cover the choice of test examples only" in one_seed.coverage
    assert any(limit.startswith("One seed") for limit in one_seed.limits)
    sizes = [replace(c, checkpoint=f"m{k}", encoder=f"m{k}", parameters=10**6 * 2**k) for k in range(4) for c in cells]
    four = study_report("s", sizes, store)
    assert "none is computed on this page" in four.verdict and four.several


def test_every_number_leads_to_its_jobs(store: Folders) -> None:
    data = _data(store)
    text = report_html(data)
    page = Page(text)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    links = {str(attrs["href"]) for tag, attrs in page.tags if tag == "a"}
    assert len(ids) == len(set(ids))
    assert links and all(link.startswith("#") and link[1:] in ids for link in links)
    assert {one.type for one in data.jobs} == {"score", "predict", "train", "tokenize"}
    assert {f"job-{data.short(one.id)}" for one in data.jobs} <= set(ids)
    train = next(one for one in data.jobs if one.type == "train")
    assert train.recipe == {"learning_rate": 1e-5} and "torch 2.13.0" in train.versions
    assert "1.5 s" in train.cost and "10 examples" in train.cost
    tokens = next(one for one in data.jobs if one.type == "tokenize")
    assert dict(tokens.digests) == {"data": "ab" * 32, "tokenizer": "cd" * 32}
    assert "ab" * 32 in text and "ab" * 32 in report_markdown(data)


def test_the_page_is_sound(store: Folders) -> None:
    text = report_html(_data(store))
    page = Page(text)
    assert page.open == [] and text.startswith("<!doctype html>")
    names = [tag for tag, _ in page.tags]
    assert dict(page.tags)["html"] == {"lang": "en"}
    assert not {"script", "img", "link", "iframe", "object"} & set(names)
    assert not re.search(r"https?://|@import|url\(", text)
    levels = [int(tag[1]) for tag in names if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False))
    boxes = [attrs for tag, attrs in page.tags if tag == "div" and "box" in str(attrs.get("class"))]
    assert len(boxes) == names.count("table") == 4
    assert all(box["tabindex"] == "0" and box["role"] == "region" and box["aria-label"] for box in boxes)
    assert "nan" not in page.text.lower().split() and "None" not in page.text.split()


def test_two_reports_are_equal(store: Folders) -> None:
    cells = _study(store)
    first, second = study_report("s", cells, store), study_report("s", list(cells), store)
    assert report_html(first) == report_html(second) and report_markdown(first) == report_markdown(second)


def test_nothing_from_the_data_is_markup(store: Folders) -> None:
    cells = [
        replace(
            c,
            target=f"{c.target}{EVIL}|`*_",
            language=f"{c.language}{EVIL}",
            checkpoint=f'm" onmouseover="x{EVIL}',
            route=c.route if c.route == "direct" else f"{c.route}{EVIL}",
            flags=(),
        )
        for c in _study(store)
    ]
    bad = store.put(
        {"type": "train", "recipe": {"note": EVIL}, "inputs": {}, "data": EVIL}, {}, f"train {EVIL}\n# heading"
    )
    scores = {"values": {"accuracy": None}, "reason": EVIL, "headline": "accuracy"}
    held = store.put({"type": "score", "inputs": {EVIL: bad}}, {"scores.json": scores}, EVIL)
    data = study_report(f"study {EVIL}", [*cells, cell(held, target=EVIL)], store)
    text = report_html(data)
    page = Page(text)
    assert "<script" not in text and "script" not in [tag for tag, _ in page.tags]
    assert page.text.count(EVIL) > 20
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    written = report_markdown(data)
    outside_code = [line for line in written.splitlines() if not line.startswith("    ")]
    assert not any("<script" in line for line in outside_code) and "\n# heading" not in written
    table = [line for line in outside_code if line.startswith("| ")]
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table if "accuracy" in line}) == 1


def test_an_empty_study(store: Folders) -> None:
    data = study_report("nothing", [], store)
    assert "no route beside direct" in data.answer
    assert Page(report_html(data)).open == [] and "## Limits" in report_markdown(data)
