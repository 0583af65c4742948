"""``scores``, ``gains`` and ``report``: what came out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from intermezzo.cli.options import DataRoot, Encoders, Json, Precision, StoreFolder, print_json, study_of
from intermezzo.errors import InputError, Problem

if TYPE_CHECKING:
    from intermezzo.scores import Artifacts, Cell

Source = Annotated[str, typer.Argument(metavar="STUDY|STORE", help="A study file, or the folder of a store.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, command in (("scores", scores), ("gains", gains), ("report", report)):
        app.command(name)(command)


def cells_of(
    source: str, store: str, data_root: Path | None, encoder: list[str] | None, precision: str | None
) -> tuple[list[Cell], Artifacts, str]:
    """Cells, the store they lie in, and the study's name, for a study file or a store."""
    from intermezzo import api

    path = Path(source)
    if path.is_dir() or "://" in source:
        found, opened = api.cells(source)
        names = sorted({cell.study for cell in found})
        return found, opened, ", ".join(names)
    loaded = study_of(path, data_root, encoder, precision)
    found, opened = api.cells(loaded, store)
    return found, opened, loaded.name


def scores(
    source: Source,
    store: StoreFolder = "./.intermezzo",
    form: Annotated[str, typer.Option("--format", help="table, csv, json or parquet.")] = "table",
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of stdout.")] = None,
    data_root: DataRoot = None,
    encoder: Encoders = None,
    precision: Precision = None,
    as_json: Json = False,
) -> None:
    """The scores table. Example: intermezzo scores study.yaml --format csv"""
    from intermezzo.scores import table

    form = "json" if as_json else form
    if form not in table.FORMATS:
        raise InputError(Problem(f"unknown format {form!r}", field="--format", allowed=", ".join(table.FORMATS)))
    found, opened, _ = cells_of(source, store, data_root, encoder, precision)
    rows = table.rows(found, opened)
    content = table.render(rows, form)
    if out is not None:
        out.write_bytes(content)
    else:
        typer.get_binary_stream("stdout").write(content)
    missing = sum(1 for row in rows if row["headline"] and "failed" in row["flags"])
    if missing:
        typer.echo(f"{missing} cells have no score; `intermezzo run` fills them or says why not", err=True)
        raise typer.Exit(1)


def gains(
    source: Source,
    store: StoreFolder = "./.intermezzo",
    data_root: DataRoot = None,
    encoder: Encoders = None,
    precision: Precision = None,
    as_json: Json = False,
) -> None:
    """Gains over `direct`, with intervals. Example: intermezzo gains study.yaml --json"""
    from intermezzo.scores.gains import gains as gains_of

    found, opened, _ = cells_of(source, store, data_root, encoder, precision)
    rows = gains_of(found, opened)
    if as_json:
        print_json(rows)
    else:
        _print_gains(rows)
    missing = sum(1 for row in rows if row["gain"] is None)
    if missing:
        typer.echo(f"{missing} gains are missing one of their two arms", err=True)
        raise typer.Exit(1)


def _print_gains(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    shown = Table(box=None)
    for name in ("checkpoint", "route", "target", "language", "direct", "score", "gain", "95 %", "covers", "flags"):
        shown.add_column(name, justify="right" if name in ("direct", "score", "gain", "95 %") else "left")
    for row in rows:
        number = lambda value: "" if value is None else f"{value:.2f}"  # noqa: E731
        ci = row["ci95"]
        shown.add_row(
            row["checkpoint"],
            row["route"],
            row["target"],
            row["language"],
            number(row["direct"]),
            number(row["score"]),
            "" if row["gain"] is None else f"{row['gain']:+.2f}",
            "" if ci is None else f"{ci[0]:+.2f} {ci[1]:+.2f}",
            "+".join(row["covers"]),
            " ".join(row["flags"]),
        )
    Console().print(shown)


def report(
    source: Source,
    store: StoreFolder = "./.intermezzo",
    out: Annotated[Path, typer.Option(help="The page to write; `.md` gives Markdown.")] = Path("report.html"),
    data_root: DataRoot = None,
    encoder: Encoders = None,
    precision: Precision = None,
) -> None:
    """Write the report as one HTML page or as Markdown. Example: intermezzo report study.yaml --out report.html"""
    from intermezzo.reports import report_html, report_markdown, study_report

    if out.suffix not in (".html", ".md"):
        raise InputError(Problem(f"{out} is neither a page nor Markdown", field="--out", allowed="NAME.html or NAME.md"))
    found, opened, name = cells_of(source, store, data_root, encoder, precision)
    data = study_report(name, found, opened)
    text = report_html(data) if out.suffix == ".html" else report_markdown(data)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    typer.echo(str(out))
