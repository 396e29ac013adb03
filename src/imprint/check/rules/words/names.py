"""Names: every person, body and place goes by the one form that data/names.csv keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from imprint.check.composed import ComposedReport
from imprint.check.prose.paragraphs import Paragraph
from imprint.check.prose.printed import file_lines
from imprint.core.problems import Place, Problem, ReportError
from imprint.read.data.csv_rows import Row
from imprint.read.data.tables import read_rows
from imprint.read.report import Report

_UNCHECKED_COLUMNS = frozenset({"note", "as_reported", "derived"})
_UNCHECKED_FIELDS = frozenset({"title", "booktitle", "annotation", "url", "isbn", "doi", "journal"})


@dataclass(frozen=True)
class _NameIndex:
    """The names, made ready for looking them up."""

    file: str
    """The table that keeps them."""
    canonical: dict[str, str]
    """Canonical name of each variant."""
    variants: re.Pattern[str] | None
    longer: re.Pattern[str] | None
    """Canonical names that hold a variant within them."""
    with_article: re.Pattern[str] | None


def tells_of_slips(report: Report) -> frozenset[str]:
    """Whether a file is about misprints, which it may then quote."""
    return report.settings.quotes_slips | {f"data/{report.settings.tables.slips}.csv"}


def check_names(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every variant of a name that data/names.csv rules out
    (`name-is-canonical`) and every person with an article (`person-has-no-article`).

    Read are the printed text, the tables of data/ and the bibliography; titles of works keep what
    they print.
    """
    table = report.settings.tables.names
    if table not in report.tables:
        return
    try:
        names = _compiled(read_rows(report.project.root, table), f"data/{table}.csv")
    except ReportError:
        return
    seen: set[Problem] = set()
    telling = tells_of_slips(report)
    for paragraph in (found for found in report.printed() if found.file not in telling):
        for found in _in_paragraph(paragraph, names):
            if found not in seen:
                seen.add(found)
                yield found
    for place, text in (*_cells(report), *_fields(report)):
        for variant in _slips(text, names):
            column = place.column + variant.start() if place.column else 0
            here = place.at(column)
            problem = Problem(here, "name-is-canonical", *_said(variant, names))
            if problem not in seen:
                seen.add(problem)
                yield problem


def variant_words(report: Report) -> frozenset[str]:
    """Every word of the variants, for texts about them."""
    try:
        table = report.settings.tables.names
        rows = read_rows(report.project.root, table) if table in report.tables else ()
    except ReportError:
        return frozenset()
    variants = " ".join(str(row.get("variants") or "") for row in rows)
    return frozenset(re.findall(r"[^\W\d_]+", variants))


def _compiled(rows: Sequence[Row], file: str) -> _NameIndex:
    canonical: dict[str, str] = {}
    persons: set[str] = set()
    for row in rows:
        name = str(row.get("canonical") or "")
        for variant in str(row.get("variants") or "").split("|"):
            if variant:
                canonical[_plain(variant)] = name
        if row.get("kind") == "person":
            persons |= {one.split()[-1] for one in name.split(" and ") if one.strip()}
    longer = [
        name for row in rows if (name := _plain(str(row.get("canonical") or "")))
        if any(variant in name and variant != name for variant in canonical)
    ]  # fmt: skip
    listed = "|".join(map(re.escape, sorted(persons)))
    titled = (
        rf"(?:Lord|Lady|Sir|Dame|Baroness|Professor|Dr|Mrs?|Ms)\s+(?:[A-Z]\w+\s+)?(?:{listed})\b"
    )
    article = rf"\b[Tt]he\s+(?:(?:{listed})'s\b|{titled}(?!\s+(?:review|report|inquiry|recommend)))"
    with_article = re.compile(article) if persons else None
    return _NameIndex(file, canonical, _any_of(canonical), _any_of(longer), with_article)


def _any_of(names: Sequence[str] | dict[str, str]) -> re.Pattern[str] | None:
    """A pattern for any of the names, the longest first, over line breaks too."""
    if not names:
        return None
    listed = sorted(names, key=len, reverse=True)
    spaced = "|".join(r"\s+".join(map(re.escape, name.split())) for name in listed)
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)")


def _plain(text: str) -> str:
    return text.replace("’", "'")


def _in_paragraph(paragraph: Paragraph, names: _NameIndex) -> Iterator[Problem]:
    text = paragraph.without_titles
    for found in _slips(text, names):
        place = paragraph.place(found.start())
        yield Problem(place, "name-is-canonical", *_said(found, names))
    for found in names.with_article.finditer(_plain(text)) if names.with_article else ():
        message = f"'{found[0]}' gives a person's name an article"
        yield Problem(
            paragraph.place(found.start()), "person-has-no-article", message, "delete the article"
        )


def _slips(text: str, names: _NameIndex) -> Iterator[re.Match[str]]:
    plain = _plain(text)
    if names.longer:
        plain = names.longer.sub(lambda name: "\0" * len(name[0]), plain)
    if names.variants:
        yield from names.variants.finditer(plain)


def _said(found: re.Match[str], names: _NameIndex) -> tuple[str, str]:
    variant = " ".join(found[0].split())
    canonical = names.canonical[variant]
    return f"'{variant}' is not the form that {names.file} keeps", f"write '{canonical}'"


def _cells(report: Report) -> Iterator[tuple[Place, str]]:
    """Texts of the tables, with their places."""
    unchecked = {report.settings.tables.names, report.settings.tables.slips}
    for name in sorted(report.tables - unchecked):
        try:
            rows = read_rows(report.project.root, name)
        except ReportError:
            continue
        file = f"data/{name}.csv"
        lines = file_lines(report.project.root, file)
        for row in rows:
            line = lines[row.line - 1] if row.line <= len(lines) else ""
            for column, value in row.items():
                if isinstance(value, str) and column not in _UNCHECKED_COLUMNS:
                    yield Place(file, row.line, line.find(value) + 1), value


def _fields(report: Report) -> Iterator[tuple[Place, str]]:
    """Names and other fields of the bibliography, with their places."""
    for reference in report.library.references.values() if report.library else ():
        for field, people in reference.people.items():
            said = " and ".join(", ".join(filter(None, (p.family, p.given))) for p in people)
            yield (
                Place(reference.place.file, reference.lines.get(field, reference.place.line)),
                said,
            )
        for field, value in reference.fields.items():
            if field not in _UNCHECKED_FIELDS:
                line = reference.lines.get(field, reference.place.line)
                yield Place(reference.place.file, line), value
