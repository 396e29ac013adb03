"""Dates of metadata -> dates as they are printed."""

from __future__ import annotations

import re
from datetime import date as day_of

from imprint.compose.words.language import words_of

_FORMS = {"medium": "D MMM YYYY", "short": "DD/MM/YYYY", "iso": "YYYY-MM-DD"}
"""Patterns that Quarto names; `long` and `full` are the language's own."""
_PARTS = re.compile(r"\[([^\]]*)\]|D{1,2}(?!D)|d{3,4}|M{1,4}|Y{4}|Y{2}|HH?|hh?|mm?|ss?|[aA]")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ](\d{2}):(\d{2})(?::(\d{2}))?.*")


def format_date(date: str, wanted: str = "", lang: str = "en") -> str:
    """A date in the wanted form, by default the language's: `12 November 2010`.

    `wanted` is `iso`, `short`, `medium`, `long` or `full`, or a pattern of D, DD, ddd, dddd, M, MM,
    MMM, MMMM, YY and YYYY, and for the time H, HH, h, hh, m, mm, s, ss, A and a, with words in
    square brackets; a month of a year is `November 2010` in any form; what is no date is returned
    as it stands.
    """
    words = words_of(lang)
    months = words["months"]
    month_alone = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", date)
    if month_alone and wanted != "iso":
        return f"{months[int(month_alone[2]) - 1]} {month_alone[1]}"
    day = _day(date)
    if day is None or (wanted == "iso" and day.isoformat() == date):
        return date
    pattern = _FORMS.get(wanted, wanted)
    if pattern in ("", "long", "full"):
        # The words of a language's own pattern, such as `de`, are no parts of it.
        pattern = re.sub(r"\b(?![DMY]+\b)\w+", r"[\g<0>]", words["date"])
        pattern = f"dddd, {pattern}" if wanted == "full" else pattern
    name, weekday = months[day.month - 1], words["weekdays"][day.weekday()]
    parts = {
        "D": str(day.day),
        "DD": f"{day.day:02}",
        "ddd": weekday[:3],
        "dddd": weekday,
        "M": str(day.month),
        "MM": f"{day.month:02}",
        "MMM": name[:3],
        "MMMM": name,
        "YY": f"{day.year % 100:02}",
        "YYYY": f"{day.year:04}",
    }
    parts |= _clock(date)
    return _PARTS.sub(lambda found: str(parts.get(found[0], found[1] or "")), pattern)


def _clock(date: str) -> dict[str, str]:
    """The parts of a date's time of day; midnight where it has none."""
    time = _TIME.fullmatch(date)
    hour, minute, second = (int(it or 0) for it in time.groups()) if time else (0, 0, 0)
    half = "AM" if hour < 12 else "PM"
    numbers = {"H": hour, "h": hour % 12 or 12, "m": minute, "s": second}
    padded = {name * 2: f"{number:02}" for name, number in numbers.items()}
    return {name: str(it) for name, it in numbers.items()} | padded | {"A": half, "a": half.lower()}


def _day(date: str) -> day_of | None:
    """The day that a date in one of Quarto's forms means: `2010-11-23`, `2010/11/23`, `11/23/2010`,
    `11-23-2010`, `November 23, 2010`, `23 Nov 2010`."""
    months = {
        word.lower(): at
        for at, name in enumerate(words_of("en")["months"], 1)
        for word in (name, name[:3])
    }
    iso = re.fullmatch(r"(\d{4})([-/])(\d{2})\2(\d{2})(?:[T ].*)?", date)
    slashes = re.fullmatch(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})", date)
    named = re.fullmatch(r"([A-Za-z]+)\.? (\d{1,2}), (\d{4})", date)
    turned = re.fullmatch(r"(\d{1,2}) ([A-Za-z]+)\.? (\d{4})", date)
    try:
        if iso:
            return day_of(int(iso[1]), int(iso[3]), int(iso[4]))
        if slashes:
            return day_of(int(slashes[4]), int(slashes[1]), int(slashes[3]))
        if named:
            return day_of(int(named[3]), months[named[1].lower()], int(named[2]))
        if turned:
            return day_of(int(turned[3]), months[turned[2].lower()], int(turned[1]))
    except (KeyError, ValueError):
        return None
    return None
