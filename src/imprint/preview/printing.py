"""The program that makes a preview's PDFs, in a process of its own.

What Typst keeps in memory goes with the process, and an edit can end it at any time.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from imprint.preview.builder import build_date, draft_sources, fault
from imprint.preview.pages import FOLDER
from imprint.problems import Place, Problem, ReportError
from imprint.progress import unheard
from imprint.render.embedded import Request, render_embedded
from imprint.render.output import alone, writing
from imprint.render.scratch import scratch_folder
from imprint.render.store import write_file

PROGRAM = "from imprint.preview.printing import main; main()"


def command(root: Path, answer: Path) -> list[str]:
    """What to call for the PDFs of a project; the problems come to stand in the file `answer`."""
    return [sys.executable, "-c", PROGRAM, str(root), str(answer)]


def read_problems(written: bytes) -> tuple[Problem, ...]:
    """Problems from the JSON that `imprint check --json` prints. Raises ValueError for others."""
    return tuple(
        Problem(**{**found, "place": Place(**found["place"])}) for found in json.loads(written)
    )


def print_pdfs(root: Path) -> Sequence[Problem]:
    """Put the PDF of every publication into the preview's folder; returns what hindered it."""
    try:
        with (
            writing(root),
            alone(root, lambda: None),
            build_date(root) as epoch,
            scratch_folder() as folder,
        ):
            request = Request(("pdf",))
            render_embedded(draft_sources(root), request, folder, epoch, unheard)
            for path in folder.rglob("*.pdf"):
                write_file(root / FOLDER / path.relative_to(folder), path.read_bytes())
    except ReportError as error:
        return error.problems
    except Exception as error:
        return [fault(error)]
    return []


def main() -> None:
    """Make the PDFs of the project that the first argument names, and answer in the second."""
    root, answer = (Path(word) for word in sys.argv[1:])
    problems = [dataclasses.asdict(found) for found in print_pdfs(root)]
    answer.write_text(json.dumps(problems), encoding="utf-8")
