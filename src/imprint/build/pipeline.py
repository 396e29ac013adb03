"""The main job, from a report to `_output/`: read, run, compose, check, set, put in place.

Nothing is written to `_output/` before everything is made and has been checked.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

from imprint.build.embedded import Destination, Judge, render_embedded
from imprint.build.examine import NOT_EXAMINED
from imprint.build.manifest import MadeWith, input_digests, read_last, write_manifest
from imprint.build.output import staging
from imprint.build.plan import Request, shown_files
from imprint.build.receipt import MadeFrom
from imprint.check import Checked
from imprint.core.commit import build_time, iso_time
from imprint.core.events import Message, Tell, during
from imprint.core.files import OUTPUT
from imprint.core.problems import Problem, ReportError, problem
from imprint.quarto.engine import render_with_quarto, versions_of
from imprint.quarto.pages import complete_pages
from imprint.read.report import Report
from imprint.write.downloads import figure_files
from imprint.write.site.planned import write


def render(report: Report, request: Request, tell: Tell, judge: Judge) -> tuple[MadeFrom, Checked]:
    """Render the report's publications into `_output/`; return what they were made from, and what
    the checks found.

    Raises ReportError with every problem found; the last good `_output/` is then untouched.
    """
    root = report.project.root
    epoch = build_time(root)
    os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
    names = [publication.name for publication in report.publications]
    with staging(
        root, lambda: tell(Message("another render is running; waiting for it"))
    ) as folder:
        kept = _keep_others(report, folder)
        engine = {"name": "embedded"}
        named, reads, tools = set(report.files), None, {}
        if request.quarto:
            tools = versions_of(request.quarto)
            engine = {"name": "quarto", "version": request.quarto.version}
            checked = judge(NOT_EXAMINED)
            if checked.errors:
                raise ReportError(checked.problems)
            with during(tell, "quarto", count=len(names)):
                for publication in report.publications:
                    target = folder / publication.name
                    with during(tell, "quarto", publication.name):
                        render_with_quarto(
                            request.quarto, report, publication, request.formats, target
                        )
            complete_pages(folder, report.project.publications)
            write(figure_files(root, report.figures, keeps=request.keeps), folder)
        else:
            place = Destination(folder, epoch, _earlier(root, kept))
            made = render_embedded(report, request, place, tell, judge)
            named |= shown_files(made.books)
            reads, checked = made.reads, made.checked
        _refuse_spoilt(folder, names)
        left_out = _left_out(root, folder, names)
        with during(tell, "manifest"):
            inputs = input_digests(root, named)
            write_manifest(folder, root, MadeWith(engine, tools), names, iso_time(epoch), inputs)
    for path in left_out:
        tell(Message(f"{path} is taken away: it was of an earlier render, and --to names others"))
    return MadeFrom(inputs, reads), checked


def _refuse_spoilt(folder: Path, names: Collection[str]) -> None:
    """Look at what programs that are not ours wrote, for they may end well on a full disk.

    Raises ReportError for publications without a page or PDF, and for those that are not whole.
    """
    fix = "free some room on the disk and for temporary files, and render again"
    problems: list[Problem] = []
    for name in names:
        made = sorted((folder / name).rglob("*.html")) + sorted((folder / name).rglob("*.pdf"))
        wrong = {path: "it is not whole" for path in made if not _is_whole(path)}
        if not made:
            wrong = {folder / name: "there is no page or PDF in it"}
        problems += [
            problem("output-is-whole", f"{OUTPUT}/{path.relative_to(folder)}", 0, message, fix)
            for path, message in wrong.items()
        ]
    if problems:
        raise ReportError(problems)


def _left_out(root: Path, folder: Path, names: Collection[str]) -> list[str]:
    """First pages and PDFs of publications, as the last output has them and this one does not."""
    last = root / OUTPUT
    found = (path for name in names for path in sorted((last / name).glob("*")))
    return [
        f"{OUTPUT}/{path.relative_to(last).as_posix()}"
        for path in found
        if (path.suffix == ".pdf" or path.name == "index.html")
        and not (folder / path.relative_to(last)).exists()
    ]


def _is_whole(path: Path) -> bool:
    content = path.read_bytes()
    if path.suffix == ".pdf":
        return content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]
    return bool(content.strip())


# --- what stands beside the publications -------------------------------------------------------


def _keep_others(report: Report, folder: Path) -> list[str]:
    """Take over from the last output the publications that this render does not make."""
    last = report.project.root / OUTPUT
    rendered = {publication.name for publication in report.publications}
    kept = [
        publication.name
        for publication in report.project.publications
        if publication.name not in rendered and (last / publication.name).is_dir()
    ]
    for name in [*kept, "figures"] if kept else ():
        if (last / name).is_dir():
            shutil.copytree(last / name, folder / name)
    return kept


def _earlier(root: Path, kept: Collection[str]) -> dict[str, Any]:
    """The last `provenance.json`, as far as it is about publications that are kept."""
    last = read_last(root, "provenance.json")
    publications = last.get("publications", {})
    return last | {
        "publications": {name: publications[name] for name in publications if name in kept}
    }
