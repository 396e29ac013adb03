"""Two layouts of one publication -> which pages look otherwise, and what stands on another page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from imprint.core.document import PdfPage
from imprint.write.pdf.typeset import Layout


@dataclass(frozen=True)
class LayoutChange:
    """What is unlike on paper."""

    publication: str
    pages: tuple[int, ...]
    """Those of the new layout that look otherwise than the ones of the same number, from 1."""
    labels: tuple[str, ...]
    """What is printed on each page of the new layout."""
    old_count: int
    moves: tuple[tuple[str, PdfPage, PdfPage], ...]
    """Label of each heading or float that begins on another page, and the two pages."""

    @property
    def is_empty(self) -> bool:
        """Whether it is all the same."""
        return not self.pages and self.old_count == len(self.labels)


def layout_change(old: Layout, new: Layout) -> LayoutChange:
    """What is unlike; where pages come or go, those behind are compared by number."""
    both = zip_longest(old.pages, new.pages)
    pages = [n for n, (was, becomes) in enumerate(both, 1) if becomes and was != becomes]
    moves = [
        (label, old.places[label], place)
        for label, place in new.places.items()
        if label in old.places and old.places[label].page != place.page
    ]
    moves.sort(key=lambda it: it[2].page)
    labels = tuple(label for label, _ in new.pages)
    return LayoutChange(new.publication, tuple(pages), labels, len(old.pages), tuple(moves))


def ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each three or more numbers that follow one another; others stand alone."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    alone = [[run] if len(run) > 2 else [[number] for number in run] for run in runs]
    return [(run[0], run[-1]) for found in alone for run in found]
