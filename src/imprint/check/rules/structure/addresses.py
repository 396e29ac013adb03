"""Addresses of links in works and metadata: none that runs a script or opens what is no page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from imprint.check.prose.printed import file_lines
from imprint.core.escaping import is_safe_address
from imprint.core.problems import Place, Problem
from imprint.read.chapters.markdown_source import front_matter_end
from imprint.read.report import Report

_VALUE = r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<plain>[^\s\"'>]+))"
_WRITTEN = (
    re.compile(r"(?P<image>!?)(?<!\\)\[(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*\]"
               r"\([ \t]*(?:<(?P<angle>[^<>]*)>|(?P<bare>(?:[^\s()]|\([^\s()]*\))+))"),
    re.compile(r"(?<!\\)<(?P<auto>[A-Za-z][\w+.-]{1,31}:(?!:)[^<>\s]*)>"),
    re.compile(r"^[ ]{0,3}\[(?!\^)[^\]]+\]:[ \t]*<?(?P<defined>[^\s<>]+)"),
    re.compile(rf"(?<!\\)<[A-Za-z][^<>]*?\b(?:(?P<image>src)|(?:xlink:)?href|(?:form)?action)"
               rf"[ \t]*=[ \t]*{_VALUE}", re.IGNORECASE),
    re.compile(r"\\(?:url|href|path|nolinkurl)\s*\{(?P<latex>[^{}]*)"),
)  # fmt: skip
_SETTING = re.compile(r"^[ \t-]*(?:[\w-]+-)?url:[ \t]*[\"']?(?P<set>[^\s\"'#]+)")
_OFFERED = "use an address with https://, http://, mailto:, tel: or doi:, or one within the report"


def check_addresses(report: Report) -> Iterator[Problem]:
    """Yield a problem for every address in metadata and works that no link may have
    (`address-is-safe`)."""
    settings = (path.name for path in report.project.root.glob("_quarto*.yml"))
    for file in sorted({*report.chapters, *report.project.bibliography, *settings}):
        lines = file_lines(report.project.root, file)
        if file in report.chapters:
            lines = lines[: max(front_matter_end(lines), 0)]
        for number, text in enumerate(lines, start=1):
            yield from _unsafe(text, Place(file, number))


def _unsafe(line: str, place: Place) -> Iterator[Problem]:
    patterns = (*_WRITTEN, _SETTING) if place.file.endswith((".yml", ".qmd")) else _WRITTEN
    told: set[int] = set()
    for pattern in patterns:
        for found in pattern.finditer(line):
            named = {name: text for name, text in found.groupdict().items() if text}
            is_image = named.pop("image", None) is not None
            for name, address in named.items():
                column = found.start(name) + 1
                if is_safe_address(address, is_image) or column in told:
                    continue
                told.add(column)
                message = f"a link may not lead to '{address}'"
                at = replace(place, column=column)
                yield Problem(at, "address-is-safe", message, _OFFERED)
