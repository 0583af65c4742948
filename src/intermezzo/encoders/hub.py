"""Find an encoder's folder: a local one, or a snapshot of the hub at one commit."""

from __future__ import annotations

import os
from pathlib import Path

from intermezzo.errors import InputError, Problem

# Weights as safetensors only, tokenizer and configuration; never code, never pickles.
PATTERNS = ["*.json", "*.safetensors", "*.model", "*.txt"]
SKIP = ["onnx/*", "openvino/*", "*/*.bin"]


def offline() -> bool:
    """Whether the environment forbids the network (``HF_HUB_OFFLINE=1``)."""
    return os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on")


def hub_folder(name: str, revision: str | None, *, download: bool) -> Path:
    """The snapshot folder of a hub encoder; fetched when ``download`` and the network is allowed.

    Raises ``InputError`` when it is not on this machine and may not or cannot be fetched.
    """
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, revision=revision, allow_patterns=PATTERNS, local_files_only=True))
    except Exception as error:
        missing = error
    if download and not offline():
        try:
            return Path(snapshot_download(name, revision=revision, allow_patterns=PATTERNS, ignore_patterns=SKIP))
        except Exception as error:
            missing = error
    reason = str(missing).strip().splitlines()[0] if str(missing).strip() else type(missing).__name__
    raise InputError(
        Problem(
            f"encoder {name!r} is not on this machine ({reason[:200]})",
            field="encoders",
            allowed=f"a folder, --encoder {name.rsplit('/', 1)[-1]}=FOLDER, or a hub id that can be fetched by "
            "`intermezzo run` without --offline",
        )
    )
