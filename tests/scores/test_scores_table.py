"""The scores table in its formats."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import polars
import pytest
from scores_fakes import Folders, cell, small_study

from intermezzo.errors import InputError, StoreError
from intermezzo.scores import COLUMNS, cell_from_json, cell_to_json, frame, render, rows
from intermezzo.scores.table import ORDER, level_flags

CONTRACT = (
    "study encoder family checkpoint parameters parameters_total pretraining_seed route target kind language "
    "language_source split seed metric metric_version headline value unit n chance flags job"
).split()


def test_columns_and_order(tmp_path: Path) -> None:
    cells = small_study(Folders(tmp_path), routes={"direct": 0.6, "nli": 0.9})
    table = rows(reversed(cells), Folders(tmp_path, set(p.name for p in tmp_path.iterdir())))
    assert list(COLUMNS) == CONTRACT
    assert all(list(row) == CONTRACT for row in table)
    assert len(table) == 2 * len(cells)
    assert [[row[name] for name in ORDER] for row in table] == sorted([row[name] for name in ORDER] for row in table)
    assert [row["headline"] for row in table[:2]] == [True, False]


def test_csv_is_exact_and_the_same_twice(tmp_path: Path) -> None:
    store = Folders(tmp_path)
    cells = small_study(store, routes={"direct": 0.6})
    cells.append(cell("0" * 64, seed=9, flags=("seen", "capped"), language_source='a,"b"\n'))
    first, second = render(rows(cells, store)), render(rows(list(reversed(cells)), store))
    assert first == second
    read = list(csv.DictReader(io.StringIO(first.decode("utf-8"))))
    assert list(read[0]) == CONTRACT
    for text, row in zip(read, rows(cells, store), strict=True):
        assert text["value"] == ("" if row["value"] is None else repr(row["value"]))
        assert text["headline"] in ("true", "false") and text["pretraining_seed"] == ""
    failed = [row for row in read if row["seed"] == "9"]
    assert [row["flags"] for row in failed] == ["seen;capped;failed"] * 2
    assert failed[0]["value"] == failed[0]["n"] == failed[0]["chance"] == ""
    assert failed[0]["language_source"] == 'a,"b"\n' and failed[0]["metric_version"] == "1"


def test_json_and_parquet_hold_the_same(tmp_path: Path) -> None:
    store = Folders(tmp_path)
    table = rows([*small_study(store, routes={"direct": 0.6}), cell("0" * 64, seed=9)], store)
    assert json.loads(render(table, "json")) == table
    assert json.loads(render(table, "json"))[0]["flags"] == []
    back = polars.read_parquet(io.BytesIO(render(table, "parquet")))
    assert back.equals(frame(table)) and back.to_dicts() == table
    assert back.schema["value"] == polars.Float64 and back.schema["flags"] == polars.List(polars.String)
    assert "xnli" in render(table, "table").decode()
    assert frame([]).columns == CONTRACT


def test_unknown_format() -> None:
    with pytest.raises(InputError, match="did you mean 'parquet'"):
        render([], "parkett")


def test_a_withheld_test_set_is_a_failed_cell(tmp_path: Path) -> None:
    store = Folders(tmp_path)
    scores = {"values": {"accuracy": None, "macro_f1": None}, "n": {"accuracy": 0}, "chance": 0.3, "reason": "no gold"}
    row = rows([cell(store.put({"type": "score"}, {"scores.json": scores}))], store)[0]
    assert row["value"] is None and row["n"] is None and row["flags"] == ["failed"]


def test_a_broken_artifact_is_named(tmp_path: Path) -> None:
    store = Folders(tmp_path)
    id = store.put({"type": "score"}, {"scores.json": {}})
    (tmp_path / id / "scores.json").write_text("{")
    with pytest.raises(StoreError, match=id):
        rows([cell(id)], store)


def test_floor_and_ceiling_by_the_formulas() -> None:
    c, n = 1 / 3, 900
    edge = 100 * (c + 2 * (c * (1 - c) / n) ** 0.5)
    assert level_flags(edge - 1e-6, n, c) == {"floor"} and level_flags(edge + 1e-6, n, c) == set()
    top = 100 * (1 - 2 / n**0.5)
    assert level_flags(top, n, c) == set() and level_flags(top + 1e-6, n, c) == {"ceiling"}
    assert level_flags(0.0, n, 0.0) == set() and level_flags(None, n, c) == {"failed"}
    assert level_flags(0.1, n, c, "nats") == set()


def test_a_cell_survives_json() -> None:
    one = cell("0" * 64, flags=("seen",), pretraining_seed=4)
    assert cell_from_json(json.loads(json.dumps(cell_to_json(one))) | {"another": 1}) == one
