"""Which pandoc answers, and how it is called."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any


def pandoc_command() -> Sequence[str]:
    """The command. The packaged pandoc is to keep its young values in 8 MiB, which a core has at
    hand, and its old ones until there are 64 MiB of them, which saves a third of its time (another
    one may be built without these options)."""
    import pypandoc  # asks the pandocs there are for their versions

    path = pypandoc.get_pandoc_path()
    is_packaged = Path(path).is_relative_to(Path(pypandoc.__file__).parent)
    return [path, "+RTS", "-A8m", "-H8m", "-O64m", "-RTS"] if is_packaged else [path]


def pandoc_identity() -> list[Any]:
    """The packaged pandoc, and the one on the PATH, which is used where it is newer."""
    try:
        packaged = metadata.version("pypandoc-binary")
    except metadata.PackageNotFoundError:
        packaged = ""
    found = shutil.which("pandoc")
    if found is None:
        return [packaged]
    state = Path(found).stat()
    return [packaged, found, state.st_size, state.st_mtime_ns]
