"""Findings: what stands in the findings' folder is what its theme's chapter says and cites.

A findings file is included by the chapter of its theme and by the summary, which may print a form
of its own, in brief. What either prints of it is compared with the body of that chapter: the
chapter's own text, without the findings.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from imprint.check.composed import ComposedReport
from imprint.check.prose.citing import Sentence, sentences_of
from imprint.check.prose.paragraphs import Paragraph
from imprint.check.prose.sayers import known_names
from imprint.check.rules.evidence.retelling import Body, compare_forms, compare_retelling
from imprint.core.model import Chapter, Text
from imprint.core.problems import Place, Problem, nearest
from imprint.read.report import Report

_BRIEF = re.compile(r":{3,}\s*\{[^}]*\.(?:finding-)?in-brief\b")
_ARTICLE = re.compile(r"^(?:a|an|the) ", re.IGNORECASE)


@dataclass(frozen=True)
class _PrintedStatistic:
    """A statistic as a sentence prints it."""

    id: str
    how: str
    """`stat`, its bare value, or the words of a claim."""
    place: Place
    sentence: Sentence


def check_findings(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every findings file that is not included where it belongs
    (`theme-has-findings`, `finding-is-included`, `finding-stands-under-its-theme`), and for
    every statistic, source, attribution, page, hedge, amount in words or statement of one, or of
    the summary's own text, that its chapter does not share (`finding-statistic-in-chapter`,
    `finding-has-source-in-chapter`, `finding-credits-same-work`, `finding-keeps-locator`,
    `finding-keeps-hedge`, `finding-keeps-quantity`, `finding-is-in-chapter`)."""
    settings = report.settings
    folder = settings.findings_folder
    files = sorted((report.project.root / folder).glob("*.qmd"))
    if not files:
        return
    summary = report.chapters.get(settings.summary)
    chapters = [chapter for path, chapter in report.chapters.items() if path != settings.summary]
    whole = report.is_complete
    for path in files:
        file = f"{folder}/{path.name}"
        themes = [chapter for chapter in chapters if file in chapter.files]
        if whole and not themes:
            yield _not_included(file, "any chapter")
        if summary and file not in summary.files:
            yield _not_included(file, summary.path, summary.path)
        elif summary:
            yield from _unprinted(file, summary)
        for chapter in themes:
            if chapter.path in report.passages:  # or one file alone is looked at
                yield from _compared(report, file, chapter, summary)
            yield from _heading(report, file, chapter, summary)
    for chapter in chapters:
        yield from _theme(report, chapter, [path.name for path in files])
    if summary and whole:
        yield from _summary(report, summary, chapters)


def _summary(
    report: ComposedReport, summary: Chapter, chapters: Sequence[Chapter]
) -> Iterator[Problem]:
    """The summary's own text gives and cites only what some chapter of its book does."""
    books = [p for p in report.publications if len(p.entries) > 1]
    members = {entry.path for book in books for entry in book.entries}
    body = [
        paragraph
        for chapter in chapters
        if chapter.path in members
        for paragraph in report.written(chapter)
        if not paragraph.file.startswith(f"{report.settings.findings_folder}/")
    ]
    whole = Body("any chapter", _sentences(report, body), known_names(report))
    own = (it for it in report.written(summary) if it.file == summary.path)
    yield from _held(_sentences(report, own), whole, "in no chapter")


def _include(file: str, chapter: str) -> str:
    """The shortcode that includes a file, from the folder of the chapter where it is to stand."""
    return f"{{{{< include {posixpath.relpath(file, posixpath.dirname(chapter) or '.')} >}}}}"


def _not_included(file: str, where: str, chapter: str = "chapters/any.qmd") -> Problem:
    fix = f"write {_include(file, chapter)} there"
    return Problem(Place(file), "finding-is-included", f"these findings stand not in {where}", fix)


def _unprinted(file: str, summary: Chapter) -> Iterator[Problem]:
    """A form in brief that the summary, which includes its file, leaves out."""
    lines = [line for part in summary.parts if isinstance(part, Text) for line in part.lines]
    brief = [line.place for line in lines if _BRIEF.match(line.text)]
    written = next((place for place in brief if place.file == file), None)
    if written and not any(place.file == summary.path for place in brief):
        message = f"{summary.path} prints these findings in full, and nothing prints them in brief"
        fix = "write `::: {.in-brief}` before what it includes and `:::` after it"
        yield Problem(written, "finding-is-included", message, fix)


def _theme(report: ComposedReport, chapter: Chapter, files: Sequence[str]) -> Iterator[Problem]:
    """A chapter with a section of findings includes the file of its own name."""
    settings = report.settings
    own = f"{settings.findings_folder}/{PurePosixPath(chapter.path).stem}.qmd"
    if own in chapter.files:
        return
    for paragraph in report.written(chapter):
        title = paragraph.text.strip().lower() if paragraph.kind == "heading" else ""
        if title == settings.findings_heading.lower() and paragraph.file == chapter.path:
            name = PurePosixPath(own).name
            fix = f"write {_include(own, chapter.path)} below it"
            hint = nearest(name, files) if name not in files else ""
            message = "this section does not include the findings of its theme"
            yield Problem(paragraph.place(0), "theme-has-findings", message, hint or fix)


def _heading(
    report: ComposedReport, file: str, chapter: Chapter, summary: Chapter | None
) -> Iterator[Problem]:
    """The summary names a theme as the title of its chapter does."""
    title = next((p.text.strip() for p in report.written(chapter) if p.kind == "heading"), "")
    above: Paragraph | None = None
    for paragraph in report.written(summary) if summary else ():
        if paragraph.kind == "heading":
            above = paragraph
        elif paragraph.file == file:
            if above is not None and title and above.text.strip() != title:
                message = f"this heading differs from its chapter's title, '{title}'"
                fix = f"write '{title}' in both"
                yield Problem(above.place(0), "finding-stands-under-its-theme", message, fix)
            return


# --- what a finding says, and what its chapter does ------------------------------------------


def _compared(
    report: ComposedReport, file: str, chapter: Chapter, summary: Chapter | None
) -> Iterator[Problem]:
    others = f"{report.settings.findings_folder}/"
    own = report.written(chapter)
    body = _sentences(report, (it for it in own if not it.file.startswith(others)))
    both = (*own, *(report.written(summary) if summary else ()))
    finding = {it.place(0): it for it in both if it.file == file}
    whole = Body(chapter.path, body, known_names(report))
    told = _sentences(report, finding.values())
    yield from _held(told, whole, f"not in {chapter.path}")
    forms = Body(file, told, whole.names)
    for sentence in told:
        yield from compare_forms(sentence, forms)


def _held(sentences: Iterable[Sentence], body: Body, lacking: str) -> Iterator[Problem]:
    """What is cited, printed and said, and not in the body; `lacking` says where not."""
    given = [printed for sentence in body.sentences for printed in _printed(sentence)]
    add = "say it there, or leave it out here"
    for sentence in sentences:
        for key, _, place in sentence.citations:
            if key not in body.cited:
                message = f"'{key}' is cited here and {lacking}"
                fix = nearest(key, body.cited) or add
                yield Problem(place, "finding-has-source-in-chapter", message, fix)
        for printed in _printed(sentence):
            same = [it for it in given if it.id == printed.id]
            if same:
                yield from _statistic(printed, same, body.name)
                continue
            message = f"'{printed.id}' is given here and {lacking}"
            fix = nearest(printed.id, {it.id for it in given}) or add
            yield Problem(printed.place, "finding-statistic-in-chapter", message, fix)
        yield from compare_retelling(sentence, body)


def _sentences(report: Report, paragraphs: Iterable[Paragraph]) -> list[Sentence]:
    """The sentences of paragraphs that are no headings."""
    kinds = report.reference_kinds
    return [it for one in paragraphs if one.kind != "heading" for it in sentences_of(one, kinds)]


def _printed(sentence: Sentence) -> Iterator[_PrintedStatistic]:
    for printed, place in sentence.printed:
        how = "a bare value" if printed.form == "value" else "given in words"
        if printed.is_claim:
            how = f"'{_ARTICLE.sub('', printed.text.strip()).lower()}'"
        yield from (_PrintedStatistic(row, how, place, sentence) for row in printed.ids)


def _statistic(
    printed: _PrintedStatistic, same: Sequence[_PrintedStatistic], body: str
) -> Iterator[Problem]:
    """A row printed otherwise than in the body, or credited to other works."""
    if all(other.how != printed.how for other in same):
        message = f"'{printed.id}' is {printed.how} here and {same[0].how} at {same[0].place}"
        fix = "say it in the same way in both"
        yield Problem(printed.place, "finding-statistic-in-chapter", message, fix)
    credited = {key for other in same for key in other.sentence.attributed}
    own = printed.sentence.attributed
    if own and credited and not own & credited:
        shown = " and ".join(f"'{key}'" for key in sorted(credited))
        message = f"'{printed.id}' is credited to other works than in {body}, to {shown} there"
        fix = "cite the same work in both"
        yield Problem(printed.place, "finding-credits-same-work", message, fix)
