"""Options that several commands take."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from functools import partial

from imprint.core.model import FORMATS, Format


def add_formats(parser: argparse.ArgumentParser, others: Sequence[str] = ()) -> None:
    """Declare `--to`, which may name `others` alone."""
    parser.add_argument(
        "--to",
        type=partial(_formats, others),
        default=FORMATS,
        metavar="FORMATS",
        help=f"html, pdf or both (html,pdf){_told(others)}",
    )


def add_jobs(parser: argparse.ArgumentParser, what: str) -> None:
    """Declare `--jobs`, which says `what` there are at a time."""
    parser.add_argument("--jobs", type=at_least_one, default=os.cpu_count() or 1, help=what)


def _formats(others: Sequence[str], wanted: str) -> tuple[Format, ...] | tuple[str, ...]:
    """Formats by their names; ArgumentTypeError where one is unknown."""
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    if names and all(name in others for name in names):
        return tuple(names)
    if not names or any(name not in FORMATS for name in names):
        raise argparse.ArgumentTypeError(f"'{wanted}' is not html, pdf or html,pdf{_told(others)}")
    return tuple(name for name in FORMATS if name in names)


def _told(others: Sequence[str]) -> str:
    return "".join(f"; or {name}" for name in others)


def at_least_one(written: str) -> int:
    """A number from 1 on; ArgumentTypeError for another."""
    if not written.isdecimal() or int(written) < 1:
        raise argparse.ArgumentTypeError(f"'{written}' is not a number from 1 on")
    return int(written)
