"""The command line: parse, call, print. Exit codes: 0 done, 1 something missing, 2 wrong input, 3 a bug of ours,
75 stopped early and resumable, 130 interrupted."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from pathlib import Path

import typer

from intermezzo.cli import catalog, results, stores, studies
from intermezzo.errors import InputError, IntermezzoError

MOST_PROBLEMS = 20

app = typer.Typer(
    name="intermezzo",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Will training an encoder on an English task first help it on your task in your language?\n\n"
    "Start with `intermezzo init`, look at `intermezzo plan STUDY`, then `intermezzo run STUDY`.",
)
studies.register(app)
results.register(app)
catalog.register(app)
app.add_typer(stores.app, name="store")


@app.callback(invoke_without_command=True)
def root(version: bool = typer.Option(False, "--version", help="Print the version and leave.")) -> None:
    """Options of the command itself."""
    if version:
        from intermezzo import __version__

        typer.echo(f"intermezzo {__version__}")
        raise typer.Exit


def main() -> None:
    """Entry point of the ``intermezzo`` command: errors become sentences and exit codes."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        app()
    except InputError as error:
        for problem in error.problems[:MOST_PROBLEMS]:
            print(problem, file=sys.stderr)
        if len(error.problems) > MOST_PROBLEMS:
            print(f"... and {len(error.problems) - MOST_PROBLEMS} more problems", file=sys.stderr)
        sys.exit(error.exit_code)
    except IntermezzoError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("interrupted; the same command goes on where it stopped", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        sys.exit(_bug(error))


def _bug(error: Exception) -> int:
    """Say in a sentence that this is our fault and where the traceback lies."""
    descriptor, name = tempfile.mkstemp(prefix="intermezzo-bug-", suffix=".txt")
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(traceback.format_exc())
    print(f"this is a bug of Intermezzo ({type(error).__name__}); the traceback is in {Path(name)}", file=sys.stderr)
    return 3


if __name__ == "__main__":
    main()
