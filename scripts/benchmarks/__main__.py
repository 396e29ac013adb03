"""`scripts/bench`: make synthetic reports, and measure renders of them and of this report."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from synthetic import Size, make_report


def main() -> int:
    """Run one command; the exit status."""
    parser = argparse.ArgumentParser("bench", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_make(commands)
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


if __name__ == "__main__":
    sys.exit(main())
