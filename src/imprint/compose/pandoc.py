"""pandoc processes, each of which runs one stage of composing after another (`lua/main.lua`).

What pandoc does once in a process, above all a first look through all of its own values, costs as
much as a short stage, so that a process that has answered stays for the next request.
"""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from pathlib import Path

from imprint.read.packaged import own_extension
from imprint.read.pandoc import pandoc_command, pandoc_environment, why_it_ended

LUA = Path(__file__).with_name("lua")
FILTERS = own_extension() / "filters"
"""Some of them do under Quarto what a stage does here, and are run by it."""


class PandocError(Exception):
    """pandoc could not answer; the text is what it said."""


class Pandocs:
    """As many processes as there are requests at one time; each starts when it is needed."""

    def __init__(self, scratch: Path, root: Path) -> None:
        """`scratch` is where pandoc puts temporary files; `root`, the report's folder, is where it
        runs, so that paths may be relative to it."""
        self._scratch = scratch
        self._root = root
        self._idle: list[_Pandoc] = []

    def answer(self, request: bytes) -> bytes:
        """The answer to a request, both JSON on one line. Raises PandocError."""
        try:
            process = self._idle.pop()
        except IndexError:
            process = _Pandoc(self._scratch, self._root)
        answer = process.answer(request)
        self._idle.append(process)
        return answer

    def end(self) -> None:
        """End the processes that have nothing to do."""
        while self._idle:
            self._idle.pop().end()


class _Pandoc:
    """One process, and what it says besides its answers."""

    def __init__(self, scratch: Path, root: Path) -> None:
        self._log = tempfile.TemporaryFile("a+b", dir=scratch)  # noqa: SIM115 - `end` closes it
        self._process = subprocess.Popen(
            [*pandoc_command(), "lua", str(LUA / "main.lua"), str(FILTERS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=pandoc_environment(scratch),
            cwd=root,
        )

    def answer(self, request: bytes) -> bytes:
        """The answer. Raises PandocError where the process ends without one."""
        asked, answered = self._process.stdin, self._process.stdout
        assert asked, "it has been opened"
        assert answered, "it has been opened"
        self._log.truncate(0)
        with contextlib.suppress(OSError):
            asked.write(request + b"\n")
            asked.flush()
        answer = answered.readline()
        if not answer.endswith(b"\n"):
            said = self._said()
            self.end()
            raise PandocError(said)
        return answer.rstrip(b"\r\n")

    def _said(self) -> str:
        code = self._process.wait()
        self._log.seek(0)
        return why_it_ended(code, self._log.read().decode(errors="replace"))

    def end(self) -> None:
        """End it, as it does itself once nobody asks any more, but at once."""
        self._process.kill()
        with contextlib.suppress(OSError):
            self._process.communicate()
        self._log.close()
