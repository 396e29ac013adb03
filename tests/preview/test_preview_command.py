"""`imprint preview` as an author starts and ends it."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from previews import Preview, previewed
from reports import ReportFolder, copy_report

PAGE = "review/chapters/findings.html"


def left_over(temporary: Path) -> list[str]:
    """What is left of a preview: its temporary files, and processes that were given them."""
    files = [str(path) for path in temporary.rglob("*")]
    for process in psutil.process_iter():
        try:
            words = " ".join([*process.cmdline(), process.environ().get("TMPDIR", "")])
        except psutil.Error:
            continue
        if str(temporary) in words:
            files.append(words)
    return files


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportFolder]:
    """The minimal report, whose chapters have been run once by the first test's preview."""
    yield copy_report("minimal", tmp_path_factory.mktemp("command") / "minimal")


@pytest.fixture(scope="module")
def running(small: ReportFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview of the small report."""
    with previewed(small.folder, tmp_path_factory.mktemp("t")) as preview:
        yield preview


def test_edits_and_mistakes_reach_the_browser(small: ReportFolder, running: Preview) -> None:
    """A page comes with each edit; what only the checks find comes after it."""
    first = running.wait(PAGE, lambda told: told["stage"] == "current")
    assert (first["problems"], first["behind"]) == ([], False)
    small.edit("chapters/findings.qmd", "One reason.", "One one reason.")
    edited = running.wait(PAGE, lambda told: told["page"] != first["page"])
    assert edited["page"]
    assert "One one reason." in running.page(PAGE)
    checked = running.wait(PAGE, lambda told: bool(told["problems"]))
    assert not checked["behind"]
    assert checked["problems"][0]["place"].startswith("chapters/findings.qmd:28:3")
    small.edit("chapters/findings.qmd", "One one reason.", "One reason.")
    fixed = running.wait(PAGE, lambda told: told["stage"] == "current" and not told["problems"])
    assert fixed["page"] == first["page"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_when_it_ends(
    small: ReportFolder, tmp_path: Path, number: signal.Signals
) -> None:
    """Ctrl-C and a plain kill end it at once, in the middle of a build, with nothing left over."""
    with previewed(small.folder, tmp_path / "t") as preview:
        preview.wait(PAGE, lambda told: told["stage"] != "rendering" or bool(told["doing"]))
        assert left_over(tmp_path / "t") != []
        assert preview.stop(number) == 0
    assert left_over(tmp_path / "t") == []


def test_second_preview_takes_another_port(
    small: ReportFolder, running: Preview, tmp_path: Path
) -> None:
    """Two previews of one report run side by side; a port that was asked for must be free."""
    with previewed(small.folder, tmp_path / "other") as second:
        assert second.address != running.address
        assert second.page("_preview/preview.js")
        port = running.address.rpartition(":")[2].strip("/")
        refused = small.run("preview", "--no-browser", "--port", port)
        assert refused.code == 1
        assert "[port-is-free]" in refused.problems


def test_preview_serves_on_this_machine_alone(running: Preview) -> None:
    """Nothing listens on the addresses that other machines see."""
    port = int(running.address.rpartition(":")[2].strip("/"))
    listening = {
        found.laddr.ip
        for found in psutil.Process(running.process.pid).net_connections()
        if found.status == psutil.CONN_LISTEN and found.laddr.port == port
    }
    assert listening == {"127.0.0.1"}
    with socket.create_connection(("127.0.0.1", port)):
        pass


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["127.0.0.1"], "is shared over TLS alone"),
        (["0.0.0.0", "--certificate", "a", "--key", "a"], "no address that a browser can call"),
        (["127.0.0.1", "--certificate", "a", "--key", "a"], "cannot be used"),
    ],
)
def test_a_preview_is_not_shared_unsafely(small: ReportFolder, words: list[str], why: str) -> None:
    """Without TLS, at no address, with files that are no certificate."""
    refused = small.run("preview", "--no-browser", "--review", "--share", *words)
    assert refused.code == 1
    assert why in refused.problems and "[preview-is-shared-safely]" in refused.problems


def test_without_a_project_it_says_so(tmp_path: Path) -> None:
    """In a folder that holds no report, the way to one is reported."""
    refused = ReportFolder(tmp_path).run("preview", "--no-browser")
    assert refused.code == 1
    assert "[project-exists]" in refused.problems
