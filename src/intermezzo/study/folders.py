"""Encoders as written: hub id or folder, and what a folder must hold."""

from __future__ import annotations

import os
import re
from pathlib import Path

from intermezzo.errors import InputError, Problem
from intermezzo.study.schema import EncoderForm
from intermezzo.study.study import Encoder

# Hub ids: "name" (the oldest models) or "organisation/name" (huggingface_hub.utils.validate_repo_id).
_HUB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,95})?")
_TOKENIZERS = (
    "tokenizer.json",
    "sentencepiece.bpe.model",
    "spiece.model",
    "tokenizer.model",
    "vocab.txt",
    "vocab.json",
)
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".msgpack", ".h5")


def encoder_of(form: EncoderForm | str, base: Path) -> Encoder:
    """An encoder as the study writes it; folders are made absolute, relative to ``base``, and not looked into."""
    if isinstance(form, str):
        form = EncoderForm(id=form)
    folder = Path(os.path.abspath(base / Path(form.id).expanduser()))
    is_folder = folder.is_dir() or not _HUB_ID.fullmatch(form.id)
    name = form.name or (folder.name if is_folder else form.id.rpartition("/")[2])
    return Encoder(
        name=name,
        source=str(folder) if is_folder else form.id,
        is_folder=is_folder,
        family=form.family or name,
        revision=form.revision,
        parameters=form.parameters,
        pretraining_seed=form.pretraining_seed,
        prefix=form.prefix,
        pooling=form.pooling,
        layer=form.layer,
        seen=tuple(form.seen),
        pretraining_corpus=form.pretraining_corpus,
        recipe=form.recipe.given() if form.recipe else {},
    )


def check_folder(folder: Path) -> None:
    """Raise ``InputError`` when a folder is no encoder that can be loaded: configuration, weights, tokenizer."""
    if not folder.exists():
        raise InputError(Problem(f"the folder {str(folder)!r} does not exist", allowed="a folder, or a hub id"))
    if not folder.is_dir():
        raise InputError(Problem(f"{str(folder)!r} is no folder", allowed="a folder, or a hub id"))
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise InputError(Problem(f"the folder {str(folder)!r} cannot be read: {error.strerror}")) from None
    problems = []
    if "config.json" not in names:
        problems.append(Problem(f"the folder {str(folder)!r} has no config.json"))
    if not any(name.endswith((".safetensors", ".safetensors.index.json")) for name in names):
        pickles = [name for name in names if name.endswith(_PICKLES)]
        held = f", only {pickles[0]}, a form that is not loaded because it can run code" if pickles else ""
        what = f"the folder {str(folder)!r} has no weights in safetensors{held}"
        problems.append(Problem(what, allowed="model.safetensors" + (" (convert it first)" if pickles else "")))
    if not any(name in names for name in _TOKENIZERS):
        allowed = f"one of {', '.join(_TOKENIZERS)}"
        problems.append(Problem(f"the folder {str(folder)!r} has no tokenizer", allowed=allowed))
    if problems:
        raise InputError(problems)
