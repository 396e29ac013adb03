"""A text and a place in it -> what an author may mean there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import get_args

from imprint.author.claims import CLAIMS
from imprint.author.comparisons import CHANGES, COLUMNS, COMPARISONS
from imprint.author.wording import Form
from imprint.editor.names import Kind

_OF_STATISTICS = ("stat", "statistic", "figure_rows", "claim", "compare", "change")
_CALLS: dict[str, Kind] = {
    **dict.fromkeys(_OF_STATISTICS, "statistic"),
    "figure": "figure", "table": "table", "data_rows": "table",
}  # fmt: skip
_FIRST = {"claim": tuple(CLAIMS), "compare": tuple(COMPARISONS), "change": CHANGES}
"""Words that the first argument may be."""
_SECOND = {"stat": get_args(Form)}
_NAMED = {"across": COLUMNS, "form": get_args(Form)}
"""Words that an argument of this name may be."""

_STRINGS = r"(?:[^()\"'`]|\"[^\"\n]*\"|'[^'\n]*')*"
_CALL = re.compile(rf"\b({'|'.join(_CALLS)})\(({_STRINGS})[\"']([^\"'\n`]*)$")
_AFTER_SIGN = re.compile(r"(?:(?<![\w.])@\{?|\(#)([\w:.-]*)$")
_WORD = re.compile(r"[\w:.-]*$")
_ID = re.compile(r"[\w:.-]*\w")
_REACH = 600
"""Characters before the cursor in which a call may begin."""


@dataclass(frozen=True)
class Wanted:
    """What may be written at the cursor."""

    typed: str
    """What stands there before it."""
    kinds: tuple[Kind, ...] = ()
    """ReportNames of these."""
    words: tuple[str, ...] = ()
    """Or these words."""


def wanted_at(text: str, offset: int, file: str) -> Wanted | None:
    """What an author may be writing at an offset of a file's text; None where that is not known."""
    before = text[max(0, offset - _REACH) : offset]
    if call := _CALL.search(before):
        return _argument(*call.groups())
    if sign := _AFTER_SIGN.search(before):
        return Wanted(sign[1], ("label",) if before[sign.start()] == "(" else ("work", "label"))
    word = _WORD.search(before)
    if file.endswith(".csv") and word and word[0]:
        return Wanted(word[0], ("statistic", "work"))
    return None


def _argument(function: str, before: str, typed: str) -> Wanted:
    named = re.search(r"(\w+)\s*=\s*$", before)
    if named:
        return Wanted(typed, (), _NAMED.get(named[1], ()))
    if function in _FIRST and not before.strip():
        return Wanted(typed, (), _FIRST[function])
    if function in _SECOND and before.strip():
        return Wanted(typed, (), _SECOND[function])
    return Wanted(typed, (_CALLS[function],))


def named_at(text: str, offset: int, file: str) -> tuple[str, int, tuple[Kind, ...]] | None:
    """The name that stands at an offset, where it begins, and of what it may be one."""
    line_start = text.rfind("\n", 0, offset) + 1
    line_end = text.find("\n", offset) % (len(text) + 1)
    for found in _ID.finditer(text, line_start, line_end):
        if found.start() <= offset <= found.end():
            sign = text[found.start() - 1 : found.start()]
            kinds: tuple[Kind, ...] = ()
            if sign in ("@", "{", "#", "("):
                kinds = ("work", "label")
            elif sign and sign in "\"'":
                kinds = ("statistic", "figure", "table")
            elif file.endswith((".csv", ".bib")):
                kinds = ("statistic", "work")
            return found[0], found.start(), kinds
    return None
