"""One report while authors type in it: its names, and what is wrong with it as it stands.

No code of its authors runs: names and data are read, and `imprint check --no-run` looks at the rest
in a process of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

from imprint.core.problems import Problem, ReportError, problem_from_json
from imprint.editor.diagnostics import moved
from imprint.editor.names import ReportNames, names_of
from imprint.editor.typed_copy import write_copy
from imprint.editor.unrun import unknown_statistics
from imprint.read.project.yaml_source import read_text
from imprint.read.report import Memory, read_report

_UNTIL_READ, _UNTIL_CHECKED = 0.15, 0.6
"""Seconds without a keystroke."""
_CHECK = (sys.executable, "-m", "imprint", "check", "--no-run", "--format", "json-list")
_NOT_RUN = "code-has-run"

Found = Mapping[str, tuple[Problem, ...]]
"""Problems by file."""


@dataclass
class OpenReport:
    """What is known of the report at `root`; `copy` is a folder of its own for what is typed."""

    root: Path
    copy: Path
    tell: Callable[[OpenReport], None]
    """Hears that its problems have changed."""
    texts: dict[str, str] = field(default_factory=dict)
    """Of the files that are open, by path from the root."""
    names: ReportNames = field(default_factory=lambda: ReportNames({}))
    is_read: asyncio.Event = field(default_factory=asyncio.Event)
    _memory: Memory = field(default_factory=Memory)
    _read: Found = field(default_factory=dict)
    """What reading finds in the present texts."""
    _checked: dict[str, tuple[str, tuple[Problem, ...]]] = field(default_factory=dict)
    """What the last check found in each file, and the text that it looked at."""
    _task: asyncio.Task[None] | None = None

    def look(self, executor: Executor) -> None:
        """Look at the report once nobody has typed for a moment."""
        self.stop()
        self._task = asyncio.get_running_loop().create_task(self._look(executor))

    def stop(self) -> None:
        """Look no further."""
        if self._task:
            self._task.cancel()

    def text(self, file: str) -> str:
        """A file's text as it is typed; empty where it cannot be read."""
        return self.texts[file] if file in self.texts else read_text(self.root / file, file)[0]

    def problems(self) -> dict[str, list[Problem]]:
        """All that is known to be wrong, by file, each in the lines of its present text."""
        found: dict[str, list[Problem]] = {}
        for file in sorted({*self._read, *self._checked}):
            text, checked = self._checked.get(file, ("", ()))
            known = [*self._read.get(file, ()), *moved(checked, text, self.text(file))]
            told = {(it.code, it.place.line, it.message): it for it in reversed(known)}
            found[file] = sorted(told.values())
        return found

    async def _look(self, executor: Executor) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(_UNTIL_READ)
        try:
            typed = {
                f: text for f, text in self.texts.items() if text != read_text(self.root / f, f)[0]
            }
            root = await loop.run_in_executor(executor, self._placed, typed)
            self.names, self._read = await loop.run_in_executor(executor, self._reading, root)
            self.is_read.set()
            self.tell(self)
            await asyncio.sleep(_UNTIL_CHECKED)
            texts = dict(self.texts)
            self._note(await _check(root), texts)
            self.tell(self)
        finally:
            self.is_read.set()

    def _placed(self, typed: Mapping[str, str]) -> Path:
        """Where the report stands as it is typed."""
        if typed:
            write_copy(self.root, self.copy, typed)
        return self.copy if typed else self.root

    def _reading(self, root: Path) -> tuple[ReportNames, Found]:
        """The names of the report and what reading it shows; of one that cannot be read at all, the
        names that it had."""
        try:
            report, problems = read_report(root, memory=self._memory)
        except ReportError as error:
            return self.names, _by_file(error.problems)
        names = names_of(report, self.root, self.names)
        ids = [found.name for found in names.of("statistic")]
        for chapter in report.chapters.values() if report.statistics is not None else ():
            problems += unknown_statistics(chapter, ids)
        return names, _by_file(problems)

    def _note(self, found: Iterable[Problem], texts: Mapping[str, str]) -> None:
        """Keep what a check found. Where code has not run as it stands, what was known of the lines
        of that chapter still is."""
        by_file = _by_file(found)
        checked = {}
        for file in sorted({*by_file, *self._checked}):
            problems = by_file.get(file, ())
            text = texts.get(file, self.text(file))
            if any(it.code == _NOT_RUN for it in problems):
                before, known = self._checked.get(file, ("", ()))
                kept = [it for it in moved(known, before, text) if it.place.line]
                problems = tuple(sorted({*(it for it in problems if it.code != _NOT_RUN), *kept}))
            if problems:
                checked[file] = (text, problems)
        self._checked = checked


def _by_file(problems: Iterable[Problem]) -> Found:
    found: dict[str, list[Problem]] = {}
    for it in problems:
        found.setdefault(it.place.file, []).append(it)
    return {file: tuple(sorted(set(listed))) for file, listed in found.items()}


async def _check(root: Path) -> list[Problem]:
    """What `imprint check` finds without running code; whoever cancels this ends it."""
    process = await asyncio.create_subprocess_exec(
        *_CHECK,
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    try:
        listed = json.loads(said)
    except ValueError:  # it has ended before it could tell
        return []
    return [problem_from_json(it) for one in listed for it in (one, *one.get("following", ()))]
