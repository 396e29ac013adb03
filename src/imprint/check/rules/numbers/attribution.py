"""Statistics and the works cited for them: each number stands beside the work it comes from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from imprint.check.composed import ComposedReport
from imprint.check.prose.citing import Citation, citations_in
from imprint.check.prose.paragraphs import Paragraph
from imprint.core.model import Statistic
from imprint.core.problems import Problem
from imprint.read.chapters.sentences import sentence_span
from imprint.read.report import Report


def check_attribution(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every statistic in a sentence that cites other works only
    (`statistic-matches-citation`) or in a section that does not cite its work
    (`statistic-has-citation`).

    Derived rows are the report's own work and may stand beside any citation; the work that a
    publication rewords, `imprint: original:` in its metadata, is cited as a whole.
    """
    statistics = report.statistics or {}
    for publication in report.publications:
        original = publication.settings.original
        for chapter in report.chapters_of(publication):
            for section in _sections(report.written(chapter)):
                cited = [citations_in(paragraph, report.reference_kinds) for paragraph in section]
                known = {citation.key for found in cited for citation in found} | {original}
                for paragraph, found in zip(section, cited, strict=True):
                    for offset, row in paragraph.rows(statistics):
                        if row.derived:
                            continue
                        if row.source not in known:
                            yield _uncited(paragraph, offset, row)
                        elif row.source != original:
                            yield from _beside_others(paragraph, offset, row, found)


def originals(report: Report) -> frozenset[str]:
    """The works that the publications reword."""
    return frozenset(found.settings.original for found in report.publications) - {""}


def _sections(paragraphs: Sequence[Paragraph]) -> Iterator[Sequence[Paragraph]]:
    """What stands between two headings."""
    section: list[Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.kind == "heading":
            yield section
            section = []
        else:
            section.append(paragraph)
    yield section


def _uncited(paragraph: Paragraph, offset: int, row: Statistic) -> Problem:
    message = f"'{row.id}' comes from '{row.source}', which its section does not cite"
    fix = f"cite it where the number stands: `[@{row.source}]`"
    return Problem(paragraph.place(offset), "statistic-has-citation", message, fix)


def _beside_others(
    paragraph: Paragraph, offset: int, row: Statistic, cited: Collection[Citation]
) -> Iterator[Problem]:
    start, end = sentence_span(paragraph.text, offset)
    keys = sorted({citation.key for citation in cited if start <= citation.start < end})
    if keys and row.source not in keys:
        listed = "', '".join(keys)
        message = f"'{row.id}' comes from '{row.source}', but the sentence cites '{listed}'"
        fix = f"cite '{row.source}' here, or fix the row's source"
        yield Problem(paragraph.place(offset), "statistic-matches-citation", message, fix)
