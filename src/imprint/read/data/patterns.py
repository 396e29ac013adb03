"""Patterns from the data package, matched in time that grows with the text and no faster.

Python's own engine takes years for some patterns of ten letters; RE2 has none of what makes that
possible. It is loaded where a pattern is looked at, for most kernels need none.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any


class PatternError(ValueError):
    """A pattern cannot be used; `fix` says what to do."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


def require_quick(pattern: str) -> None:
    """Raises PatternError for what is no pattern, or cannot be matched in linear time."""
    if pattern:
        _compiled(pattern)


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text has the form of a pattern that can be used."""
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0].decode(errors="replace") if error.args else "it is no pattern"
        fix = "write it without look-around (?=…) and back-references, closing what it opens"
        raise PatternError(said, fix) from error
