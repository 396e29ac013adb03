"""Which style each file of a report is held to: British, American or none."""

from __future__ import annotations

from collections.abc import Callable

from imprint.core.settings import Style
from imprint.read.report import Report


def styles_of(report: Report) -> Callable[[str], Style]:
    """From a file to its style: that of the publications which print it, none where they differ.

    What no chapter holds, such as tables and works, has the style that all publications share, else
    the project's.
    """
    by_file: dict[str, set[Style]] = {}
    for publication in report.publications:
        for chapter in report.chapters_of(publication):
            for file in chapter.files:
                by_file.setdefault(file, set()).add(publication.settings.style)
    shared = {publication.settings.style for publication in report.publications}
    other = shared.pop() if len(shared) == 1 else report.settings.style

    def style_of(file: str) -> Style:
        found = by_file.get(file, {other})
        return next(iter(found)) if len(found) == 1 else "none"

    return style_of
