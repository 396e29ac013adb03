"""Links, footnotes and references typed by hand: each leads to something that is there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import unquote

from imprint.check.composed import ComposedReport
from imprint.check.prose.paragraphs import Paragraph
from imprint.core.model import Cell, Chapter, Text
from imprint.core.problems import Place, Problem, nearest
from imprint.read.chapters.markdown_source import prose_of
from imprint.read.chapters.mentions import labels
from imprint.read.chapters.sentences import OPAQUE, sentences
from imprint.read.file_names import named_file
from imprint.read.report import Report


def check_links(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every link to a heading, chapter or file that is not there
    (`link-resolves`), every footnote that is missing (`note-resolves`), unused (`note-is-used`)
    or written twice (`note-is-unique`), and every figure, table, box, chapter or section whose
    number is typed by hand (`reference-is-linked`)."""
    known = {path: _anchors(chapter) for path, chapter in report.chapters.items()}
    for chapter in report.chapters.values():
        yield from _links(report, chapter, known)
        yield from _notes(chapter)
        for paragraph in report.written(chapter):
            yield from _typed(paragraph)


# --- links -----------------------------------------------------------------------------------

_LINK = re.compile(r"\]\((?P<target><[^<>]*>|[^\s()]+)(?:\s+(?:\"[^\"]*\"|'[^']*'))?\)")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_HEADING = re.compile(r"#{1,6}\s+(?P<title>.*?)\s*#*\Z")


def _links(report: Report, chapter: Chapter, known: dict[str, set[str]]) -> Iterator[Problem]:
    every = set[str]().union(*known.values())
    folder = PurePosixPath(chapter.path).parent
    before = ""
    for line, prose in _lines(chapter):
        before = f"{before}\n" if prose.strip() else ""
        for found in _LINK.finditer(prose):
            if _is_image(before + prose[: found.start()]):
                continue
            target = found["target"].strip("<>")
            file, _, anchor = target.partition("#")
            anchor = unquote(anchor)
            if _ELSEWHERE.match(target) or "{{" in target:
                continue
            place = line.at(found.start("target") + 1)
            path = chapter.path
            if file:
                path = normpath(file.lstrip("/") if file[0] == "/" else f"{folder}/{file}")
                whole = normpath(target.lstrip("/") if target[0] == "/" else f"{folder}/{target}")
                root = report.project.root
                if path not in known and named_file(root, whole):
                    continue
                path = path if path in known else named_file(root, path) or path
                if path not in known and not (root / path).exists():
                    fix = nearest(path, known) or "fix the path, or add the file"
                    yield Problem(place, "link-resolves", f"there is no file '{path}'", fix)
                    continue
            # Pages of one publication know each other's anchors; the composer looks again.
            there = known.get(path) if file else every
            if anchor and there is not None and anchor not in there:
                where = f"'{path}'" if file else "the report"
                fix = nearest(anchor, there) or f"label what it means, as in {{#{anchor}}}"
                message = f"nothing in {where} is labelled '{anchor}'"
                yield Problem(place, "link-resolves", message, fix)
        before += prose


def _is_image(before: str) -> bool:
    """Say whether the brackets that close after this text are those of an image."""
    depth = 1
    for at in range(len(before) - 1, -1, -1):
        depth += (before[at] == "]") - (before[at] == "[")
        if not depth:
            return before[at - 1 : at] == "!"
    return False


def _anchors(chapter: Chapter) -> set[str]:
    """Labels, those that pandoc gives to headings, and words in code that may become some."""
    found = {label for label, _ in labels(chapter)} | {"refs"}
    headings = (_HEADING.match(prose) for _, prose in _lines(chapter))
    found |= set(_heading_ids(heading["title"] for heading in headings if heading))
    for part in chapter.parts:
        if isinstance(part, Cell):
            found |= set(re.findall(r"\b[a-z]{3}-[\w-]+", part.code))
            found |= {
                f"fig-{n.replace('_', '-')}" for n in re.findall(r"[\"'](\w+)[\"']", part.code)
            }
        else:
            text = "\n".join(line.text for line in part.lines)
            found |= set(re.findall(r"\bid=[\"']([^\"']+)", text))
    return found


def _heading_ids(titles: Iterable[str]) -> Iterator[str]:
    """The identifiers that pandoc gives to headings without one: letters of any alphabet, and a
    number where a heading says the same as one before."""
    given: Counter[str] = Counter()
    for title in titles:
        if re.search(r"\{[^{}]*#[^{}]*\}\s*$", title):
            continue
        words = re.sub(r"\{[^{}]*\}|(?<=\])\([^()]*\)|[^\w\s.-]", "", title).strip().lower()
        name = re.sub(r"^[\W\d_]+", "", re.sub(r"\s+", "-", words)) or "section"
        yield f"{name}-{given[name]}" if given[name] else name
        given[name] += 1


def _lines(chapter: Chapter) -> Iterator[tuple[Place, str]]:
    """The lines of a chapter's prose with their places."""
    for part in chapter.parts:
        if isinstance(part, Text):
            prose = prose_of(part)
            yield from zip((line.place for line in part.lines), prose, strict=True)


# --- footnotes -------------------------------------------------------------------------------

_DEFINED = re.compile(r"\[\^(?P<name>[^\]\s]+)\]:")
_USED = re.compile(r"\[\^(?P<name>[^\]\s]+)\](?!:)")


def _notes(chapter: Chapter) -> Iterator[Problem]:
    defined: dict[str, Place] = {}
    used: dict[str, Place] = {}
    for line, prose in _lines(chapter):
        note = _DEFINED.match(prose)
        if note:
            name, place = note["name"], line.at(1)
            if name in defined:
                message = f"the footnote '{name}' is written twice, first at {defined[name]}"
                yield Problem(place, "note-is-unique", message, "give one of them another name")
            defined.setdefault(name, place)
        for found in _USED.finditer(prose):
            used.setdefault(found["name"], line.at(found.start() + 1))
    for name in sorted(used.keys() - defined.keys()):
        fix = nearest(name, defined) or f"write it: `[^{name}]: …`"
        yield Problem(used[name], "note-resolves", f"there is no footnote '{name}'", fix)
    for name in sorted(defined.keys() - used.keys()):
        message = f"nothing leads to the footnote '{name}'"
        yield Problem(defined[name], "note-is-used", message, f"put `[^{name}]` where it belongs")


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
