"""The last good `_output/` stays whole, whatever happens to a render."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faults import WAIT, wait_for
from imprint.build import embedded
from reports import ReportFolder, copy_report, tree
from thorough import THOROUGH, cases

CopyReport = Callable[[str], ReportFolder]
RENDER = [sys.executable, "-m", "imprint.cli", "render", "--engine", "embedded"]
MOMENTS = ("engine", "executed", "composing", "writing", "review:")
"""Lines that a render says, after which it is killed."""
WAITING_CELL = """```{{python}}
import pathlib, time
pathlib.Path("{folder}/begun").touch()
while not pathlib.Path("{folder}/go-on").exists():
    time.sleep(0.05)
```
"""


@pytest.fixture
def made(rendered: ReportFolder, tmp_path: Path) -> ReportFolder:
    """A report that has been rendered before."""
    subprocess.run(["cp", "-a", str(rendered.folder), str(tmp_path / "report")], check=True)
    return ReportFolder(tmp_path / "report")


def output(report: ReportFolder) -> dict[str, bytes]:
    return tree(report.folder / "_output")


def start(report: ReportFolder, *words: str) -> subprocess.Popen[str]:
    """Begin a render in a process of its own."""
    return subprocess.Popen(
        [*RENDER, *words],
        cwd=report.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_in_a_cell(report: ReportFolder, folder: Path) -> None:
    """Add a cell that says that it has begun, and ends when it is told to go on, by files."""
    cell = WAITING_CELL.format(folder=folder)
    report.edit("chapters/outlook.qmd", "looks ahead.", f"looks ahead.\n\n{cell}")


def kernels(report: ReportFolder) -> list[int]:
    """Processes of kernels that work for this report."""
    mark = f"QUARTO_PROJECT_DIR={report.folder.resolve()}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
    return found


# --- a render that fails, is killed or is stopped ------------------------------------------------


def test_failed_render_changes_nothing(made: ReportFolder) -> None:
    """A cell that raises stops the render; the last output is as it was."""
    before = output(made)
    made.edit("chapters/outlook.qmd", "looks ahead.", "looks ahead.\n\n```{python}\n1 / 0\n```\n")
    assert made.run("render").code == 1
    assert output(made) == before
    assert not (made.folder / ".imprint" / "staging").exists()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="kernels are found in /proc")
def test_killed_render_leaves_old_or_new(made: ReportFolder, tmp_path: Path) -> None:
    """Killed at whatever moment, `_output/` is the old or the new one, no kernel lives on and the
    next render is right."""
    made.edit("chapters/_finding.qmd", "In one survey", "In a survey")
    twin = copy_report("minimal", tmp_path / "twin")
    twin.edit("chapters/_finding.qmd", "In one survey", "In a survey").render()
    old, new = output(made), output(twin)
    assert old != new
    for line in MOMENTS if THOROUGH else ("executed", "writing"):
        running = start(made)
        assert running.stdout is not None
        for said in running.stdout:
            if said.startswith(line):
                break
        time.sleep(0.06 if line == "writing" else 0)
        running.kill()
        running.communicate()
        assert output(made) in (old, new), f"killed after '{line}'"
        assert wait_for(lambda: not kernels(made), WAIT), f"kernels live on after '{line}'"
    made.render()
    assert output(made) == new


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="kernels are found in /proc")
@pytest.mark.parametrize(
    "sign", cases({sign.name: sign for sign in (signal.SIGTERM, signal.SIGINT)}, ("SIGTERM",))
)
def test_stopped_render_cleans_up(made: ReportFolder, sign: signal.Signals, tmp_path: Path) -> None:
    """Ctrl-C and SIGTERM end a render in one line, with its kernels, and change nothing."""
    before = output(made)
    wait_in_a_cell(made, tmp_path)
    running = start(made)
    assert wait_for((tmp_path / "begun").exists, WAIT)
    running.send_signal(sign)
    _, problems = running.communicate(timeout=WAIT)
    assert running.returncode == 130
    assert problems.strip() == "stopped; the output is the last good one"
    assert kernels(made) == []
    assert output(made) == before


# --- two at once ---------------------------------------------------------------------------------


def test_second_render_waits_for_the_first(made: ReportFolder, tmp_path: Path) -> None:
    """Of two renders at once the second says that it waits, and both come out right."""
    wait_in_a_cell(made, tmp_path)
    first = start(made, "review", "--to", "html")
    assert wait_for((tmp_path / "begun").exists, WAIT)
    second = start(made, "summary", "--to", "html")
    assert second.stdout is not None
    assert any(line == "another render is running; waiting for it\n" for line in second.stdout)
    (tmp_path / "go-on").touch()
    for running in (first, second):
        said, problems = running.communicate(timeout=WAIT)
        assert running.returncode == 0, problems
        assert "another render is running" not in said
    assert not (made.folder / "_output/summary/small-summary.pdf").exists()
    assert not (made.folder / "_output/review/small-report.pdf").exists()


# --- a disk that refuses -------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MiB; skips where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting a small disk needs the rights of root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize(
    ("room", "code"), [(0, "figure-draws"), (150_000, "disk-has-room")], ids=["figure", "output"]
)
def test_full_disk_is_one_problem(
    small_disk: Path, rendered: ReportFolder, room: int, code: str
) -> None:
    """A full disk is reported as such, once, and the last output stays whole."""
    subprocess.run(["cp", "-a", str(rendered.folder), str(small_disk / "report")], check=True)
    made = ReportFolder(small_disk / "report")
    before = output(made)
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
        while stream.write(b"." * 4096):
            pass
    os.truncate(filler, max(filler.stat().st_size - room, 0))
    outcome = made.run("render", "--no-cache")
    assert outcome.code == 1
    assert f"no space left on device [{code}]" in outcome.problems.lower()
    assert outcome.problems.endswith("\n1 problem\n")
    assert output(made) == before
    filler.unlink()
    assert made.run("render").code == 0


def test_full_disk_names_the_file(made: ReportFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that could not be written is named by its place in the output."""

    def fail(path: Path, value: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    before = output(made)
    monkeypatch.setattr(embedded, "write_json", fail)
    outcome = made.run("render", "summary", "--to", "html")
    assert outcome.problems == (
        "_output/provenance.json: it cannot be written: no space left on device [disk-has-room]\n"
        "  fix: free some room on the disk\n"
        "1 problem\n"
    )
    assert output(made) == before


def test_unwritable_folder_is_one_problem(small_disk: Path) -> None:
    """Where the project's folder cannot be written, that is all that is reported."""
    made = copy_report("minimal", small_disk / "report", cold=True)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    outcome = made.run("render")
    assert outcome.code == 1
    assert outcome.problems == (
        ".imprint: it cannot be written: read-only file system [output-is-writable]\n"
        "  fix: allow writing to the project's folder\n"
        "1 problem\n"
    )


def test_something_else_named_output_is_replaced(made: ReportFolder) -> None:
    """A file in the place of `_output/` gives way to the folder."""
    subprocess.run(["rm", "-r", str(made.folder / "_output")], check=True)
    made.write("_output", "not a folder").render("summary", "--to", "html")
    assert "64" in made.words("summary/index.html")
