"""``tasks`` and ``languages``: what there is."""

from __future__ import annotations

import typer

from intermezzo.cli.options import Json, print_json


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("tasks")(tasks)
    app.command("languages")(languages)


def tasks(as_json: Json = False) -> None:
    """List the tasks. Example: intermezzo tasks --json"""
    from intermezzo.tasks import catalog, describe_task

    rows = [describe_task(task) for task in catalog().values()]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        languages_ = f"{len(row['languages'])} languages" if len(row["languages"]) != 1 else row["languages"][0]
        typer.echo(f"{row['id']:<16}{row['kind']:<11}{'/'.join(row['roles']):<21}{row['headline']:<15}{languages_}")


def languages(
    word: str = typer.Argument("", help="Show only languages whose code or name holds this."), as_json: Json = False
) -> None:
    """List the languages and their codes. Example: intermezzo languages swahili"""
    from intermezzo.languages import all_languages

    found = [
        language
        for language in all_languages()
        if word.lower() in language.code.lower() or word.lower() in language.name.lower()
    ]
    if as_json:
        print_json([{"code": language.code, "name": language.name, "note": language.note} for language in found])
        return
    for language in found:
        typer.echo(f"{language.code:<12}{language.name}" + (f"  ({language.note})" if language.note else ""))
