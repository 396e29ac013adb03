"""Values of inline code: none prints a program's sign for what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imprint.check.composed import ComposedReport
from imprint.core.problems import Problem

_MISSING = re.compile(
    r"\s*None\s*\Z|.*?(?<![\w.])(?P<sign>nan|NaN|NaT|<NA>)(?![\w.]*\w)", re.DOTALL
)


def check_values(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for all inline code that prints `nan`, `NaT`, `<NA>` or `None`
    (`value-is-known`)."""
    for path in report.chapters:
        for passage in report.passages.get(path, ()):
            if passage.is_output or passage.kind in ("code", "raw"):
                continue
            ends = [*(it.start for it in passage.pieces[1:]), len(passage.text)]
            for piece, end in zip(passage.pieces, ends, strict=True):
                if piece.is_written or not piece.place.column:
                    continue
                if missing := _MISSING.match(passage.text[piece.start : end]):
                    sign = missing["sign"] or "None"
                    message = f"this code prints '{sign}', for a value that is missing"
                    fix = "fill in the value that it reads, or print words where there is none"
                    yield Problem(piece.place, "value-is-known", message, fix)
