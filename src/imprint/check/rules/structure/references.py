"""Cross-references: every `@fig-x`, `@box-y`, `@sec-z` leads to one label of its publication."""

from __future__ import annotations

from collections.abc import Iterator

from imprint.check.code.calls import calls
from imprint.check.rules.structure.boxes import lines_within
from imprint.core.model import Cell, Chapter
from imprint.core.problems import Place, Problem, nearest
from imprint.read.chapters.mentions import REFERENCE_KINDS, labels, references
from imprint.read.report import Report

FLOATS = frozenset({"fig", "tbl", "lst"})


def check_references(report: Report) -> Iterator[Problem]:
    """Yield a problem for every reference that leads nowhere (`reference-resolves`), every label
    that stands twice in one publication (`label-is-unique`), and every figure, table and box that
    no text refers to (`float-is-referred-to`)."""
    # Kinds of the project's own are floats, as boxes are.
    floats = FLOATS | (report.reference_kinds - REFERENCE_KINDS)
    for publication in report.publications:
        chapters = list(report.chapters_of(publication))
        is_whole = len(chapters) == sum(1 for entry in publication.entries if entry.path)
        known: dict[str, Place] = {}
        for chapter in chapters:
            for label, place in _defined(chapter):
                if label.partition("-")[0] not in report.reference_kinds:
                    continue
                if label in known:
                    yield Problem(
                        place,
                        "label-is-unique",
                        f"the label '{label}' is used twice, first at {known[label]}",
                        "give one of them another name",
                    )
                known.setdefault(label, place)
        # A label that some cell's code spells out may be printed by it; the composer looks again.
        code = "\n".join(
            part.code for chapter in chapters for part in chapter.parts if isinstance(part, Cell)
        )
        referred: set[str] = set()
        within = dict(found for chapter in chapters for found in lines_within(chapter))
        for chapter in chapters:
            for label, place in references(chapter, report.reference_kinds):
                if place.at(0) not in within.get(label, ()):
                    referred.add(label)
                # What an unreadable chapter defines is not known.
                if is_whole and label not in known and label not in code:
                    yield Problem(
                        place,
                        "reference-resolves",
                        f"nothing in '{publication.name}' is labelled '{label}'",
                        nearest(label, known) or f"label what it means, as in {{#{label}}}",
                    )
        for label, place in known.items() if is_whole else ():
            if label.partition("-")[0] in floats and label not in referred:
                message = f"nothing in '{publication.name}' refers to '{label}'"
                fix = f"write `@{label}` where the text speaks of it"
                yield Problem(place, "float-is-referred-to", message, fix)


def _defined(chapter: Chapter) -> Iterator[tuple[str, Place]]:
    """Labels of the text and of cells, and those that calls of `figure` and `table` print."""
    yield from labels(chapter)
    for call in calls(chapter):
        if call.name == "figure" and call.arguments and call.arguments[0]:
            yield "fig-" + call.arguments[0].replace("_", "-"), call.place
        elif call.name == "table" and "label" in call.keywords:
            yield call.keywords["label"], call.place
