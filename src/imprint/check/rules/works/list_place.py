"""The place of the bibliography: Quarto takes the one where the list of works is meant to stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from imprint.core.model import Chapter, Publication, Text
from imprint.core.problems import Place, Problem
from imprint.read.chapters.markdown_source import lay_out
from imprint.read.report import Report

_QUARTO_TAKES = re.compile(r":::\s*\{#refs.*\}\s*\Z")
"""What Quarto looks for in a book's files, line by line: it reads no div and no condition."""
_DIV = re.compile(r"[ \t>]*:{3,}[ \t]*(?P<attributes>[^\s:].*?)?[ \t:]*\Z")
_IS_REFS = re.compile(r"(?<!\S)\{?#refs(?=[\s}])")
_PROFILE = re.compile(r"\b(?P<form>when|unless)-profile=[\"']?(?P<name>[\w-]+)")


def check_list_place(report: Report) -> Iterator[Problem]:
    """Yield a problem for each book whose list of works Quarto puts elsewhere than where it
    stands (`bibliography-has-one-place`).

    Quarto takes the first file with a line that begins `::: {#refs`, shown or not. Every citation
    leads there.
    """
    for publication in report.publications:
        chapters = list(report.chapters_of(publication))
        is_whole = len(chapters) == sum(1 for entry in publication.entries if entry.path)
        if publication.is_book and report.project.bibliography and is_whole:
            yield from _book(publication, chapters)


def _book(publication: Publication, chapters: Sequence[Chapter]) -> Iterator[Problem]:
    meant = next(((c, p) for c in chapters for p in _shown(c, publication.name)), None)
    for chapter in chapters:
        taken = _taken(chapter)
        if meant and chapter is meant[0]:
            if not taken:
                yield Problem(
                    meant[1],
                    "bibliography-has-one-place",
                    f"Quarto does not see that the bibliography of '{publication.name}' "
                    "stands here",
                    "begin the line with `::: {#refs`, with three colons, in the chapter itself",
                )
            return
        if taken:
            where = f", which stands at {meant[1]}" if meant else ""
            yield Problem(
                taken,
                "bibliography-has-one-place",
                f"'{publication.name}' does not show this, and Quarto takes it for the place of "
                f"its bibliography{where}",
                "write `::: {.references #refs}`, which Quarto passes over",
            )


def _taken(chapter: Chapter) -> Place | None:
    """The first line that Quarto takes, which does not look into included files."""
    for part in chapter.parts:
        for line in part.lines if isinstance(part, Text) else ():
            if line.place.file == chapter.path and _QUARTO_TAKES.match(line.text):
                return line.place.at(1)
    return None


def _shown(chapter: Chapter, profile: str) -> Iterator[Place]:
    """Where the chapter holds `#refs` in a div that the profile shows."""
    hidden: list[bool] = []
    for part in chapter.parts:
        if not isinstance(part, Text):
            continue
        prose = lay_out([line.text for line in part.lines]).prose
        for line, text in zip(part.lines, prose, strict=True):
            div = _DIV.match(text)
            if not div:
                continue
            if not div["attributes"]:
                del hidden[-1:]
                continue
            hidden.append(_hides(div["attributes"], profile))
            if _IS_REFS.search(div["attributes"]) and not any(hidden):
                yield line.place.at(1)


def _hides(attributes: str, profile: str) -> bool:
    """Say whether a div with these attributes keeps its content from the profile."""
    conditions = list(_PROFILE.finditer(attributes))
    if not conditions:
        return False
    met = all((found["name"] == profile) == (found["form"] == "when") for found in conditions)
    return met if ".content-hidden" in attributes else not met
