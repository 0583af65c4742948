"""``store``: look at a store and check it."""

from __future__ import annotations

import typer

from intermezzo.cli.options import Json, StoreFolder, print_json

app = typer.Typer(help="Look at a store, check its bytes.", no_args_is_help=True, rich_markup_mode=None)


@app.command("ls")
def ls(store: StoreFolder = "./.intermezzo", as_json: Json = False) -> None:
    """List the artifacts. Example: intermezzo store ls --store DIR"""
    from intermezzo.store import Store

    opened = Store.open(store)
    rows = []
    for job_id in sorted(opened.ids()):
        manifest = opened.manifest(job_id)
        size = sum(entry["bytes"] for entry in manifest["files"].values())
        rows.append({"id": job_id, "type": manifest["type"], "name": manifest["name"], "bytes": size})
    if as_json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['id'][:12]}  {row['type']:<9}{row['bytes']:>12}  {row['name']}")


@app.command("verify")
def verify(store: StoreFolder = "./.intermezzo", as_json: Json = False) -> None:
    """Compare every byte with its manifest; leaves with 1 when something differs."""
    from intermezzo.store import Store

    opened = Store.open(store)
    findings = opened.verify()
    checked = len(list(opened.ids()))
    if as_json:
        found = [{"id": f.id, "file": f.file, "what": f.what, "next": f.next} for f in findings]
        print_json({"artifacts": checked, "findings": found})
    else:
        for finding in findings:
            typer.echo(f"{finding.id} {finding.file}: {finding.what}; {finding.next}")
        typer.echo(f"{checked} artifacts, {len(findings)} findings")
    if findings:
        raise typer.Exit(1)
