"""How long renders of this report take: cold, with nothing changed, after small changes.

Works on a copy in a temporary folder, in which a first render, not measured, makes what is made
once on a machine (matplotlib's list of fonts, bytecode). Each figure is the median of several runs;
seconds of processor time are those of all processes, and tell what a busy machine hides.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "benchmarks.md"
MARKERS = ("<!-- measured by scripts/bench -->", "<!-- end -->")
CHAPTER = "chapters/training.qmd"
LEFT_OUT = re.compile(r"\.(git|venv|hypothesis|imprint|\w+_cache)|_output|__pycache__|drawn|cells")

STAGES = (
    ("start, read the sources", "engine:"),
    ("check them, run the chapters", "composing"),
    ("compose (pandoc)", "setting"),
    ("set the PDFs (Typst), write pages, manifest and provenance", "review:"),
    ("keep a receipt", "rendered"),
)
"""What happens until a line that begins so is said."""


@dataclass(frozen=True)
class Run:
    """One render: seconds by the clock, seconds of processors, clock seconds of each stage."""

    wall: float
    processors: float
    stages: tuple[float, ...]
    ran: int
    """Chapters whose code was run."""


@dataclass(frozen=True)
class Scene:
    """Something that happens before a render."""

    name: str
    prepare: Callable[[Path, int], None]
    """Takes the report's folder and the number of the run."""


def start_from_nothing(report: Path, _run: int) -> None:
    """Empty the cache, the output and what was drawn."""
    for folder in (".imprint/cache", "_output", "figures/drawn", "figures/cells"):
        shutil.rmtree(report / folder, ignore_errors=True)


def change_nothing(_report: Path, _run: int) -> None:
    """Leave everything as it is."""


def edit_a_line(report: Path, run: int) -> None:
    """Add a sentence to a chapter's last paragraph."""
    path = report / CHAPTER
    path.write_text(path.read_text().rstrip("\n") + f"\nThis is sentence {'i' * (run + 1)}.\n")


def edit_code(report: Path, run: int) -> None:
    """Add a cell to the chapter."""
    path = report / CHAPTER
    path.write_text(path.read_text() + f"\n```{{python}}\nnothing = {run}\n```\n")


def change_a_row(report: Path, run: int) -> None:
    """Add a word to what was measured by the first statistic that the chapter prints."""
    id = re.search(r'stat\("([^"]+)"', (report / CHAPTER).read_text())
    path = report / "data/statistics.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if id is not None and row["id"] == id[1]:
            row["measure"] = f"{row['measure'].split(', again')[0]}, again{' and again' * run}"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


SCENES = (
    Scene("from nothing (caches empty)", start_from_nothing),
    Scene("nothing changed", change_nothing),
    Scene("a sentence added to a chapter", edit_a_line),
    Scene("a cell added to a chapter", edit_code),
    Scene("one row of the statistics changed", change_a_row),
)


def main() -> int:
    """Measure, print and, if asked to, write docs/benchmarks.md."""
    parser = argparse.ArgumentParser("bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="renders of each kind")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        report = Path(folder, "report")
        shutil.copytree(
            ROOT, report, ignore=lambda _, names: [n for n in names if LEFT_OUT.fullmatch(n)]
        )
        render(report)
        measured = []
        for scene in SCENES:
            runs = []
            for number in range(arguments.runs):
                scene.prepare(report, number)
                runs.append(render(report))
            measured.append((scene, runs))
            print(row(scene, runs), flush=True)
    text = "\n".join(document(measured, arguments.runs))
    if arguments.write:
        before, rest = DOCUMENT.read_text(encoding="utf-8").split(MARKERS[0])
        after = rest.split(MARKERS[1])[1]
        whole = f"{before}{MARKERS[0]}\n\n{text}\n\n{MARKERS[1]}{after}"
        DOCUMENT.write_text(whole, encoding="utf-8")
    else:
        print(f"\n{text}")
    return 0


def render(report: Path) -> Run:
    """Render all publications as HTML and PDF in a process of its own."""
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1290000000"}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "imprint.cli", "render", "--engine", "embedded"],
        cwd=report,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = [(time.monotonic() - begun, line) for line in process.stdout]
    wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        sys.exit("the report does not render: run scripts/render for the reason")
    ends = [next((at for at, line in said if line.startswith(mark)), 0.0) for _, mark in STAGES]
    stages = tuple(max(0.0, end - start) for start, end in zip([0.0, *ends], ends, strict=False))
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, used, stages, sum(line.startswith("executed") for _, line in said))


def document(measured: Sequence[tuple[Scene, Sequence[Run]]], runs: int) -> list[str]:
    """The tables, as Markdown."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[1]
    cold = measured[0][1]
    return [
        f"Medians of {runs} renders of all publications, HTML and PDF, on {os.cpu_count()} cores",
        f"({platform.machine()}, {platform.system()}, Python {platform.python_version()},",
        f"{memory:.0f} GiB of memory, load of {load:.1f} while measuring).",
        "",
        "| Before the render | Seconds | Processor seconds | Chapters run |",
        "|---|---:|---:|---:|",
        *(row(scene, runs) for scene, runs in measured),
        "",
        "Where the time of a render from nothing goes:",
        "",
        "| Stage | Seconds |",
        "|---|---:|",
        *(
            f"| {name} | {median(run.stages[index] for run in cold):.2f} |"
            for index, (name, _) in enumerate(STAGES)
        ),
    ]


def row(scene: Scene, runs: Sequence[Run]) -> str:
    """One line of the table."""
    wall, used = median(run.wall for run in runs), median(run.processors for run in runs)
    return f"| {scene.name} | {wall:.2f} | {used:.2f} | {median(run.ran for run in runs):.0f} |"


if __name__ == "__main__":
    sys.exit(main())
