"""Patterns from the data package, matched in time that grows with the text and no faster.

Python's own engine takes years for some patterns of ten letters; RE2 has none of what makes that
possible. It is loaded where tables are checked, for kernels only read them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from imprint.core.escaping import AuthorError


class PatternError(AuthorError, ValueError):
    """A pattern cannot be used; `fix` says what to do."""


def require_quick(pattern: str) -> None:
    """Raises PatternError for what is no pattern, or cannot be matched in linear time."""
    _compiled(pattern)


def breaks(pattern: str, text: str) -> bool:
    """Whether the text as a whole has not the form; not where the pattern cannot be used."""
    try:
        return _compiled(pattern).fullmatch(text.encode()) is None
    except PatternError:
        return False


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        # Bytes, for which RE2 need not count letters.
        return re2.compile(pattern.encode(), options)
    except re2.error as error:
        said = error.args[0].decode(errors="replace") if error.args else "it is no pattern"
        fix = "write it without look-around (?=…) and back-references, closing what it opens"
        raise PatternError(said, fix) from error
