"""`scripts/bench`: make synthetic reports, and measure renders of them and of this report."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
from pathlib import Path

from synthetic import Size, make_report


def main() -> int:
    """Run one command; the exit status."""
    parser = argparse.ArgumentParser("bench", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_make(commands)
    _add_measure(commands)
    _add_endure(commands)
    _add_editions(commands)
    arguments = parser.parse_args()
    return int(arguments.run(arguments))


def _add_make(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser("make", help="write a made-up report of any size")
    parser.add_argument("folder", type=Path, help="a folder that is not there yet")
    parser.add_argument("--chapters", type=int, default=20)
    for name, each in (("words", 1400), ("statistics", 25), ("references", 10), ("figures", 1)):
        said = f"default: {each} for each chapter"
        parser.add_argument(f"--{name}", type=int, default=None, help=said)
        parser.set_defaults(**{f"each_{name}": each})
    parser.add_argument("--seed", type=int, default=0, help="the same gives the same report")
    parser.add_argument("--summary", action="store_true", help="with a second publication")
    parser.set_defaults(run=_make)


def _make(arguments: argparse.Namespace) -> int:
    counts = [
        getattr(arguments, f"each_{name}") * arguments.chapters if given is None else given
        for name in ("words", "statistics", "references", "figures")
        for given in [getattr(arguments, name)]
    ]
    if arguments.folder.exists():
        print(f"{arguments.folder} is there already: name a new folder", file=sys.stderr)
        return 2
    size = Size(arguments.chapters, *counts)
    make_report(arguments.folder, size, arguments.seed, summary=arguments.summary)
    print(f"made {arguments.folder}: {size}")
    return 0


def _add_measure(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser("measure", help="measure renders, and edits in the preview")
    parser.add_argument("--runs", type=int, default=5, help="renders of each kind, this report")
    parser.add_argument("--runs-of-sizes", type=int, default=3, help="the same, made-up reports")
    parser.add_argument("--sizes", type=_sizes, default=(20, 200), help="chapters: 20,200")
    parser.add_argument("--edits", type=int, default=100, help="edits in the preview; 0 for none")
    parser.add_argument("--no-report", action="store_true", help="made-up reports alone")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.set_defaults(run=_measure)


def _measure(arguments: argparse.Namespace) -> int:
    # Both load matplotlib, which `make` has no need of.
    from document import tables, write_document
    from measure import Asked, measure

    asked = Asked(
        not arguments.no_report,
        arguments.sizes,
        arguments.runs,
        arguments.runs_of_sizes,
        arguments.edits,
    )
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        results = measure(asked, Path(folder))
    if arguments.write:
        write_document(results)
    else:
        print("\n".join(tables(results)))
    return 0


def _sizes(written: str) -> tuple[int, ...]:
    try:
        return tuple(int(size) for size in written.split(",") if size)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{written}' is not a list such as 20,200") from None


def _add_endure(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser("endure", help="see what grows or stays after many edits")
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--chapters", type=int, default=0, help="of a made-up report; else this")
    parser.set_defaults(run=_endure)


def _endure(arguments: argparse.Namespace) -> int:
    from edits import endure
    from measure import copy_of_this_report, made_up

    from imprint.core.parallel import take_in_orphans

    take_in_orphans()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        report = Path(folder, "report")
        size = arguments.chapters
        subject = made_up(size, report) if size else copy_of_this_report(report)
        endured = endure(subject, Path(folder, "temporary"), arguments.edits)
    print(json.dumps(dataclasses.asdict(endured), indent=1))
    return 1 if endured.processes or endured.files else 0


def _add_editions(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser("editions", help="measure editions, and simulate a cluster")
    parser.add_argument("--counts", type=_sizes, default=(10, 100, 1000), help="10,100,1000")
    parser.add_argument("--pair", type=int, default=200, help="editions, here and on a cluster")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.set_defaults(run=_editions)


def _editions(arguments: argparse.Namespace) -> int:
    from document import OF_EDITIONS, put_between
    from editions import measure_editions, tables
    from simulation import simulation_table

    results = measure_editions(arguments.counts, arguments.pair)
    lines = [*tables(results), "", *simulation_table(results.recorded, 20_000, 125e6)]
    text = "\n".join(lines)
    if arguments.write:
        put_between(OF_EDITIONS, text)
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
