"""ISBNs, DOIs, URLs and dates as text -> what is wrong with their form, and one form to compare."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

from stdnum import isbn, issn
from stdnum.exceptions import InvalidChecksum, ValidationError

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE | re.ASCII)


def isbn_fault(text: str) -> str:
    """Say what is wrong with an ISBN of 10 or 13 digits; empty where it is right."""
    return _fault(isbn.validate, text, "it has not 10 digits, or 13 that begin with 978 or 979")


def issn_fault(text: str) -> str:
    """Say what is wrong with an ISSN; empty where it is right."""
    return _fault(issn.validate, text, "it has not eight digits, as in 0261-3077")


def _fault(validate: Callable[[str], str], text: str, form: str) -> str:
    try:
        validate(text)
    except InvalidChecksum:
        return "its check digit does not fit"
    except ValidationError:
        return form
    return ""


def doi_fault(text: str) -> str:
    """Say what is wrong with a DOI; empty where it is right."""
    return "" if _DOI.fullmatch(text) else "it has not the form 10.1234/name"


def url_fault(text: str) -> str:
    """Say what is wrong with a web address; empty where it is right."""
    if re.search(r"\s", text):
        return "it holds a blank"
    if "..." in text or "…" in text:
        return "its middle is left out"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return "it cannot be read"
    if parts.scheme not in ("http", "https"):
        return "it does not begin with http:// or https://"
    return "" if _HOST.fullmatch(host) else "it names no host"


_SEASON = re.compile(r"-2([1-4])\Z")
"""Spring to winter, in the place of a month, as ISO 8601-2 has them."""


def date_fault(text: str) -> str:
    """Say what is wrong with a date of ISO 8601, to the day, month, season or year, or a range."""
    ends = [_SEASON.sub(lambda it: f"-{3 * int(it[1]):02}", end) for end in text.split("/")]
    if len(ends) > 2 or not all(re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", end) for end in ends):
        return "it is not written as 2010, 2010-09, 2010-09-08 or two of these with a slash"
    try:
        days = [date.fromisoformat(end + "-01-01"[len(end) - 4 :]) for end in ends]
    except ValueError:
        return "there is no such day"
    return "" if days == sorted(days) else "its end comes before its beginning"


def comparable(name: str, text: str) -> str:
    """An identifier in the one form in which equal ones are equal."""
    if name == "isbn":
        try:
            return isbn.validate(text, convert=True)
        except ValidationError:
            return isbn.compact(text)
    if name == "doi":
        found = _DOI.fullmatch(text)
        return (found[1] if found else text).casefold()
    return re.sub(r"^[a-z]+://(www\.)?|/$", "", text).casefold()
