"""The process that makes a preview's PDFs, again and again."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from imprint.preview.builder import Builder
from imprint.preview.pages import FOLDER, Pages
from imprint.preview.printing import Printer
from reports import Report, copy_report

FINDINGS = "chapters/findings.qmd"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The small report, whose pages have been built once; tests leave its sources as they were."""
    report = copy_report("minimal", tmp_path_factory.mktemp("printing") / "minimal")
    builder = Builder(report.folder, Pages(report.folder))
    assert builder.build(lambda _: None).problems == ()
    builder.close()
    return report


def pdfs(report: Report) -> dict[str, bytes]:
    """The PDFs that stand beside the pages."""
    return {path.parent.name: path.read_bytes() for path in (report.folder / FOLDER).rglob("*.pdf")}


def left(report: Report) -> list[Path]:
    """Throwaway folders in the project."""
    return list((report.folder / ".imprint").glob("imprint-*"))


def pid_of(printer: Printer) -> int:
    """The number of the process that is at hand."""
    assert printer._process
    return printer._process.pid


def is_running(pid: int) -> bool:
    """Whether a process of this number is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_next_pdfs_are_made_by_the_same_process(report: Report) -> None:
    """They show the edit; what did not change comes out as it was, and nothing is left over."""

    async def print_twice() -> None:
        printer = Printer(report.folder)
        assert await printer.make() == ()
        first, process = pdfs(report), pid_of(printer)
        report.edit(FINDINGS, "One reason.", "One last reason.")
        assert await printer.make() == ()
        edited = pdfs(report)
        report.edit(FINDINGS, "One last reason.", "One reason.")
        assert await printer.make() == ()
        assert pid_of(printer) == process
        await printer.close()
        assert first.keys() == {"review", "summary"}
        assert all(content.startswith(b"%PDF") for content in first.values())
        assert edited["review"] != first["review"]
        assert pdfs(report) == first
        assert not is_running(process)

    asyncio.run(print_twice())
    assert left(report) == []


def test_problems_are_told_and_mended(report: Report) -> None:
    """What an author has broken comes back as problems; once mended, PDFs are made again."""

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


def test_edit_ends_the_process_that_works(report: Report) -> None:
    """Who gives up waiting ends it at once; the next PDFs are made by another."""

    async def give_up() -> None:
        printer = Printer(report.folder)
        making = asyncio.create_task(printer.make())
        while printer._process is None:
            await asyncio.sleep(0.01)
        process = pid_of(printer)
        making.cancel()
        with pytest.raises(asyncio.CancelledError):
            await making
        assert not is_running(process)
        assert await printer.make() == ()
        assert pid_of(printer) != process
        await printer.close()

    asyncio.run(give_up())
    assert left(report) == []


@pytest.mark.skipif(os.name != "posix", reason="kills by a signal")
def test_dead_process_is_started_anew(report: Report) -> None:
    """A process that has died since its last answer is not missed."""

    async def kill() -> None:
        printer = Printer(report.folder)
        assert await printer.make() == ()
        dead = pid_of(printer)
        os.kill(dead, signal.SIGKILL)
        assert await printer.make() == ()
        assert pid_of(printer) != dead
        await printer.close()

    asyncio.run(kill())
