"""``init``, ``plan``, ``why`` and ``run``: from a study file to finished jobs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from intermezzo.cli.options import (
    DataRoot,
    Encoders,
    Json,
    Offline,
    Precision,
    StoreFolder,
    StudyFile,
    go_offline,
    print_json,
    study_of,
)
from intermezzo.errors import InputError, Interrupted, Problem, Stopped


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, command in (("init", init), ("plan", plan), ("why", why), ("run", run)):
        app.command(name)(command)


def init(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Your own data files; none for a study of catalogue tasks.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="The study file to write; never overwritten.")] = Path("study.yaml"),
    language: Annotated[
        list[str] | None, typer.Option("--language", "-l", help="Language of a file.", metavar="FILE=CODE")
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema for editors instead.")] = False,
) -> None:
    """Write a commented study file. Example: intermezzo init train.tsv test.tsv -l test.tsv=sw --out study.yaml"""
    if schema:
        from intermezzo.study.schema_json import schema_text

        typer.echo(schema_text(), nl=False)
        return
    from intermezzo.study.init import init_study

    languages: dict[str, str] = {}
    for given in language or []:
        name, mark, code = given.rpartition("=")
        if not mark:
            raise InputError(Problem(f"{given!r} is not FILE=CODE", field="--language", allowed="FILE=CODE"))
        languages[name] = code
    init_study(files or [], out, languages=languages)
    typer.echo(f"wrote {out}; next: intermezzo plan {out}")


def plan(
    study: StudyFile,
    store: StoreFolder = "./.intermezzo",
    data_root: DataRoot = None,
    encoder: Encoders = None,
    precision: Precision = None,
    as_json: Json = False,
    show_recipes: Annotated[bool, typer.Option("--show-recipes", help="Print the resolved recipes.")] = False,
    every: Annotated[bool, typer.Option("--all", help="List every job, also when there are many.")] = False,
) -> None:
    """Every job, why it would run, and what it will cost. Example: intermezzo plan study.yaml --store DIR"""
    from intermezzo import api

    loaded = study_of(study, data_root, encoder, precision)
    if show_recipes:
        print_json(recipes(loaded))
        return
    document = api.plan(loaded, store)
    if as_json:
        print_json(document, one_line=True)
    else:
        from intermezzo.cli.display import print_plan

        print_plan(document, every)


def recipes(loaded: Any) -> list[dict[str, Any]]:
    """The resolved recipe of every training a study describes."""
    rows = []
    for encoder in loaded.encoders:
        for route in loaded.routes:
            stages = [("intermediate", phase) for phase in route.phases]
            stages += [("target", target.train) for target in loaded.targets if target.train]
            for stage, phase in stages:
                tasks = tuple(member.task for member in phase)
                recipe = loaded.recipe(encoder, stage, tasks, route).as_dict()
                row = {"encoder": encoder.name, "route": route.name, "stage": stage, "tasks": list(tasks), **recipe}
                if row not in rows:
                    rows.append(row)
    return rows


def why(
    job: Annotated[str, typer.Argument(help="Identity of a job (its first digits do), as `plan` shows it.")],
    study: Annotated[Path | None, typer.Option("--study", help="The study the job belongs to.")] = None,
    store: StoreFolder = "./.intermezzo",
    data_root: DataRoot = None,
    encoder: Encoders = None,
    as_json: Json = False,
) -> None:
    """What a job's identity is made of, and how it differs from the nearest job in the store.

    Example: intermezzo why 3fa2 --study study.yaml
    """
    from intermezzo import api
    from intermezzo.cli.display import print_why

    loaded = None if study is None else study_of(study, data_root, encoder, None)
    document = api.why(job, loaded, store)
    if as_json:
        print_json(document)
    else:
        print_why(document)


def run(
    study: StudyFile,
    store: StoreFolder = "./.intermezzo",
    executor: Annotated[str, typer.Option(help="What runs the jobs: local.")] = "local",
    workers: Annotated[int | None, typer.Option(min=1, help="Jobs at once (default: cores / threads, or GPUs).")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads a job.")] = None,
    max_hours: Annotated[float | None, typer.Option(min=0.0, help="Stop, resumable, after so many hours.")] = None,
    only: Annotated[str | None, typer.Option(help="Only what this target needs.", metavar="TARGET")] = None,
    data_root: DataRoot = None,
    encoder: Encoders = None,
    precision: Precision = None,
    offline: Offline = False,
    as_json: Json = False,
) -> None:
    """Run what is missing of a study; run again after any interruption. Example: intermezzo run study.yaml"""
    if executor != "local":
        raise InputError(Problem(f"unknown executor {executor!r}", field="--executor", allowed="local"))
    go_offline(offline)
    from intermezzo import api
    from intermezzo.cli.display import RunDisplay

    loaded = study_of(study, data_root, encoder, precision)
    with RunDisplay() as display:
        done = api.run(
            loaded,
            store,
            workers=workers,
            threads=threads,
            max_hours=max_hours,
            only=only,
            on_event=display.event,
            on_graph=display.graph,
        )
    if as_json:
        print_json(
            {"jobs": done.jobs, "ran": done.ran, "had": done.had, "failed": len(done.failed), "store": done.store},
            one_line=True,
        )
    else:
        typer.echo(display.sentence(done))
    for name, reason in done.failed.items():
        typer.echo(f"failed: {name}: {reason}", err=True)
    if done.stopped == "interrupted":
        raise Interrupted("interrupted; the same command goes on where it stopped")
    if done.stopped:
        raise Stopped("stopped early as asked; the same command goes on where it stopped")
    if done.failed:
        raise typer.Exit(1)
