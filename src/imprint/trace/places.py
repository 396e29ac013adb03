"""Where a use stands for a reader, and uses -> branches: publication, chapter, then the uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from imprint.build.examine import Examined
from imprint.core.files import DRAWN
from imprint.core.problems import Place
from imprint.difference.blocks import Block
from imprint.difference.drawings import drawn_rows
from imprint.read.report import Report
from imprint.trace.tree import Branch


@dataclass(frozen=True)
class Location:
    """Where in a publication something is printed."""

    publication: str
    chapter: str
    place: Place
    around: str = ""
    """What a reader sees around it: `in section 'Time', box-time, key finding`."""


@dataclass(frozen=True)
class Known:
    """A report, and what running and reading it told."""

    report: Report
    examined: Examined

    @cached_property
    def drawn(self) -> Mapping[str, Sequence[Mapping[str, str]]]:
        """The rows behind each figure, as it was drawn last."""
        folder = self.report.project.root / DRAWN
        return {name: drawn_rows(folder, name) for name in sorted(self.report.figures)}

    def location(self, publication: str, block: Block, place: Place | None = None) -> Location:
        """Where a block stands, or what of it stands at `place`; figures and tables stand where
        the chapter shows them."""
        if block.figure:
            place = self._shown_at(block) or place
        elif block.head:
            place = block.head.at(0)
        place = place or block.place
        said = [f"section '{block.section}'"] if block.section else []
        said += [block.box] if block.box else []
        if place.file.startswith(f"{self.report.settings.findings_folder}/"):
            said.append("key finding")
        around = f"in {', '.join(said)}" if said else ""
        return Location(publication, block.chapter, place, around)

    def _shown_at(self, block: Block) -> Place | None:
        """The cell that shows a drawn figure."""
        executed = self.examined.executed.get(block.chapter)
        image = f"{DRAWN}/{block.figure}.svg"
        lines = executed.lines if executed else ()
        return next((line.place for line in lines if image in line.text), None)


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


def at(spot: Location, text: str, *children: Branch) -> Branch:
    """A use with its place and what is around it."""
    said = "; ".join(part for part in (spot.around, text) if part)
    return Branch(said, spot.place, children)
