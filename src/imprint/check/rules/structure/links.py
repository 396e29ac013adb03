"""Footnotes and references: each leads to something that is there, and what is numbered is spoken
of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from imprint.check.composed import ComposedReport
from imprint.check.prose.paragraphs import Paragraph
from imprint.core.document import Document, Mention
from imprint.core.problems import Problem, nearest
from imprint.read.chapters.mentions import REFERENCE_KINDS
from imprint.read.chapters.sentences import OPAQUE, sentences


def check_links(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every footnote that is missing (`note-resolves`), unused (`note-is-used`)
    or written twice (`note-is-unique`), and every figure, table, box, chapter or section whose
    number is typed by hand (`reference-is-linked`)."""
    for chapter in report.chapters.values():
        written = report.written(chapter)
        yield from _notes(report.mentions(chapter), written)
        for paragraph in written:
            yield from _typed(paragraph)


# --- footnotes -------------------------------------------------------------------------------

_CALL = re.compile(r"\[\^(?P<name>[^\]\s]+)\]")
"""Of a note that there is not, which prints as it stands."""


def _notes(mentions: Sequence[Mention], paragraphs: Sequence[Paragraph]) -> Iterator[Problem]:
    unused = [it for it in mentions if it.kind == "unused note"]
    for it in unused:
        message = f"nothing leads to the footnote '{it.name}'"
        yield Problem(it.place, "note-is-used", message, f"put `[^{it.name}]` where it belongs")
    for it in mentions:
        if it.kind == "repeated note":
            message = f"the footnote '{it.name}' is written twice"
            yield Problem(it.place, "note-is-unique", message, "give one of them another name")
    for paragraph in paragraphs:
        for call in _CALL.finditer(paragraph.text):
            name, place = call["name"], paragraph.place(call.start())
            fix = nearest(name, (it.name for it in unused)) or f"write it: `[^{name}]: …`"
            yield Problem(place, "note-resolves", f"there is no footnote '{name}'", fix)


# --- numbers of figures and the like ---------------------------------------------------------

_TYPED = re.compile(
    r"\b(?P<kind>[Ff]igures?|[Ff]ig\.|[Tt]ables?|Box(?:es)?|Chapters?|Sections?|Appendix|Appendices)"
    r"[\s\u00a0](?P<number>\d+(?:\.\d+)*|[A-Z](?:\.\d+)*)\b(?!\.\d)"
)
_OF_OTHERS = re.compile(
    rf"(?:[\s\u00a0](?:and|or|to)[\s\u00a0][\w.]+|[–-]\d+)?,?\s(?:of|in|to|from|on)\b(?!\s(?:this|our)\b)"
    rf"|\s?\[?{OPAQUE}|\s\(|\s?[A-Z]|\s(?:enquir|inquir|investigation|order|duty|assessment|notice)"
)
_PREFIX = {"fig": "fig", "tab": "tbl", "box": "box", "cha": "sec", "sec": "sec", "app": "sec"}


def _typed(paragraph: Paragraph) -> Iterator[Problem]:
    """`see Figure 3`: a number that changes with the text, and that nothing links."""
    for start, end in sentences(paragraph.text):
        sentence = paragraph.text[start:end]
        for found in _TYPED.finditer(sentence):
            kind = found["kind"].lower()[:3]
            # A section of an Act has a whole number; a section of a report has parts.
            if kind == "sec" and "." not in found["number"]:
                continue
            whose = re.search(r"(?i)(?:'s|’s|\b(?:original|act|their|its|his|her))\s\Z",
                              sentence[: found.start()])  # fmt: skip
            if whose or _OF_OTHERS.match(sentence, found.end()):
                continue
            label = f"@{_PREFIX[kind]}-…"
            message = f"'{found[0]}' is typed by hand, so nothing numbers or links it"
            fix = f"write `{label}` with the label of what it means"
            place = paragraph.place(start + found.start())
            yield Problem(place, "reference-is-linked", message, fix)


# --- what is numbered ------------------------------------------------------------------------

_FLOATS = frozenset({"fig", "tbl", "lst"})


def check_references(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every figure, table and box that no text refers to
    (`float-is-referred-to`)."""
    # Kinds of the project's own are floats, as boxes are.
    floats = _FLOATS | (report.reference_kinds - REFERENCE_KINDS)
    documents = {it.publication: it for it in report.documents}
    for publication in report.publications:
        document = documents.get(publication.name)
        count = sum(1 for entry in publication.entries if entry.path)
        # What is missing may refer to anything.
        if document is None or len(document.chapters) < count:
            continue
        referred = set(_referred(document))
        for it in (it for chapter in document.chapters for it in chapter.mentions):
            # Labels that code puts together, for tables in a row, have headings that name them.
            is_float = it.place.column and it.name.partition("-")[0] in floats
            if it.kind == "label" and is_float and it.name not in referred:
                message = f"nothing in '{publication.name}' refers to '{it.name}'"
                fix = f"write `@{it.name}` where the text speaks of it"
                yield Problem(it.place, "float-is-referred-to", message, fix)


def _referred(document: Document) -> Iterator[str]:
    """The labels that the text refers to, but for floats that only they themselves refer to."""
    for chapter in document.chapters:
        for passage in chapter.passages:
            labels = {key[:1].lower() + key[1:] for key, _ in passage.keys("reference")}
            yield from labels - {holder.id for holder in passage.within}
