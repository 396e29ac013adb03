"""Files: written whole or not at all, with what the disk refuses told as a problem."""

from __future__ import annotations

import errno
import itertools
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from imprint.core.problems import Problem, ReportError, problem

OUTPUT = "_output"
"""What readers get, from the project's root."""
SCRATCH = ".imprint"
"""What builds keep and throw away, from the project's root."""


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Tell what the disk refuses as a problem of the file. Raises ReportError for any OSError."""
    try:
        yield
    except OSError as error:
        raise ReportError([_disk_problem(error, root)]) from error


_parts = itertools.count(1)


def write_atomically(*files: tuple[Path, bytes]) -> None:
    """Write files in one step, or none, whoever else writes them: each is the old one or the new
    one, never half of it. Raises OSError."""
    parts = [path.with_name(f".{path.name}.{os.getpid()}-{next(_parts)}.part") for path, _ in files]
    try:
        for part, (_, content) in zip(parts, files, strict=True):
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
        for part, (path, _) in zip(parts, files, strict=True):
            part.replace(path)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def write_json(path: Path, value: Any) -> None:
    """Write sorted, indented JSON with a final newline."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _disk_problem(error: OSError, root: Path) -> Problem:
    """Name the file as the author sees it: what is staged would have stood in the output."""
    path = Path(error.filename or root / OUTPUT)
    for base, shown in ((root / SCRATCH / "staging", OUTPUT), (root, "")):
        if path.is_relative_to(base):
            path = shown / path.relative_to(base)
            break
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    if error.errno == errno.ENOENT:
        fix = "restore it, or render again, which makes what was drawn anew"
        return problem("file-exists", path.as_posix(), 0, "it is not there any more", fix)
    return problem(
        "disk-has-room" if full else "output-is-writable",
        path.as_posix(),
        0,
        f"it cannot be written: {(error.strerror or str(error)).lower()}",
        "free some room on the disk" if full else "allow writing to the project's folder",
    )
