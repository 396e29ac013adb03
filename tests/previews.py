"""A preview as its author starts it: a process of its own, looked at through its events."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 60.0
"""Seconds after which a preview that says nothing has failed the test."""


@dataclass(frozen=True)
class Preview:
    """A running preview."""

    process: subprocess.Popen[str]
    address: str
    """With a slash at its end."""

    def told(self, page: str) -> Iterator[dict[str, Any]]:
        """Each state that a browser is told that shows `page`, as long as the preview lasts."""
        asked = f"{self.address}_preview/events?page=/{page}"
        with urllib.request.urlopen(asked, timeout=PATIENCE) as events:
            for line in events:
                if line.startswith(b"data: "):
                    yield json.loads(line.removeprefix(b"data: "))

    def wait(self, page: str, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first state that is as wanted."""
        return next(state for state in self.told(page) if until(state))

    def page(self, path: str) -> str:
        """A page as the browser gets it."""
        with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:
            return str(answer.read().decode())

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """End it as Ctrl-C does; returns its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextmanager
def previewed(folder: Path, temporary: Path, *words: str) -> Iterator[Preview]:
    """A preview of the report in `folder` that puts its temporary files below `temporary`."""
    temporary.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "imprint.cli",
            "preview",
            "--no-browser",
            "--open-to-all-users",
            *words,
        ],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        said = process.stdout.readline()
        address = re.search(r"http://\S+", said)
        assert address, said
        yield Preview(process, address[0])
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
