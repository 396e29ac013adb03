"""One document of somebody who has Quarto and none of ours: read, composed and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import composing
from imprint.build.examine import check_examined
from imprint.build.plan import Request, plan_build
from imprint.core.events import ignore_events
from imprint.core.model import Executed
from imprint.core.problems import Problem, ReportError
from imprint.read.single_file import read_single_file


@dataclass(frozen=True)
class PlainDocument:
    """What came of it."""

    problems: tuple[Problem, ...]
    html: str = ""
    typst: str = ""
    """Its part of the Typst document; both empty where it does not render."""

    @property
    def told(self) -> list[str]:
        """Its problems in short: `index.qmd:3: warning: …`."""
        return [
            f"{it.place.file}:{it.place.line}: "
            f"{'warning: ' if it.severity == 'warning' else ''}{it.message}"
            for it in self.problems
        ]


def plain_document(
    folder: Path, text: str, files: Mapping[str, str | bytes] | None = None, *, runs: bool = False
) -> PlainDocument:
    """Read, check and compose `text` as `index.qmd` in a folder with these files."""
    for name, content in {"index.qmd": text, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        single, read = read_single_file(folder / "index.qmd")
        examined = composing.examined(single.report, runs=runs)
        problems = check_examined(single.around, read, examined).problems
        if any(it.severity == "error" for it in problems):
            return PlainDocument(problems)
        plan = plan_build(single.report, Request(keeps=False))
        executed: dict[str, Executed] = dict(examined.executed)
        with composing.stages(single.report.project.root) as stages:
            (book,) = plan.compose(executed, stages, ignore_events)
    except ReportError as error:
        return PlainDocument(tuple(error.problems))
    return PlainDocument(problems, book.pages[0].body, book.typst.partition("// chapter: ")[2])
