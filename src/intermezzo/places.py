"""Where Intermezzo keeps what it can make again: digests of files, encoders of the demo."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """``INTERMEZZO_CACHE``, else ``intermezzo`` below the XDG cache folder. May not exist yet."""
    named = os.environ.get("INTERMEZZO_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "intermezzo"
