"""Which pandoc answers, how it is called, and what is told of one that does not."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from imprint.core.problems import ReportError, problem
from imprint.read.packaged import installed

_SECONDS = 30


def pandoc_command() -> Sequence[str]:
    """The command. The packaged pandoc is to keep its young values in 8 MiB, which a core has at
    hand, and its old ones until there are 64 MiB of them, which saves a third of its time (another
    one may be built without these options). Raises ReportError where none runs."""
    import pypandoc  # asks the pandocs there are for their versions

    packaged = Path(pypandoc.__file__).parent / "files" / "pandoc"
    try:
        path = pypandoc.get_pandoc_path()
    except OSError:
        # pypandoc takes one that fails for one that is not there.
        path = _one_that_runs(packaged)
    is_packaged = Path(path).is_relative_to(packaged.parent)
    return [path, "+RTS", "-A8m", "-H8m", "-O64m", "-RTS"] if is_packaged else [path]


def pandoc_environment(scratch: Path) -> dict[str, str]:
    """The environment of a pandoc that puts temporary files into a folder of ours, for it leaves
    them when it is killed."""
    return {**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))}


def pandoc_identity() -> list[Any]:
    """The packaged pandoc, and the one on the PATH, which is used where it is newer."""
    packaged = [name for name in installed() if name.startswith("pypandoc")]
    found = shutil.which("pandoc")
    if found is None:
        return packaged
    state = Path(found).stat()
    return [*packaged, found, state.st_size, state.st_mtime_ns]


def why_it_ended(code: int, said: str) -> str:
    """Why a pandoc ended before its time, for authors: by its exit code and what it said."""
    if code < 0:
        return f"it was ended by signal {-code}, as by a system that is short of memory"
    if "stack overflow" in said:
        return "what it reads is nested too deeply, as lists within lists are"
    return " ".join(said.split()) or "no message"


def _one_that_runs(packaged: Path) -> str:
    """A pandoc that answers when it is asked once more. Raises ReportError with what it says."""
    path = os.environ.get("PYPANDOC_PANDOC") or shutil.which("pandoc") or str(packaged)
    try:
        ran = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=_SECONDS, errors="replace"
        )
    except FileNotFoundError:
        message = "no pandoc was found, which reads the text"
        fix = "set up the environment anew: its package pypandoc-binary holds one"
        raise ReportError([problem("pandoc-runs", "pandoc", 0, message, fix)]) from None
    except (OSError, subprocess.TimeoutExpired) as error:
        said = f"it took more than {_SECONDS} s"
        why = (error.strerror or str(error)).lower() if isinstance(error, OSError) else said
    else:
        if ran.returncode == 0:
            return path
        why = why_it_ended(ran.returncode, ran.stderr)
    fix = f"see whether `{path} --version` runs"
    raise ReportError([problem("pandoc-runs", "pandoc", 0, f"it does not run: {why}", fix)])
