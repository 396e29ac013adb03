"""Uses in a publication -> branches: publication, chapter, then the uses in their order."""

from __future__ import annotations

from collections.abc import Iterable

from imprint.read.report import Report
from imprint.trace.prints import Location
from imprint.trace.tree import Branch


def by_publication(report: Report, found: Iterable[tuple[Location, Branch]]) -> tuple[Branch, ...]:
    """A branch for each publication with one for each chapter that holds any of the uses."""
    found = list(dict.fromkeys(found))
    branches = []
    for publication in report.publications:
        chapters = []
        for entry in publication.entries:
            here = (publication.name, entry.path)
            inner = [branch for spot, branch in found if (spot.publication, spot.chapter) == here]
            if inner:
                chapters.append(Branch(entry.path, None, tuple(inner)))
        if chapters:
            branches.append(Branch(f"publication '{publication.name}'", None, tuple(chapters)))
    return tuple(branches)


def around(spot: Location) -> str:
    """Where a use stands for a reader: `in section 'Time', box-time, key finding`."""
    said = [f"section '{spot.setting.section}'"] if spot.setting.section else []
    said += [spot.setting.box] if spot.setting.box else []
    if spot.setting.finding:
        said.append("key finding")
    return f"in {', '.join(said)}" if said else ""


def at(spot: Location, text: str) -> Branch:
    """A use with its place and what is around it."""
    return Branch("; ".join(part for part in (around(spot), text) if part), spot.place)
