"""Ladders: checkpoints of one family at several sizes, by name (entry point ``intermezzo.ladders``) or by folder.

A package offers a ladder by an entry point of the group ``intermezzo.ladders`` whose object is a function
``ladder() -> tuple[Encoder, ...]``. A folder is a ladder when it holds ``ladder.yaml`` (``{family, encoders: [...]}``
with encoders as in a study, paths relative to it) or else one subfolder with ``config.json`` for each checkpoint.
"""

from __future__ import annotations

import os
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from intermezzo.errors import InputError, IntermezzoError, Problem, nearest
from intermezzo.study.folders import encoder_of
from intermezzo.study.forms import EntryName, Form
from intermezzo.study.parse import problems_of
from intermezzo.study.schema import EncoderForm
from intermezzo.study.study import Encoder
from intermezzo.study.yaml import read_yaml

GROUP = "intermezzo.ladders"


class LadderFile(Form):
    """``ladder.yaml``: the checkpoints of one family."""

    family: EntryName | None = None
    encoders: Annotated[list[EncoderForm], Field(min_length=1, max_length=1000)]


def ladder_names() -> dict[str, EntryPoint]:
    """Ladders that installed packages offer, by name."""
    return {point.name: point for point in entry_points(group=GROUP)}


def ladder(name: str, base: Path) -> tuple[Encoder, ...]:
    """The checkpoints of a ladder: a folder (relative to ``base``) when there is one, else a registered name.

    Raises ``InputError``: no such ladder, or one that cannot be read.
    """
    folder = Path(os.path.abspath(base / Path(name).expanduser()))
    if folder.is_dir():
        return _from_folder(folder)
    offered = ladder_names()
    if name not in offered:
        names = ", ".join(sorted(offered)) or "none is installed"
        allowed = f"a folder that exists, or a ladder by name ({names})"
        raise InputError(Problem(f"no ladder {name!r}", allowed=allowed, near=nearest(name, offered)))
    try:
        made = tuple(offered[name].load()())
    except IntermezzoError:
        raise
    except Exception as error:  # a stranger's code: its fault is named, not ours
        what = f"the ladder {name!r} ({offered[name].value}) cannot be loaded: {type(error).__name__}: {error}"
        raise InputError(Problem(what)) from error
    if not made or not all(isinstance(encoder, Encoder) for encoder in made):
        raise InputError(Problem(f"the ladder {name!r} ({offered[name].value}) gives no encoders"))
    return made


def _from_folder(folder: Path) -> tuple[Encoder, ...]:
    listed = folder / "ladder.yaml"
    if listed.is_file():
        return _from_file(listed)
    found = sorted(child for child in folder.iterdir() if (child / "config.json").is_file())
    if not found:
        allowed = "ladder.yaml, or a subfolder with config.json for each checkpoint"
        raise InputError(Problem(f"the folder {str(folder)!r} is no ladder", allowed=allowed))
    return tuple(Encoder(name=child.name, source=str(child), is_folder=True, family=folder.name) for child in found)


def _from_file(path: Path) -> tuple[Encoder, ...]:
    document = read_yaml(path)
    try:
        form = LadderFile.model_validate(document.value)
    except ValidationError as error:
        raise InputError(problems_of(error, document, LadderFile)) from None
    family = form.family or path.parent.name
    return tuple(replace(encoder_of(item, path.parent), family=item.family or family) for item in form.encoders)
