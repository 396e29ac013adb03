"""The bibliography as pandoc reads it: what it refuses, before anything prints."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pypandoc

from imprint.core import digests, store
from imprint.core.problems import Problem, problem
from imprint.read.report import Report

_PLACE = re.compile(r"\(line (\d+), column (\d+)\):\s*(.*)", re.DOTALL)
_SECONDS = 60


def check_pandoc_reading(report: Report) -> Iterator[Problem]:
    """Entries that pandoc, which prints all works, cannot read (`bibliography-parses`).

    A file that it has read once is not read again until it changes.
    """
    if report.library is None:
        return
    root = report.project.root
    for file in report.project.bibliography:
        name = f"read-by-pandoc/{digests.file_digest(root / file)}"
        if store.get(root, name) is not None:
            store.touch(root, name)
            continue
        command = [pypandoc.get_pandoc_path(), "--from=biblatex", "--to=csljson", str(root / file)]
        ran = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", timeout=_SECONDS
        )
        if ran.returncode == 0:
            store.put(root, name, b"read")
        else:
            yield _refused(file, ran.stderr)


def _refused(file: str, said: str) -> Problem:
    found = _PLACE.search(said)
    line, column = (int(found[1]), int(found[2])) if found else (0, 0)
    reason = ", ".join((found[3] if found else said).split("\n")).strip(", ")[:200]
    message = f"pandoc, which prints the works, cannot read the bibliography here: {reason}"
    fix = "write entries as `@type{key, field = {value}, …}`, names in letters and digits alone"
    return problem("bibliography-parses", file, line, message, fix, column)
