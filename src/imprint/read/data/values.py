"""One cell's text -> its typed value, as the Frictionless Table Schema types it."""

from __future__ import annotations

import re
from datetime import date

Value = str | int | float | bool | None

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_MOST_DIGITS, _LARGEST = 40, 1e30
"""No survey counts further; beyond it, arithmetic would fail or lose digits."""
_YEAR = re.compile(r"\d{4}", re.ASCII)
_YEARMONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_URI = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.ASCII)


def to_value(text: str, kind: str, form: str = "default") -> Value:
    """Turn a cell's text into a value of this type: dates stay text, numbers become int or float.

    Raises ValueError, saying what the text is not: `is not a number`.
    """
    if kind == "string":
        if form == "uri" and not _URI.fullmatch(text):
            raise ValueError("is not a web address")
        return text
    if kind == "number":
        if not _NUMBER.fullmatch(text):
            raise ValueError("is not a number")
        number = int(text[:_MOST_DIGITS]) if _INTEGER.fullmatch(text) else float(text)
        if len(text) > _MOST_DIGITS or abs(number) > _LARGEST:
            raise ValueError("is too large a number")
        return number
    if kind in ("integer", "year"):
        shape, noun = (_INTEGER, "whole number") if kind == "integer" else (_YEAR, "year (YYYY)")
        if not shape.fullmatch(text):
            raise ValueError(f"is not a {noun}")
        if len(text) > _MOST_DIGITS:
            raise ValueError("is too large a number")
        return int(text)
    if kind == "boolean":
        if text not in ("true", "false"):
            raise ValueError("is neither true nor false")
        return text == "true"
    if kind == "yearmonth":
        if not _YEARMONTH.fullmatch(text):
            raise ValueError("is not a month (YYYY-MM)")
        return text
    if not _DATE.fullmatch(text) or not _is_date(text):
        raise ValueError("is not a date (YYYY-MM-DD)")
    return text


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
