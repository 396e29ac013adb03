"""A chapter -> where each of its lines stands for a reader: section, box, publications."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from imprint.core.model import Cell, Chapter
from imprint.core.problems import Place
from imprint.read.chapters.markdown_source import DIV_CLOSE, DIV_LABEL, DIV_OPEN, prose_of

_HEADING = re.compile(r"#{1,6}\s+(?P<title>.*?)\s*(?:\{(?P<attributes>[^{}]*)\})?\s*\Z")
_WHEN = re.compile(r"(?<!\S)(when|unless)-profile=\"?([\w-]+)\"?")


@dataclass(frozen=True)
class Setting:
    """What surrounds a line."""

    section: str = ""
    """Title of the section."""
    section_label: str = ""
    box: str = ""
    """Label of the box or other labelled div that holds it."""
    conditions: tuple[tuple[str, bool], ...] = ()
    """Profiles that show it (True) or hide it (False)."""
    finding: bool = False
    """It stands in the folder of findings."""

    def shown_in(self, publication: str) -> bool:
        """Whether a reader of the publication sees the line."""
        return all((name == publication) == shows for name, shows in self.conditions)


def outline(chapter: Chapter, findings: str) -> Mapping[Place, Setting]:
    """The setting of every line and cell by its place; a place here has no column.

    `findings` is the folder that holds findings.
    """
    found: dict[Place, Setting] = {}
    section = Setting()
    opened: list[Setting] = []
    for part in chapter.parts:
        if isinstance(part, Cell):
            found.setdefault(part.place, _within(section, opened))
            continue
        for line, text in zip(part.lines, prose_of(part), strict=True):
            if heading := _HEADING.match(text):
                label = DIV_LABEL.search(heading["attributes"] or "")
                written = _HEADING.match(line.text) or heading
                section = Setting(written["title"], label[1] if label else "")
            elif opening := DIV_OPEN.match(text):
                opened.append(_opened(opening["attributes"] or ""))
            finding = line.place.file.startswith(f"{findings}/")
            found.setdefault(line.place, replace(_within(section, opened), finding=finding))
            if DIV_CLOSE.match(text) and opened:
                opened.pop()
    return found


def _within(section: Setting, opened: list[Setting]) -> Setting:
    boxes = [div.box for div in opened if div.box]
    conditions = tuple(condition for div in opened for condition in div.conditions)
    return replace(section, box=boxes[-1] if boxes else "", conditions=conditions)


def _opened(attributes: str) -> Setting:
    label = DIV_LABEL.search(attributes)
    hidden = ".content-hidden" in attributes
    conditions = tuple(
        (name, (word == "when") != hidden) for word, name in _WHEN.findall(attributes)
    )
    return Setting(box=label[1] if label else "", conditions=conditions)
