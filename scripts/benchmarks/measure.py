"""Measure renders of this report and of made-up ones, and of Quarto on the same sources.

Works on copies in a temporary folder, in which a first render, not measured, makes what is made
once on a machine (matplotlib's list of fonts, bytecode). Where Quarto is on the PATH it renders
another copy after each of our renders, so that both meet the same machine.
"""

from __future__ import annotations

import math
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

from edits import edit_to_page, row_to_all
from processes import Run, measured
from scenes import OF_SIZES, OF_THIS_REPORT, Scene, Subject
from synthetic import ROOT, Size, make_report

from imprint.core.parallel import take_in_orphans
from imprint.quarto.engine import find_quarto
from imprint.read.project.publications import read_project
from imprint.write.pdf.typeset import FONTS

LARGE = Size(200, 280_000, 5_000, 2_000, 200)
"""The largest report that is spoken of; other sizes are parts of it."""
_LEFT_OUT = re.compile(r"\.(git|venv|hypothesis|imprint|\w+_cache)|_output|__pycache__|drawn|cells")
_ROWS = 9
"""Rows that are changed in a preview."""
_EPOCH = {"SOURCE_DATE_EPOCH": "1290000000"}


@dataclass(frozen=True)
class Asked:
    """What is to be measured."""

    this_report: bool
    sizes: tuple[int, ...]
    """Chapters of the made-up reports."""
    runs: int
    """Renders of each kind of this report."""
    runs_of_sizes: int
    edits: int
    """In the preview; none for no measurement of it."""


@dataclass(frozen=True)
class Measured:
    """A report's renders after one kind of edit."""

    subject: Subject
    scene: Scene
    ours: tuple[Run, ...]
    quarto: tuple[Run, ...] = ()

    def wall(self) -> float:
        """Seconds by the clock."""
        return median(run.wall for run in self.ours)

    def processors(self) -> float:
        """Seconds of processors."""
        return median(run.processors for run in self.ours)

    def memory(self) -> float:
        """MiB at most."""
        return median(run.memory for run in self.ours)

    def ran(self) -> float:
        """Chapters whose code was run."""
        return median(sum(line.startswith("executed") for _, line in r.said) for r in self.ours)

    def times_quarto(self) -> float | None:
        """How many times as long Quarto took by the clock; None where it was not measured."""
        return median(run.wall for run in self.quarto) / self.wall() if self.quarto else None


@dataclass
class Results:
    """Everything that was measured."""

    asked: Asked
    quarto: str = ""
    """Its version, where it took part."""
    renders: list[Measured] = field(default_factory=list)
    edits: list[tuple[Subject, list[float]]] = field(default_factory=list)
    """Seconds from saving a sentence to page."""
    rows: list[float] = field(default_factory=list)
    """Seconds from saving a row of this report to all its pages and PDFs."""


def measure(asked: Asked, folder: Path) -> Results:
    """Measure what is asked for, in a folder for copies; tells each result as it comes."""
    take_in_orphans()
    quarto = find_quarto()
    results = Results(asked, quarto.version if quarto else "")
    for subject, scenes, runs in _subjects(asked, folder):
        _render(subject)
        other = None
        if quarto:
            other = replace(subject, folder=subject.folder.with_name(f"{subject.folder.name}-q"))
            shutil.copytree(subject.folder, other.folder)
            _quarto(other)
        for scene in scenes:
            ours, theirs = [], []
            for number in range(runs):
                scene.prepare(subject, number)
                ours.append(_render(subject))
                if other:
                    scene.prepare(other, number)
                    theirs.append(_quarto(other))
            found = Measured(subject, scene, tuple(ours), tuple(theirs))
            results.renders.append(found)
            used = f"{found.wall():.2f} s by the clock, {found.processors():.2f} s of processors"
            _tell(f"{subject.name}, {scene.name}: {used}")
        if asked.edits:
            took = edit_to_page(subject, folder / "temporary", asked.edits)
            results.edits.append((subject, took))
            _tell(f"{subject.name}, edit to page: {percentile(took, 95):.2f} s (95th percentile)")
            if not subject.chapters:
                results.rows = row_to_all(subject, folder / "temporary", _ROWS)
                _tell(f"{subject.name}, row to all: {median(results.rows):.2f} s")
    return results


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def copy_of_this_report(folder: Path) -> Subject:
    """This report's sources, with nothing made of them."""
    shutil.copytree(ROOT, folder, ignore=lambda _, names: [n for n in names if left_out(n)])
    entries = [entry.path for entry in read_project(folder).publications[0].entries if entry.path]
    longest = max(entries, key=lambda path: (folder / path).stat().st_size)
    return Subject("this report", folder, longest)


def left_out(name: str) -> bool:
    """Whether a file or folder of the repository is no source of the report."""
    return bool(_LEFT_OUT.fullmatch(name))


def made_up(chapters: int, folder: Path) -> Subject:
    """A synthetic report of so many chapters, and as much else as belongs to them."""
    make_report(folder, LARGE.times(chapters / LARGE.chapters))
    entries = read_project(folder).publications[0].entries
    paths = [e.path for e in entries if e.path.startswith("chapters/")]
    return Subject(f"{chapters} chapters", folder, paths[len(paths) // 2], chapters)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many per cent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def _subjects(asked: Asked, folder: Path) -> list[tuple[Subject, tuple[Scene, ...], int]]:
    subjects: list[tuple[Subject, tuple[Scene, ...], int]] = []
    if asked.this_report:
        subjects.append((copy_of_this_report(folder / "report"), OF_THIS_REPORT, asked.runs))
    for chapters in asked.sizes:
        subject = made_up(chapters, folder / f"chapters-{chapters}")
        subjects.append((subject, OF_SIZES, asked.runs_of_sizes))
    return subjects


def _render(subject: Subject) -> Run:
    """All publications as HTML and PDF, by the embedded engine."""
    command = [sys.executable, "-m", "imprint.cli", "render", "--engine", "embedded"]
    return measured(command, subject.folder, _EPOCH)


def _quarto(subject: Subject) -> Run:
    """The same by Quarto alone, one publication after the other."""
    names = [publication.name for publication in read_project(subject.folder).publications]
    ours = {"QUARTO_PYTHON": sys.executable, "IMPRINT_RENDERS": "1", "TYPST_FONT_PATHS": str(FONTS)}
    runs = [
        measured(["quarto", "render", "--profile", name], subject.folder, {**_EPOCH, **ours})
        for name in names
    ]
    wall, used = sum(run.wall for run in runs), sum(run.processors for run in runs)
    return Run(wall, used, max(run.memory for run in runs), ())
