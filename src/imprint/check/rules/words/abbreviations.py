"""Abbreviations: listed in a table of their own, expanded once in a publication, at first use.

A summary that is a publication of its own explains its abbreviations itself, and stands apart from
the book that also holds it. A text that both include explains what either needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from imprint.check.composed import ComposedReport
from imprint.check.prose.paragraphs import Paragraph
from imprint.check.rules.words.names import tells_of_slips
from imprint.check.table_rows import TableRows, read_tables
from imprint.core.model import Chapter
from imprint.core.problems import Place, Problem, nearest
from imprint.read.report import Report

EVERYDAY = frozenset({"CSV", "HM", "HTML", "ISBN", "PDF"})
"""Capitals that need no expansion for any reader."""

_EXPANSION = 200
"""Characters before an abbreviation in which its expansion is looked for."""
_CAPITALS = re.compile(r"(?<![\w&])[A-Z]{2,}(?=s?\b)(?![\d-]*\d)")
_ROMAN = re.compile(r"[IVXLC]+")


@dataclass(frozen=True)
class _ListedAbbreviation:
    """One row of the table."""

    expansion: str
    line: int
    before: re.Pattern[str]
    """Matches text that ends in the expansion."""


def check_abbreviations(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every abbreviation that is used before it is expanded
    (`abbreviation-is-expanded`), expanded again (`abbreviation-is-expanded-once`), in other words
    than the table has (`expansion-is-as-listed`), missing there (`abbreviation-is-listed`), or
    listed without being used (`abbreviation-is-used`)."""
    kept = read_tables(report).get(report.settings.tables.abbreviations)
    if kept is None:
        return
    telling = tells_of_slips(report)
    listed, file = _listed(kept), kept.table.file
    reader = _UsageReader(listed, file)
    for publication, chapters in _units(report):
        reader.begin(publication, all(it.path in report.passages for it in chapters))
        for chapter in chapters:
            for paragraph in report.printed_by(chapter):
                if paragraph.file not in telling:
                    yield from reader.read(paragraph)
    yield from reader.expansions()
    if report.is_complete:
        yield from _unused(report, listed, reader.used, file)


def _listed(kept: TableRows) -> dict[str, _ListedAbbreviation]:
    listed = {}
    for row in kept.rows:
        abbreviation = str(row.get("abbreviation") or "")
        expansion = " ".join(str(row.get("expansion") or "").split()).replace("’", "'")
        if abbreviation and expansion:
            words = r"\s+".join(map(re.escape, expansion.removesuffix("y").split()))
            ending = r"(?:y|ies)" if expansion.endswith("y") else r"(?:s|'s)?"
            # A name keeps its capitals; a common noun takes them where it is part of a name.
            flags = re.IGNORECASE if expansion.islower() else 0
            before = re.compile(rf"(?<!\w){words}{ending}\s+\(\Z", flags)
            listed[abbreviation] = _ListedAbbreviation(expansion, row.line, before)
    return listed


def _units(report: Report) -> Iterator[tuple[str, list[Chapter]]]:
    """Each publication with its chapters, less those that are publications of their own."""
    alone = {
        publication.entries[0].path
        for publication in report.project.publications
        if len(publication.entries) == 1
    }
    # What was not asked for may share chapters with what was, and expand for itself there.
    read = [
        publication
        for publication in report.project.publications
        if publication not in report.publications
        and all(entry.path in report.chapters for entry in publication.entries if entry.path)
    ]
    for publication in (*report.publications, *read):
        chapters = list(report.chapters_of(publication))
        if len(publication.entries) > 1:
            chapters = [chapter for chapter in chapters if chapter.path not in alone]
        yield publication.name, chapters


class _UsageReader:
    """Reads publications one after another and notes where they use and expand abbreviations."""

    def __init__(self, listed: Mapping[str, _ListedAbbreviation], file: str) -> None:
        self.listed = listed
        self.file = file
        """The table that lists them."""
        names = "|".join(map(re.escape, sorted(listed, key=len, reverse=True))) or "(?!)"
        self.uses = re.compile(rf"(?<!\w)({names})(?:s|['’]s)?(?!\w)")
        self.used: set[str] = set()
        self.publication, self.is_whole = "", True
        self.known: dict[str, Place] = {}
        """Where the publication being read has expanded an abbreviation, or should have."""
        self.by_figures: set[tuple[str, str]] = set()
        """File and abbreviation: a figure may be read alone, so it expands for itself."""
        self.unexpanded: dict[tuple[str, Place], str] = {}
        """First uses without an expansion, with the publication."""
        self.first: set[Place] = set()
        """Expansions that are the first of some publication."""
        self.repeated: dict[tuple[str, Place], Place] = {}
        """Expansions that come after another, with its place."""

    def begin(self, publication: str, is_whole: bool) -> None:
        """Begin to read a publication; `is_whole` where what stands before each use is known."""
        self.publication, self.is_whole = publication, is_whole
        self.known = {}
        self.by_figures = set()

    def read(self, paragraph: Paragraph) -> Iterator[Problem]:
        """Read the publication's next paragraph; yield what is wrong with it by itself."""
        text = paragraph.without_titles
        yield from self._unlisted(paragraph, self.uses.sub("", text))
        for use in self.uses.finditer(text):
            name, start = use[1], use.start()
            if paragraph.file != self.file:
                self.used.add(name)
            if paragraph.kind == "row":
                continue  # a table prints a name and its abbreviation side by side
            place = paragraph.place(start)
            in_brackets = text[start - 1 : start] == "(" and text[use.end() : use.end() + 1] == ")"
            before = text[max(0, start - _EXPANSION) : start].replace("’", "'")
            if in_brackets and self.listed[name].before.search(before):
                self._expanded(paragraph, name, place)
                continue
            if in_brackets:
                message = f"'({use[0]})' does not follow '{self.listed[name].expansion}'"
                fix = f"spell the expansion as {self.file} does, or change the table"
                yield Problem(place, "expansion-is-as-listed", message, fix)
            if name not in self.known and (paragraph.file, name) not in self.by_figures:
                if self.is_whole:
                    self.unexpanded.setdefault((name, place), self.publication)
                self.known[name] = place

    def _unlisted(self, paragraph: Paragraph, text: str) -> Iterator[Problem]:
        """Capitals that no row explains; a table's cells and a figure's labels print data."""
        for capitals in _CAPITALS.finditer(text) if paragraph.kind != "row" else ():
            name = capitals[0]
            if name not in EVERYDAY and not _ROMAN.fullmatch(name):
                message = f"'{name}' is not in {self.file}"
                fix = nearest(name, self.listed) or "add its row, or write it out"
                at = re.search(rf"(?<![\w&]){name}(?![\w-]*\d)", paragraph.text)
                place = paragraph.place(at.start() if at else 0)
                yield Problem(place, "abbreviation-is-listed", message, fix)

    def _expanded(self, paragraph: Paragraph, name: str, place: Place) -> None:
        if paragraph.file.startswith("figures/"):
            self.by_figures.add((paragraph.file, name))
        elif name in self.known:
            self.repeated.setdefault((name, place), self.known[name])
        else:
            self.known[name] = place
            self.first.add(place)

    def expansions(self) -> Iterator[Problem]:
        """What is wrong with the expansions once all publications are read."""
        for (name, place), publication in self.unexpanded.items():
            message = f"'{name}' is used in '{publication}' before it is expanded"
            fix = f"write '{self.listed[name].expansion} ({name})' here"
            yield Problem(place, "abbreviation-is-expanded", message, fix)
        for (name, place), earlier in self.repeated.items():
            if place not in self.first and (name, earlier) not in self.unexpanded:
                message = f"'{name}' is expanded already at {earlier}"
                fix = f"write '{name}' alone"
                yield Problem(place, "abbreviation-is-expanded-once", message, fix)


def _unused(
    report: Report, listed: Mapping[str, _ListedAbbreviation], used: set[str], file: str
) -> Iterator[Problem]:
    printed = " ".join(
        value
        for reference in (report.library.references.values() if report.library else ())
        for value in (*reference.fields.values(),
                      *(who.family for people in reference.people.values() for who in people))
    )  # fmt: skip
    for name, row in listed.items():
        if name not in used and not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", printed):
            message = f"no publication uses '{name}'"
            yield Problem(Place(file, row.line), "abbreviation-is-used", message, "delete the row")
