"""Seconds of the processor that each test takes, with all that it starts: `--processor-time FILE`.

On a machine that does other work beside, they say more than the clock. Each test is a line of the
file: seconds of its setting up, of itself and of its tearing down, and its name; a fixture counts
for the test that is the first to ask for it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest

PHASES = ("setup", "call", "teardown")


def seconds_spent() -> float:
    """Of this process, of those that it has started, and of those that these have seen ending."""
    own = psutil.Process()
    spent = 0.0
    for process in (own, *own.children(recursive=True)):
        # One that has ended counts with its parent from then on.
        with contextlib.suppress(psutil.Error):
            spent += sum(process.cpu_times()[:4])
    return spent


class ProcessorTime:
    """Writes a line for each test; workers of one run write to the same file."""

    def __init__(self, file: Path) -> None:
        """Begin the file anew, but in a worker, which begins later."""
        self._file = file.resolve()
        self._spent: dict[str, float] = {}
        if "PYTEST_XDIST_WORKER" not in os.environ:
            self._file.write_text("setup,call,teardown,test\n", encoding="utf-8")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Generator[None, object, object]:
        """Measure what is made for a test."""
        return (yield from self._measured("setup"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        """Measure a test."""
        return (yield from self._measured("call"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        """Measure how a test is cleared away, and write its line."""
        try:
            return (yield from self._measured("teardown"))
        finally:
            seconds = ",".join(f"{self._spent.pop(phase, 0.0):.2f}" for phase in PHASES)
            with self._file.open("a", encoding="utf-8") as file:
                file.write(f'{seconds},"{item.nodeid}"\n')

    def _measured(self, phase: str) -> Generator[None, object, object]:
        begun = seconds_spent()
        try:
            return (yield)
        finally:
            self._spent[phase] = max(0.0, seconds_spent() - begun)
