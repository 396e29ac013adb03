"""Measure editions: on one machine, on a cluster of this machine, and by a loop of Quarto.

A copy of this report gets 1,000 made-up places, each with an example of practice of its own; its
page for a place is made for as many of them as are asked for.
"""

from __future__ import annotations

import csv
import itertools
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from measure import copy_of_this_report
from processes import Run, measured, reap, used_by
from simulation import Recorded

from imprint.core.parallel import take_in_orphans
from imprint.editions.cluster import packed_report
from imprint.quarto.engine import find_quarto

PAGE = "editions/place.qmd"
_READ = 'examples = pd.read_csv("data/practice_examples.csv")\n'
COUNT = "count(practice_examples)"
_LOOP = 5
"""Editions that a loop of Quarto makes."""
_EPOCH = {"SOURCE_DATE_EPOCH": "1290000000"}


@dataclass(frozen=True)
class Measured:
    """Editions made in one run."""

    name: str
    editions: int
    run: Run

    @property
    def for_a_minute(self) -> float:
        """Editions made in a minute."""
        return self.editions * 60 / self.run.wall


@dataclass(frozen=True)
class Results:
    """Everything that was measured."""

    runs: tuple[Measured, ...]
    recorded: Recorded
    """What the cluster's editions took."""


def measure_editions(counts: Sequence[int], pair: int) -> Results:
    """Measure runs of so many editions by two processes, and of `pair` editions by one, by two, and
    by a cluster of two workers."""
    take_in_orphans()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name, "report")
        copy_of_this_report(folder)
        places = _make_places(folder, max(*counts, pair))
        _make(folder, places[:1], "--jobs", "1")
        runs = [_told("1 process", 1, _make(folder, places[:1], "--jobs", "1"))]
        runs.append(_told("1 process", pair, _make(folder, places[:pair], "--jobs", "1")))
        runs.append(_told("2 processes", pair, _make(folder, places[:pair], "--jobs", "2")))
        run, recorded = _on_cluster(folder, places[:pair])
        runs.append(_told("scheduler and 2 workers", pair, run))
        for count in counts:
            runs.append(_told("2 processes", count, _make(folder, places[:count], "--jobs", "2")))
        if find_quarto():
            runs.append(_told("a loop of Quarto", _LOOP, _quarto(folder, places[:_LOOP])))
    return Results(tuple(runs), recorded)


def _make_places(folder: Path, count: int) -> list[str]:
    """Add made-up places to a copy of the report; their names."""
    file = folder / "data/practice_examples.csv"
    with file.open(encoding="utf-8", newline="") as read:
        rows = list(csv.DictReader(read))
    letters = itertools.product("abcdefghij", repeat=4)
    places = [f"Township {''.join(word).capitalize()}" for word in itertools.islice(letters, count)]
    with file.open("a", encoding="utf-8", newline="") as written:
        writer = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
        for number, place in enumerate(places):
            row = rows[number % len(rows)]
            writer.writerow(
                {**row, "id": place.lower().replace(" ", "-"), "place": place, "box": ""}
            )
    # What counts the examples counts these, too.
    statistics = folder / "data/statistics.csv"
    lines = statistics.read_text(encoding="utf-8").splitlines(keepends=True)
    counted = [
        line.replace(f",{len(rows)},", f",{len(rows) + count},") if COUNT in line else line
        for line in lines
    ]
    statistics.write_text("".join(counted), encoding="utf-8")
    page = folder / PAGE
    # Others are the real places alone, so that the page keeps its length.
    only = f'examples = examples[(examples.index < {len(rows)}) | (examples["place"] == place)]\n'
    page.write_text(page.read_text(encoding="utf-8").replace(_READ, _READ + only), encoding="utf-8")
    return places


def _make(folder: Path, places: Sequence[str], *words: str) -> Run:
    output = folder / "_editions"
    shutil.rmtree(output, ignore_errors=True)
    table = folder.with_name("places.csv")
    table.write_text("\n".join(["place", *places, ""]), encoding="utf-8")
    asked = [sys.executable, "-m", "imprint", "editions", str(table), PAGE, *words]
    return measured(asked, folder, _EPOCH, alone="--scheduler" not in words)


def _on_cluster(folder: Path, places: Sequence[str]) -> tuple[Run, Recorded]:
    """A run on a scheduler and two workers that have made an edition before."""
    with _cluster(folder.with_name("cluster")) as (file, scheduler, workers):
        asked = ("--scheduler", str(file))
        begun = _make(folder, places[:2], *asked)
        everyone = (scheduler, *workers)
        before = used_by(scheduler), used_by(*everyone)
        run = _make(folder, places, *asked)
        at_scheduler, at_all = used_by(scheduler) - before[0], used_by(*everyone) - before[1]
    # What workers have started ends with them, and is not to count in the next run.
    reap()
    with (folder / "_editions/editions.csv").open(encoding="utf-8", newline="") as read:
        rows = list(csv.DictReader(read))
    _, packed = packed_report(folder, [folder / "_editions"])
    recorded = Recorded(
        seconds=tuple(float(row["seconds"]) for row in rows),
        size=sum(int(row["bytes"]) for row in rows) / len(rows),
        archive=len(packed),
        scheduler=at_scheduler / len(rows),
        # What the process costs to start is told by the run before.
        client=max(0.0, run.processors - begun.processors) / (len(rows) - 2),
    )
    return Run(run.wall, run.processors + at_all, run.memory, run.said), recorded


@contextmanager
def _cluster(folder: Path) -> Iterator[tuple[Path, int, tuple[int, ...]]]:
    """A scheduler's file, and the processes of it and of two workers."""
    folder.mkdir()
    file = folder / "scheduler.json"
    here = ("--scheduler-file", str(file), "--host", "127.0.0.1", "--no-dashboard")
    worker = ("worker", *here, "--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
    with ExitStack() as held, (folder / "dask.log").open("wb") as log:
        pids = []
        for words in (("scheduler", *here, "--port", "0"), worker, worker):
            asked = [sys.executable, "-m", "dask", *words]
            process = subprocess.Popen(asked, cwd=folder, stdout=log, stderr=log)
            held.callback(process.wait)
            held.callback(process.terminate)
            pids.append(process.pid)
        while not file.is_file():
            time.sleep(0.1)
        yield file, pids[0], tuple(pids[1:])


def _quarto(folder: Path, places: Sequence[str]) -> Run:
    each = (f'quarto render {PAGE} --to html,typst -P "place:{place}"' for place in places)
    variables = {**_EPOCH, "QUARTO_PYTHON": sys.executable, "IMPRINT_RENDERS": "1"}
    return measured(["sh", "-ec", "\n".join(each)], folder, variables)


def _told(name: str, editions: int, run: Run) -> Measured:
    used = f"{run.wall:.1f} s by the clock, {run.processors:.1f} s of processors"
    print(f"{editions} editions, {name}: {used}, {run.memory:.0f} MiB", file=sys.stderr, flush=True)
    return Measured(name, editions, run)


def tables(results: Results) -> Iterator[str]:
    """The lines of all tables, as Markdown."""
    runs = results.runs
    first = runs[0].run.processors
    yield "Editions of `editions/place.qmd`, HTML and PDF, for made-up places. The first costs"
    yield f"{first:.1f} processor seconds, with all that is common to all."
    yield ""
    head = "| Made by | Editions | Seconds | For a minute | Processor seconds of each further one |"
    yield f"{head} Memory, MiB |"
    yield "|---|---:|---:|---:|---:|---:|"
    for it in runs:
        further = (it.run.processors - first) / (it.editions - 1) if it.editions > 1 else 0
        cells = [it.name, f"{it.editions:,}", f"{it.run.wall:.1f}", f"{it.for_a_minute:.0f}"]
        cells += [f"{further:.2f}" if further else "", f"{it.run.memory:.0f}"]
        yield f"| {' | '.join(cells)} |"
    local, cluster = runs[2].run, runs[3].run
    yield ""
    yield f"The cluster took {cluster.processors / local.processors - 1:+.0%} of the processor"
    yield f"seconds and {cluster.wall / local.wall - 1:+.0%} of the time of two local processes."
