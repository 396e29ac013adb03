"""Dates of metadata -> dates as they are printed."""

from __future__ import annotations

import re

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def format_date(date: str, wanted: str = "") -> str:
    """An ISO date in the wanted form, by default the house's: `12 November 2010`.

    `wanted` is `iso` or a pattern of D, DD, M, MM, MMM, MMMM, YY and YYYY; a month of a year is
    `November 2010` in any form; what is no ISO date is returned as it stands.
    """
    if (month_alone := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", date)) and wanted != "iso":
        return f"{MONTHS[int(month_alone[2]) - 1]} {month_alone[1]}"
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", date)
    if not found or wanted == "iso":
        return date
    year, month, day = found.groups()
    name = MONTHS[int(month) - 1]
    parts = {
        "D": str(int(day)),
        "DD": day,
        "M": str(int(month)),
        "MM": month,
        "MMM": name[:3],
        "MMMM": name,
        "YY": year[2:],
        "YYYY": year,
    }
    return re.sub(
        r"D{1,2}|M{1,4}|Y{4}|Y{2}", lambda found: parts[found[0]], wanted or "D MMMM YYYY"
    )
