"""The process that makes a preview's PDFs, again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from imprint.preview.builder import Builder
from imprint.preview.pages import FOLDER, Pages
from imprint.preview.printing import Printer
from reports import ReportFolder, copy_report

FINDINGS = "chapters/findings.qmd"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """The small report; tests leave its sources as they were."""
    return copy_report("minimal", tmp_path_factory.mktemp("printing") / "minimal")


@pytest.fixture(scope="module")
def builder(report: ReportFolder) -> Iterator[Builder]:
    """What builds its pages, and has built them once."""
    builder = Builder(report.folder, Pages(report.folder))
    assert builder.build(lambda _: None).problems == ()
    yield builder
    builder.close()


def pdfs(report: ReportFolder) -> dict[str, bytes]:
    """The PDFs that stand beside the pages."""
    return {path.parent.name: path.read_bytes() for path in (report.folder / FOLDER).rglob("*.pdf")}


def left(report: ReportFolder) -> list[Path]:
    """Throwaway folders in the project."""
    return list((report.folder / ".imprint").glob("imprint-*"))


def process_of(printer: Printer) -> asyncio.subprocess.Process:
    """The process that is at hand."""
    assert printer._process
    return printer._process


def test_pdfs_come_to_stand_beside_the_pages(report: ReportFolder, builder: Builder) -> None:
    """The PDFs are made apart, where the pages' line links to them, and survive the next edit."""

    async def print_once() -> None:
        printer = Printer(report.folder)
        assert await printer.make() == ()
        await printer.close()

    links = builder.build(lambda _: None).links
    assert [label for label, _ in links] == ["Review", "Summary"]
    asyncio.run(print_once())
    report.edit(FINDINGS, "One reason.", "One last reason.")
    assert builder.build(lambda _: None).problems == ()
    assert builder.complete().problems == ()
    report.edit(FINDINGS, "One last reason.", "One reason.")
    assert builder.build(lambda _: None).problems == ()
    for _, path in links:
        assert (report.folder / FOLDER / path).read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("builder")
def test_next_pdfs_are_made_by_the_same_process(report: ReportFolder) -> None:
    """They show the edit; what did not change comes out as it was, and nothing is left over."""

    async def print_twice() -> None:
        printer = Printer(report.folder)
        assert await printer.make() == ()
        first, process = pdfs(report), process_of(printer)
        report.edit(FINDINGS, "One reason.", "One last reason.")
        assert await printer.make() == ()
        edited = pdfs(report)
        report.edit(FINDINGS, "One last reason.", "One reason.")
        assert await printer.make() == ()
        assert process_of(printer) is process
        await printer.close()
        assert first.keys() == {"review", "summary"}
        assert all(content.startswith(b"%PDF") for content in first.values())
        assert edited["review"] != first["review"]
        assert pdfs(report) == first
        assert process.returncode is not None

    asyncio.run(print_twice())
    assert left(report) == []


def test_problems_are_reported_and_fixed(report: ReportFolder) -> None:
    """What an author has broken comes back as problems; once fixed, PDFs are made again."""

    async def print_broken() -> None:
        printer = Printer(report.folder)
        report.edit(FINDINGS, "@smith_2010_notes", "@smyth_2010_notes")
        problems = await printer.make()
        report.edit(FINDINGS, "@smyth_2010_notes", "@smith_2010_notes")
        assert [found.code for found in problems] == ["citation-resolves"]
        assert problems[0].place.file == FINDINGS
        assert await printer.make() == ()
        await printer.close()

    asyncio.run(print_broken())


def test_edit_ends_the_process_that_works(report: ReportFolder) -> None:
    """Who gives up waiting ends it at once; the next PDFs are made by another."""

    async def give_up() -> None:
        printer = Printer(report.folder)
        making = asyncio.create_task(printer.make())
        while printer._process is None:
            await asyncio.sleep(0.01)
        process = process_of(printer)
        making.cancel()
        with pytest.raises(asyncio.CancelledError):
            await making
        assert process.returncode is not None
        assert await printer.make() == ()
        assert process_of(printer) is not process
        await printer.close()

    asyncio.run(give_up())
    assert left(report) == []


def test_dead_process_is_started_anew(report: ReportFolder) -> None:
    """A process that has died since its last answer is not missed."""

    async def kill() -> None:
        printer = Printer(report.folder)
        assert await printer.make() == ()
        dead = process_of(printer)
        dead.kill()
        assert await printer.make() == ()
        assert process_of(printer) is not dead
        await printer.close()

    asyncio.run(kill())
