"""ISBNs, DOIs, URLs and dates as text -> what is wrong with their form, and one form to compare."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE | re.ASCII)


def isbn_fault(text: str) -> str:
    """Say what is wrong with an ISBN of 10 or 13 digits; empty where it is right."""
    bare = re.sub(r"[\s-]", "", text)
    if re.fullmatch(r"\d{9}[\dXx]", bare):
        digits = [10 if digit in "Xx" else int(digit) for digit in bare]
        right = sum(weight * digit for weight, digit in zip(range(10, 0, -1), digits, strict=True))
        return "" if right % 11 == 0 else "its check digit does not fit"
    if re.fullmatch(r"97[89]\d{10}", bare):
        total = sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(bare))
        return "" if total % 10 == 0 else "its check digit does not fit"
    return "it has not 10 digits, or 13 that begin with 978 or 979"


def issn_fault(text: str) -> str:
    """Say what is wrong with an ISSN; empty where it is right."""
    bare = text.replace("-", "")
    if not re.fullmatch(r"\d{4}-?\d{3}[\dXx]", text):
        return "it has not eight digits, as in 0261-3077"
    digits = [10 if digit in "Xx" else int(digit) for digit in bare]
    total = sum(weight * digit for weight, digit in zip(range(8, 0, -1), digits, strict=True))
    return "" if total % 11 == 0 else "its check digit does not fit"


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


def date_fault(text: str) -> str:
    """Say what is wrong with a date of ISO 8601, whole or to the month or year, or a range."""
    ends = text.split("/")
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
        bare = re.sub(r"[\s-]", "", text).upper()
        return bare[3:-1] if len(bare) == 13 else bare[:-1]
    if name == "doi":
        found = _DOI.fullmatch(text)
        return (found[1] if found else text).casefold()
    return re.sub(r"^[a-z]+://(www\.)?|/$", "", text).casefold()
