"""Work beside our own: another process's result, or our own where that fails."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from imprint.core.parallel import in_parallel

forks = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that runs the tests has threads of its own, and may have but one core."""
    monkeypatch.setattr("imprint.core.parallel._threads", lambda: 1)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1}, raising=False)


def test_result_of_the_work_is_given() -> None:
    """Whatever can be pickled comes back as it is."""
    with in_parallel(lambda: {"found": [1, 2, "three"]}) as result:
        assert result() == {"found": [1, 2, "three"]}


@forks
def test_work_is_done_in_another_process() -> None:
    """Its process is not ours, and has ended with the block."""
    with in_parallel(os.getpid) as pid:
        other = pid()
        assert other != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(other, 0)


def test_work_that_dies_is_done_here() -> None:
    """A process that is killed costs time, not the result."""
    ours = os.getpid()

    def work() -> str:
        if os.getpid() != ours:
            os.kill(os.getpid(), signal.SIGKILL)
        return "done"

    with in_parallel(work) as result:
        assert result() == "done"


def test_what_the_work_raises_is_raised_here() -> None:
    """A mistake in the work is as if we had made it."""

    def work() -> None:
        raise KeyError("no such row")

    with pytest.raises(KeyError, match="no such row"), in_parallel(work) as result:
        result()


@forks
def test_work_ends_with_the_block(tmp_path: Path) -> None:
    """A block that fails leaves no process that works on."""
    begun = tmp_path / "begun"

    def work() -> None:
        begun.write_text(str(os.getpid()))
        time.sleep(60)

    def fail() -> None:
        with in_parallel(work):
            while not begun.exists() or not begun.read_text():
                time.sleep(0.01)
            raise ValueError

    with pytest.raises(ValueError):
        fail()
    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text()), 0)


def test_work_is_done_here_where_there_is_no_room_for_a_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A system with too many processes refuses another one."""

    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr("os.fork", refuse, raising=False)
    with in_parallel(os.getpid) as pid:
        assert pid() == os.getpid()


def test_nothing_is_forked_from_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that another thread holds would never be released in a forked process."""
    monkeypatch.undo()
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        with in_parallel(os.getpid) as pid:
            assert pid() == os.getpid()
    finally:
        over.set()
        thread.join()
