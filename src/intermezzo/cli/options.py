"""Options that several commands share."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from intermezzo.errors import InputError, Problem

if TYPE_CHECKING:
    from intermezzo.study import Study

StudyFile = Annotated[Path, typer.Argument(metavar="STUDY", help="The study file (YAML).", show_default=False)]
StoreFolder = Annotated[
    str, typer.Option("--store", envvar="INTERMEZZO_STORE", help="Folder of the store.", metavar="DIR")
]
DataRoot = Annotated[
    Path | None,
    typer.Option("--data-root", envvar="INTERMEZZO_DATA", help="Local task files, one folder a task.", metavar="DIR"),
]
Encoders = Annotated[
    list[str] | None,
    typer.Option("--encoder", help="Take this folder for an encoder of the study.", metavar="NAME=FOLDER"),
]
Precision = Annotated[
    str | None, typer.Option("--precision", help="float32, bfloat16 or float16 for every training.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Offline = Annotated[bool, typer.Option("--offline", help="Never open a socket (also HF_HUB_OFFLINE=1).")]


def study_of(path: Path, data_root: Path | None, encoders: list[str] | None, precision: str | None) -> Study:
    """Load a study with what the command line replaces."""
    from intermezzo.study import load_study

    replaced: dict[str, Path] = {}
    for given in encoders or []:
        name, mark, folder = given.partition("=")
        if not mark or not name or not folder:
            raise InputError(Problem(f"{given!r} is not NAME=FOLDER", field="--encoder", allowed="NAME=FOLDER"))
        replaced[name] = Path(folder)
    study = load_study(path, data_root=data_root, encoders=replaced, precision=precision)
    for warning in study.warnings:
        typer.echo(f"note: {warning}", err=True)
    return study


def go_offline(offline: bool) -> None:
    """Forbid the network for this process and its workers."""
    if offline:
        os.environ["HF_HUB_OFFLINE"] = "1"


def print_json(document: Any, *, one_line: bool = False) -> None:
    """One JSON document on stdout: UTF-8, full precision, no NaN."""
    typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=None if one_line else 1))
