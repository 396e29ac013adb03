"""The values that flow through the pipeline: frozen, without behaviour beyond reading themselves.

Project -> Publication -> Chapter (Text, Cell) -> Executed; what composing makes of these stands in
`document`;
Table, Statistic and Reference are what the data files and the bibliography hold.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from imprint.core.problems import Place
from imprint.core.settings import Settings
from imprint.core.units import KNOWN, Unit

Metadata = Mapping[str, Any]
Role = Literal["chapter", "appendix", "part"]
Format = Literal["html", "pdf"]
FORMATS: tuple[Format, ...] = ("html", "pdf")


# --- project ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One line of a publication's contents."""

    role: Role
    path: str
    """Chapter file from the project's root; empty for a part that is a title only."""
    title: str = ""
    """The title of a part that has no file."""
    place: Place = field(default_factory=lambda: Place("_quarto.yml"))
    """Where the contents name it, for problems about a missing file."""


@dataclass(frozen=True)
class Publication:
    """Something a reader downloads: a full report, its summary."""

    name: str
    """Name of its profile and of its output folder: `summary`."""
    is_book: bool
    """True for a Quarto book of several pages; False for a single page."""
    entries: tuple[Entry, ...]
    metadata: Metadata
    """Project metadata with the profile's merged in, as Quarto merges them."""
    output_file: str
    """Name of the PDF without its ending."""
    file: str
    """The YAML file that describes it, for problems."""
    settings: Settings = field(default_factory=Settings)
    """What stands under `imprint:`, the profile's own included."""

    @property
    def own(self) -> Metadata:
        """What stands under `imprint:`, as it is written."""
        own = self.metadata.get("imprint")
        return own if isinstance(own, Mapping) else {}

    @property
    def label(self) -> str:
        """Its name in links: `imprint: label:`, else its profile's name."""
        return str(self.own.get("label") or self.name.replace("-", " ").capitalize())

    def saying(self, name: str, value: Any) -> Publication:
        """The same with another value under `imprint:`."""
        return replace(self, metadata={**self.metadata, "imprint": {**self.own, name: value}})


@dataclass(frozen=True)
class Project:
    """A Quarto project as far as the embedded engine needs it."""

    root: Path
    publications: tuple[Publication, ...]
    execute_dir: Literal["file", "project"]
    """Where kernels start: in the chapter's folder (Quarto's default) or the project's root."""
    bibliography: tuple[str, ...]
    """BibTeX files, from the root."""
    csl: str
    """Citation style, from the root; empty for pandoc's default."""
    settings: Settings = field(default_factory=Settings)
    """What `_quarto.yml` itself says under `imprint:`."""
    is_plain: bool = False
    """Whether it uses neither our extension nor our settings: our house rules are not its own."""


# --- chapters --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stretch:
    """Characters of a line that came from one place, up to the next stretch."""

    start: int
    """Offset of the first in the line."""
    column: int
    """Of that character in the source, from 1; of the code that made it, or 0 for a whole cell."""
    is_written: bool
    """Whether the author wrote these very characters."""


AS_WRITTEN = (Stretch(0, 1, True),)
BY_CELL = (Stretch(0, 0, False),)


@dataclass(frozen=True)
class Line:
    """One line of source and where it stands; an included line keeps its own file."""

    text: str
    place: Place
    stretches: tuple[Stretch, ...] = AS_WRITTEN
    runs: bool = True
    """Whether inline code runs here; in an `.md` file nothing does."""

    def stretch(self, offset: int) -> int:
        """The index of the stretch that holds the character at `offset`."""
        return bisect_right(self.stretches, offset, key=lambda it: it.start) - 1

    def at(self, offset: int) -> Place:
        """Where the character at `offset` of the text stands in the source."""
        stretch = self.stretches[self.stretch(offset)]
        return self.place.at(stretch.column + (offset - stretch.start if stretch.is_written else 0))


@dataclass(frozen=True)
class Text:
    """Markdown between cells, includes already put in, inline code still in place."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Cell:
    """One Python code cell."""

    code: str
    """Its source without the option lines."""
    options: Metadata
    """`#| key: value` options, merged over the chapter's and project's `execute:` defaults.
    Keys as written in Quarto: label, echo, include, output, eval, error, warning, fig-cap, ..."""
    place: Place
    """Its opening fence (.qmd) or its first line (.ipynb, counted within the cell)."""
    index: int
    """Position among the chapter's cells, counted from 1, as messages name it."""
    code_line: int
    """Line in `place.file` on which `code` begins."""
    option_places: Mapping[str, Place] = field(default_factory=dict)
    """Where the value of each option stands that the cell itself sets."""
    option_lines: tuple[str, ...] = ()
    """The option lines as they are written, for readers of a text on how to write them."""


@dataclass(frozen=True)
class Chapter:
    """One notebook, read and checked for form, nothing run."""

    path: str
    """From the project's root: `chapters/cycling.qmd`."""
    metadata: Metadata
    """Its front matter."""
    parts: tuple[Text | Cell, ...]
    files: tuple[str, ...]
    """Every file that was read for it: itself and its includes."""
    media: Mapping[str, bytes] = field(default_factory=dict)
    """Images attached to a notebook's cells, by path from the root as the text names them."""
    keys: Mapping[str, Place] = field(default_factory=dict)
    """Where each key of its front matter stands."""


Reads = tuple[tuple[str, str, str, str], ...]
"""What code read: kind, name and detail, as `imprint.author.dependencies` says, with the digest."""


@dataclass(frozen=True)
class Executed:
    """A chapter after its kernel has run: Markdown only."""

    path: str
    metadata: Metadata
    lines: tuple[Line, ...]
    """The executed Markdown, each line with the place in the source it came from."""
    media: Mapping[str, bytes]
    """Images that cells displayed, by path relative to the project's root as the Markdown names
    them (`/figures/drawn/…` files drawn by `figure` are on disk already and not among these)."""
    reads: Reads | None = ()
    """None where it is not known, or where the result is not in the cache."""
    cells: tuple[Cell, ...] = ()
    """Its code, to place what that printed."""


# --- data ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Statistic:
    """One reported figure: a row of `data/statistics.csv`."""

    id: str
    source: str
    """BibTeX key."""
    survey: str
    population: str
    """The base: who was asked."""
    measure: str
    response: str
    value: float | None
    """None where the source gives words only."""
    low: float | None
    high: float | None
    """Bounds of a vague wording; equal to `value` or None for an exact one."""
    unit: str
    """percent, count, gbp, days_per_week, months, … or one that the report declares"""
    qualifier: str
    """exact, about, almost, just_over, more_than, fewer_than, at_least, up_to, majority, most, …"""
    as_reported: str
    locator: str
    period: str
    theme: str
    note: str
    """Anything a reader should know of it."""
    line: int
    """Line in the CSV file."""
    derived: str = ""
    """The formula by which the report worked it out; empty for what a source reports."""
    declared_unit: Unit | None = None
    """How `unit` prints where the report declares it itself."""
    n: float | None = None
    """Of a survey: how many answered."""
    weighted: bool = False
    ci_low: float | None = None
    ci_high: float | None = None
    """The ends of the value's confidence interval."""
    ci_level: float | None = None
    """Its level in per cent; 95 where it is None."""
    se: float | None = None
    """Standard error, in the unit of `value`."""
    design_effect: float | None = None

    @property
    def known_unit(self) -> Unit | None:
        """What is known of `unit`; None where neither the report nor Imprint knows it."""
        return self.declared_unit or KNOWN.get(self.unit)
