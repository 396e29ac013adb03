"""Names: every person, body and place goes by the one form that data/names.csv keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from imprint.check.composed import ComposedReport
from imprint.check.prose.other_numbers import any_of
from imprint.check.prose.paragraphs import Paragraph
from imprint.check.prose.printed import field_place, paragraph_at, table_cells
from imprint.check.prose.sayers import plain
from imprint.check.table_rows import TableRows, read_tables, table_rows
from imprint.core.problems import Problem
from imprint.read.data.csv_rows import EDITORS
from imprint.read.report import Report

_UNCHECKED_COLUMNS = frozenset({"note", EDITORS, "as_reported", "derived"})
_UNCHECKED_FIELDS = frozenset({"title", "booktitle", "annotation", "url", "isbn", "doi", "journal"})


@dataclass(frozen=True)
class _NameIndex:
    """The names, made ready for looking them up."""

    file: str
    """The table that keeps them."""
    canonical: dict[str, str]
    """Canonical name of each variant."""
    variants: re.Pattern[str]
    longer: re.Pattern[str]
    """Canonical names that hold a variant within them."""
    with_article: re.Pattern[str]


def tells_of_slips(report: Report) -> frozenset[str]:
    """Whether a file is about misprints, which it may then quote."""
    return report.settings.quotes_slips | {f"data/{report.settings.tables.slips}.csv"}


def check_names(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every variant of a name that data/names.csv rules out
    (`name-is-canonical`) and every person with an article (`person-has-no-article`).

    Read are the printed text, the tables of data/ and the bibliography; titles of works keep what
    they print.
    """
    kept = read_tables(report).get(report.settings.tables.names)
    if kept is None:
        return
    names = _compiled(kept)
    telling = tells_of_slips(report)
    for paragraph in (it for it in report.printed() if it.file not in telling):
        yield from _variants(paragraph, names)
        yield from _articles(paragraph, names)
    for paragraph in (*_cells(report, names), *_fields(report)):
        yield from dict.fromkeys(_variants(paragraph, names))


def variant_words(report: Report) -> frozenset[str]:
    """Every word of the variants, for texts about them."""
    rows = table_rows(report, report.settings.tables.names)
    variants = " ".join(str(row.get("variants") or "") for row in rows)
    return frozenset(re.findall(r"[^\W\d_]+", variants))


def _compiled(kept: TableRows) -> _NameIndex:
    canonical: dict[str, str] = {}
    persons: set[str] = set()
    for row in kept.rows:
        name = str(row.get("canonical") or "")
        for variant in str(row.get("variants") or "").split("|"):
            if variant:
                canonical[plain(variant)] = name
        if row.get("kind") == "person":
            persons |= {one.split()[-1] for one in name.split(" and ") if one.strip()}
    longer = [
        name for row in kept.rows if (name := plain(str(row.get("canonical") or "")))
        if any(variant in name and variant != name for variant in canonical)
    ]  # fmt: skip
    listed = any_of(persons)
    titled = (
        rf"(?:Lord|Lady|Sir|Dame|Baroness|Professor|Dr|Mrs?|Ms)\s+(?:[A-Z]\w+\s+)?(?:{listed})\b"
    )
    article = rf"\b[Tt]he\s+(?:(?:{listed})'s\b|{titled}(?!\s+(?:review|report|inquiry|recommend)))"
    variants, longer_ones = _whole_words(canonical), _whole_words(longer)
    return _NameIndex(kept.table.file, canonical, variants, longer_ones, re.compile(article))


def _whole_words(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(names)})(?!\w)")


def _variants(paragraph: Paragraph, names: _NameIndex) -> Iterator[Problem]:
    text = names.longer.sub(lambda it: "\0" * len(it[0]), plain(paragraph.without_titles))
    for found in names.variants.finditer(text):
        variant = " ".join(found[0].split())
        message = f"'{variant}' is not the form that {names.file} keeps"
        fix = f"write '{names.canonical[variant]}'"
        yield Problem(paragraph.place(found.start()), "name-is-canonical", message, fix)


def _articles(paragraph: Paragraph, names: _NameIndex) -> Iterator[Problem]:
    for found in names.with_article.finditer(plain(paragraph.without_titles)):
        message = f"'{found[0]}' gives a person's name an article"
        place = paragraph.place(found.start())
        yield Problem(place, "person-has-no-article", message, "delete the article")


def _cells(report: Report, names: _NameIndex) -> Iterator[Paragraph]:
    """Texts of the tables that have any variant."""
    unchecked = {report.settings.tables.names, report.settings.tables.slips}
    for name, filled in read_tables(report).items():
        texts = (it for row in filled.rows for it in row.values() if isinstance(it, str))
        if name not in unchecked and any(names.variants.search(plain(it)) for it in texts):
            columns = (it for it in filled.columns if it not in _UNCHECKED_COLUMNS)
            yield from table_cells(report, name, tuple(columns))


def _fields(report: Report) -> Iterator[Paragraph]:
    """Names and other fields of the bibliography."""
    for work in report.library.references.values() if report.library else ():
        said = {name: it for name, it in work.fields.items() if name not in _UNCHECKED_FIELDS}
        for role, people in work.people.items():
            forms = ([p.family, f"{p.family}, {p.given}", f"{p.given} {p.family}"] for p in people)
            said[role] = "\n".join(map(" and ".join, zip(*forms, strict=True)))
        yield from (paragraph_at(field_place(work, name), text) for name, text in said.items())
