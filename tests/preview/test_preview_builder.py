"""What a preview builds, and how it goes on when something is wrong."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from imprint.preview.builder import Builder, Built
from imprint.preview.pages import Pages
from imprint.run.kernels import can_fork
from reports import ReportFolder, copy_report

FINDINGS = "chapters/findings.qmd"
PAGE = "review/chapters/findings.html"


class Author:
    """Edits the small report and looks at its preview."""

    def __init__(self, report: ReportFolder) -> None:
        self.report = report
        self.pages = Pages(report.folder)
        self.builder = Builder(report.folder, self.pages)
        self.heard: list[str] = []

    def build(self) -> Built:
        return self.builder.build(self.heard.append)

    def page(self) -> str:
        found = self.pages.find(PAGE)
        assert found
        return found.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Author]:
    """An author whose pages have been built once; tests leave the sources as they were."""
    author = Author(copy_report("minimal", tmp_path_factory.mktemp("preview") / "minimal"))
    assert author.build().problems == ()
    yield author
    author.builder.close()


def test_edit_changes_its_page_alone(author: Author) -> None:
    """An edited chapter is a new page; what did not change is neither written nor pushed."""
    author.report.edit(FINDINGS, "One reason.", "One good reason.")
    built = author.build()
    pages = {name for name in built.changed if name.endswith(".html")}
    assert PAGE in pages
    assert "review/chapters/method.html" not in pages
    assert "One good reason." in author.page()
    author.report.edit(FINDINGS, "One good reason.", "One reason.")
    assert PAGE in author.build().changed
    assert author.build().changed == {}


def test_pages_are_a_draft_and_the_output_is_not_touched(author: Author) -> None:
    """A preview says that it is none of the report's releases, and numbers paragraphs."""
    assert "Draft of revision" in author.page()
    assert not (author.report.folder / "_output").exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "line"),
    [
        (FINDINGS, "@smith_2010_notes", "@smyth_2010_notes", "citation-resolves", 9),
        (FINDINGS, 'claim("most", ', 'claim("almost all", ', "claim-holds", 8),
        (FINDINGS, 'figure("answers")', 'figure("answer")', "figure-exists", 14),
        ("_quarto.yml", "project:", "project: [", "yaml-is-valid", 3),
        ("data/statistics.csv", ",percent,exact,", ",per cent,exact,", "unit-is-declared", 2),
    ],
)
def test_broken_edit_keeps_the_pages(
    author: Author, file: str, old: str, new: str, code: str, line: int
) -> None:
    """A mistake is reported with file and line, the page stays as it was, and fixing it goes on."""
    before = author.page()
    whole = (author.report.folder / file).read_text(encoding="utf-8")
    author.report.edit(file, old, new)
    built = author.build()
    author.report.write(file, whole)
    assert (built.changed, author.page()) == ({}, before)
    told = {(found.place.file, found.place.line, found.code) for found in built.problems}
    assert (file, line, code) in told
    fixed = author.build()
    assert (fixed.changed, fixed.problems) == ({}, ())


@pytest.mark.skipif(not can_fork(), reason="kernels are not forked on this system")
def test_killed_kernels_are_started_anew(author: Author) -> None:
    """When the process that forks kernels has died, the next edit has a new one."""
    around = author.builder._kernel_environment()
    assert around.server
    os.kill(around.server._process.pid, signal.SIGKILL)
    around.server._process.wait()
    author.report.edit("data/statistics.csv", "agree,64,", "agree,65,")
    built = author.build()
    author.report.edit("data/statistics.csv", "agree,65,", "agree,64,")
    assert PAGE in built.changed
    anew = author.builder._kernel_environment().server
    assert anew and anew.is_running() and anew is not around.server
    author.build()


def test_many_edits_leave_no_files(author: Author) -> None:
    """After each build the folder that kernels share is as empty as it was."""
    scratch = author.builder._kernel_environment().scratch

    def files() -> set[Path]:
        return {path for path in scratch.rglob("*") if path.is_file() and path.suffix != ".log"}

    before: set[Path] = set()
    for value in ("66", "67", "68"):
        text = (author.report.folder / "data/statistics.csv").read_text(encoding="utf-8")
        author.report.edit("data/statistics.csv", "agree,64,", f"agree,{value},")
        assert author.build().problems == ()
        author.report.write("data/statistics.csv", text)
        before = before or files()
    author.build()
    assert files() == before != set()
    assert not list(author.pages.own.rglob("*.part"))


def test_files_where_nobody_watches_are_looked_after(tmp_path: Path) -> None:
    """A bibliography outside the folder is named even while it cannot be read, and an edit of it is
    on the next pages."""
    report = copy_report("minimal", tmp_path / "report")
    entries = (report.folder / "references.bib").read_text(encoding="utf-8")
    report.write("../shared.bib", entries + "\n@book{broken")
    report.edit("_quarto.yml", "bibliography: references.bib", "bibliography: ../shared.bib")
    author = Author(report)
    try:
        assert author.build().problems
        assert set(author.builder.elsewhere) == {"../shared.bib"}
        report.write("../shared.bib", entries)
        assert author.build().problems == ()
        report.write("../shared.bib", entries.replace("Smith", "Smythe"))
        assert PAGE in author.build().changed
        assert "Smythe" in author.page()
        assert set(author.builder.elsewhere) == {"../shared.bib"}
    finally:
        author.builder.close()
