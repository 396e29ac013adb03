"""`imprint editions`: one edition of a page for each row of a table."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from imprint.build.receipt import ReceiptKey, starting_point
from imprint.build.room import require_room
from imprint.core.commit import build_time
from imprint.core.files import writing
from imprint.core.problems import ReportError, problem
from imprint.core.root import from_root
from imprint.core.scratch import scratch_folder
from imprint.editions.cluster import cluster, make_on_cluster
from imprint.editions.maker import Template
from imprint.editions.making import make_editions
from imprint.editions.record import (
    INDEX,
    Made,
    edition_key,
    note,
    still_there,
    write_archive,
    write_record,
)
from imprint.editions.table import Edition, read_editions
from imprint.read.parameters import filled, parameters
from imprint.read.single_file import SingleFile, read_single_file
from imprint.terminal.estimates import duration
from imprint.terminal.options import add_formats, add_jobs, at_least_one

EXAMPLES = """\
imprint editions places.csv place.qmd                        one page and PDF for each row
imprint editions places.csv place.qmd --name '{town}-summary'
imprint editions places.csv place.qmd --only Milford --to html
imprint editions places.csv place.qmd --in-folders --zip places.zip
imprint editions places.csv place.qmd --dry-run              how many, how long, how large
imprint editions places.csv place.qmd --scheduler tcp://10.0.0.5:8786
"""
FOLDER = "_editions"
_SAMPLE = 3
"""Editions that a dry run makes, to say what all would take."""
_SAID = 20
"""Times that progress is told of."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("table", type=Path, help="a CSV file: its columns are parameters")
    parser.add_argument("file", type=Path, help="the .qmd or .ipynb file that all are made from")
    parser.add_argument(
        "--name", default="", metavar="PATTERN", help="what files are called, with {columns} in it"
    )
    add_formats(parser)
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="make the edition of this name"
    )
    parser.add_argument(
        "--output", type=Path, metavar="FOLDER", help=f"where editions go; by default {FOLDER}/"
    )
    parser.add_argument(
        "--in-folders", action="store_true", help="give each edition a folder of its own"
    )
    parser.add_argument(
        "--zip", type=Path, metavar="FILE", help="pack all editions with their index into a ZIP"
    )
    add_jobs(parser, "editions at a time")
    parser.add_argument(
        "--scheduler",
        default="",
        metavar="ADDRESS",
        help="let a Dask cluster make them: tcp://…, tls://…, or a scheduler file",
    )
    parser.add_argument(
        "--workers",
        type=at_least_one,
        default=0,
        metavar="N",
        help="let a Dask cluster of N workers on this machine make them",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be made, by a sample of three"
    )


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Make what is missing or has changed; 1 where some edition could not be made.

    Raises ReportError for whatever is wrong with the table or the file, before any is made.
    """
    require_room()
    began = time.monotonic()
    single, problems = read_single_file(arguments.file)
    if any(found.severity == "error" for found in problems):
        raise ReportError(problems)
    shown = from_root(arguments.table.resolve(), Path.cwd())
    editions = read_editions(arguments.table, arguments.name, parameters(single.report), shown)
    chosen = _chosen(editions, arguments.only)
    root = single.report.project.root
    os.environ["SOURCE_DATE_EPOCH"] = str(build_time(root))
    template = Template(single, tuple(problems), arguments.to, arguments.in_folders)
    if arguments.dry_run:
        return _dry_run(template, chosen, arguments.jobs, say)
    folder = (arguments.output or root / FOLDER).resolve()
    # A table in data/ may be read by the page itself.
    table = arguments.table.resolve()
    without = [folder] if table.is_relative_to(root / "data") else [folder, table]
    placed = ("in folders",) if arguments.in_folders else ()
    asked = ReceiptKey((str(arguments.file), *placed), tuple(arguments.to))
    start = starting_point(root, asked, without)
    keys = {edition.name: edition_key(start, edition) for edition in editions}
    there = still_there(folder, keys)
    missing = {keys[it.name]: it for it in chosen if it.name not in there}
    with writing(root):
        folder.mkdir(parents=True, exist_ok=True)
        if not missing:
            made = {}
        elif arguments.scheduler or arguments.workers:
            with cluster(arguments.scheduler, arguments.workers) as client:
                results = make_on_cluster(client, template, missing, folder, without)
                made = _noted(folder, results, keys, len(missing), say)
        else:
            results = make_editions(template, list(missing.values()), folder, arguments.jobs)
            made = _noted(folder, results, keys, len(missing), say)
        known = there | made
        ordered = [known[edition.name] for edition in editions if edition.name in known]
        write_record(folder, _title(single), ordered, keys)
        if arguments.zip:
            write_archive(arguments.zip.resolve(), folder, ordered)
    kept = sum(edition.name in there for edition in chosen)
    return _told(list(made.values()), kept, time.monotonic() - began, folder, say)


def _told(
    made: Sequence[Made], kept: int, seconds: float, folder: Path, say: Callable[[str], None]
) -> int:
    """Says what came of it all; 1 where an edition failed."""
    failed = [it for it in made if it.failed]
    names: dict[str, list[str]] = {}
    for it in failed:
        for line in it.problems:
            names.setdefault(line, []).append(it.name)
    for line, (first, *others) in names.items():
        more = f" and {len(others):,} more" if others else ""
        say(f"{first}{more}: {line}")
    counts = [f"{len(made) - len(failed):,} editions made", f"{len(failed):,} failed"]
    if kept:
        counts.insert(1, f"{kept:,} as they were")
    say(f"{', '.join(counts)}, in {seconds:.1f} s")
    say(f"index: {from_root(folder / INDEX, Path.cwd())}")
    return 1 if failed else 0


def _chosen(editions: Sequence[Edition], only: Sequence[str]) -> list[Edition]:
    unknown = sorted(set(only) - {edition.name for edition in editions})
    if unknown:
        raise ReportError([
            problem("edition-exists", "--only", 0, f"there is no edition '{name}'", "fix the name")
            for name in unknown
        ])  # fmt: skip
    return [edition for edition in editions if not only or edition.name in only]


def _noted(
    folder: Path,
    results: Iterable[Made],
    keys: Mapping[str, str],
    count: int,
    say: Callable[[str], None],
) -> dict[str, Made]:
    """Notes editions as they come, and says how far that has come."""
    found: dict[str, Made] = {}
    began = time.monotonic()
    step = max(count // _SAID, 1)
    for made in results:
        found[made.name] = made
        note(folder, made, keys[made.name])
        if len(found) % step == 0 or len(found) == count:
            spent = time.monotonic() - began
            left = spent / len(found) * (count - len(found))
            rest = f", about {duration(left)} left" if left >= 1 else ""
            say(f"{len(found):,} of {count:,} editions{rest}")
    return found


def _dry_run(
    template: Template, editions: Sequence[Edition], jobs: int, say: Callable[[str], None]
) -> int:
    """Makes a few in a throwaway folder, and says what all would take."""
    sample = editions[:: max(len(editions) // _SAMPLE, 1)][:_SAMPLE]
    began = time.monotonic()
    with scratch_folder() as folder:
        made = list(make_editions(template, sample, folder, min(jobs, len(sample))))
    spent = time.monotonic() - began
    share = len(editions) / len(sample)
    size = sum(it.size for it in made) * share / 1e6
    say(f"{len(editions):,} editions, from {editions[0].name} to {editions[-1].name}")
    say(f"about {duration(spent * share)} and {size:,.1f} MB, by a sample of {len(sample)}")
    for it in made:
        for line in it.problems:
            say(f"{it.name}: {line}")
    return 1 if any(it.failed for it in made) else 0


def _title(single: SingleFile) -> str:
    metadata = single.report.publications[0].metadata
    return filled(str(metadata.get("title") or single.file.stem), metadata.get("params") or {})
