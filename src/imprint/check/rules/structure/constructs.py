"""Constructs: what chapters write is what the embedded engine keeps, and images are there.

The composer looks again at what cells print; here the text is read before any kernel starts.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from imprint.core.model import Chapter, Text
from imprint.core.problems import Problem
from imprint.read.chapters.markdown_source import DIV_OPEN, prose_of
from imprint.read.chapters.mentions import NUMBERED_KINDS, REFERENCE_KINDS, Prose
from imprint.read.file_names import meant_file, named_file
from imprint.read.project.quarto_subset import UNSUPPORTED_ATTRIBUTES, UNSUPPORTED_CLASSES
from imprint.read.report import Report

_IMAGE = re.compile(
    r"!\[(?P<caption>(?:(?!\n[ \t]*\n)[^\[\]]|\[[^\[\]]*\])*)\]"
    r"\((?P<target><[^<>\n]*>|[^\s()]+)(?:\s+\"[^\"]*\")?\)(?P<attributes>\{[^{}]*\})?"
)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_ALT = re.compile(r"(?<![\w-])(?:fig-)?alt=(?:\"\s*[^\s\"]|'\s*[^\s']|[^\s\"'])")
_MADE = ("figures/drawn/", "figures/cells/")
"""What cells draw into; it need not be there yet."""


def check_constructs(report: Report) -> Iterator[Problem]:
    """Yield a problem for each block that is not supported (`construct-is-supported`), image that
    does not exist (`image-exists`) or has no alternative text (`figure-has-alt`)."""
    for chapter in report.chapters.values():
        for part in chapter.parts:
            if isinstance(part, Text):
                yield from _blocks(part)
                yield from _images(report, chapter, Prose(part))


def _blocks(part: Text) -> Iterator[Problem]:
    for line, text in zip(part.lines, prose_of(part), strict=True):
        div = DIV_OPEN.match(text)
        if not div:
            continue
        written = _QUOTED.sub("", div["attributes"] or f".{div['name']}")
        words = written.split()
        wrong = [f"the block class '{word}'" for word in words if word[1:] in UNSUPPORTED_CLASSES]
        wrong += [
            f"the attribute '{word.partition('=')[0]}'"
            for word in words
            if word.partition("=")[0] in UNSUPPORTED_ATTRIBUTES
        ]
        wrong += [
            f"a numbered block '{word[1:].partition('-')[0]}-'"
            for word in words
            if word.startswith("#")
            and word[1:].partition("-")[0] in REFERENCE_KINDS - NUMBERED_KINDS
        ]
        for what in wrong:
            yield Problem(
                line.place.at(1 + len(text) - len(text.lstrip())),
                "construct-is-supported",
                f"{what} is not supported by the embedded engine",
                "write it with a construct listed in docs/quarto-subset.md, or render with Quarto",
            )


def _images(report: Report, chapter: Chapter, prose: Prose) -> Iterator[Problem]:
    folder = posixpath.dirname(chapter.path)
    for image in _IMAGE.finditer(prose.text):
        place = prose.place(image.start())
        attributes, target = image["attributes"] or "", image["target"].strip("<>")
        is_figure = re.search(r"(?<!\S)\{?#fig-", attributes)
        if not _ALT.search(attributes) and (is_figure or not image["caption"].strip()):
            message = f"image '{target}' has no alternative text"
            yield Problem(place, "figure-has-alt", message, 'say what it shows: {fig-alt="…"}')
        if re.match(r"[a-z][\w+.-]*:|//", target) or "{" in target:
            continue
        path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        path = posixpath.normpath(path)
        if not path.startswith(_MADE) and not named_file(report.project.root, path):
            meant = meant_file(report.project.root, path)
            fix = "put the file there, or fix its path (a leading / means the project's root)"
            fix = f"did you mean '/{meant}'?" if meant else fix
            yield Problem(place, "image-exists", f"there is no image '{path}'", fix)
