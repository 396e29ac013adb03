"""Figures: what their captions and alt texts say is what their rows hold, and what they draw."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from imprint.checks.calls import calls
from imprint.checks.figure_modules import FigureModule, read_figures
from imprint.checks.paragraphs import paragraphs_of
from imprint.model import Statistic
from imprint.numerals import FRACTIONS, number_words
from imprint.problems import Place, Problem
from imprint.sources import Sources
from imprint.wording import is_vague

_STAT = re.compile(r"\[[^\[\]]*\]\{\.(?:stat|claim) data-stat=\"(?P<ids>[^\"]*)\"\}")
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_UNCOUNTED = re.compile(
    rf"\b(?:\d{{1,2}} )?{_MONTH}(?: \d{{4}})?\b"  # dates
    r"|\b(?:19|20)\d\d[a-z]?\b"
    r"|\b(?:[Ll]evels?|[Ss]trands?|[Ss]tages?|[Ss]teps?|[Ss]ection|[Bb]ox|[Pp]art|tiers?) \d+\b"
    r"|\b(?:pp?|paras?|sec)\. ?[\divxlc]+(?:[–-][\divxlc]+)?"
)
_SMALL = {number_words(n): n for n in range(2, 101)}
"""Number words; a lone `one` is as often a pronoun."""
_PARTS = tuple(sorted({*FRACTIONS, "half"}, key=len, reverse=True))
_NUMBER = re.compile(
    r"(?<![\w.,])£?\d+(?:,\d{3})*(?:\.\d+)?(?!\w)"
    rf"|\b(?:{'|'.join(sorted(map(re.escape, (*_PARTS, *_SMALL)), key=len, reverse=True))})\b",
    re.IGNORECASE,
)


def check_figures(sources: Sources) -> Iterator[Problem]:
    """Yield a problem for every figure that cannot be used (`figure-is-complete`) or that no
    chapter shows (`figure-is-used`), whose alt text leaves a row out (`alt-tells-every-row`) or
    gives a number that no row has (`figure-number-has-row`), whose caption leaves a source out
    (`caption-cites-sources`), or which draws a vague value as exact (`vague-is-drawn-vague`)."""
    figures, problems = read_figures(sources)
    yield from problems
    if sources.is_whole:
        yield from _unused(sources)
    for figure in figures:
        yield from _alt(figure)
        for part, text in (("caption", figure.caption), ("alt", figure.alt)):
            yield from _numbers(figure, part, text)
        yield from _sources(figure)
        yield from _kinds(figure, sources.statistics or {})


def _unused(sources: Sources) -> Iterator[Problem]:
    shown = {
        call.arguments[0]
        for chapter in sources.chapters.values()
        for call in calls(chapter)
        if call.name == "figure" and call.arguments
    }
    for name in sorted(sources.figures - shown):
        message = "no chapter shows this figure"
        mend = f'show it with figure("{name}"), or delete it'
        yield Problem(Place(f"figures/{name}.py"), "figure-is-used", message, mend)


def _alt(figure: FigureModule) -> Iterator[Problem]:
    """Every row is told in the alt text: by its printed wording, or by a value it holds."""
    alt = _plain(figure.alt)
    for row in figure.rows:
        told = _tellings(row)
        if told and not any(_holds(alt, telling) for telling in told):
            named = row.get("label") or row.get("id") or "a row"
            message = f"the alt text does not say '{told[0]}', which is drawn for '{named}'"
            mend = "tell every row with its number, as in `row['wording']`"
            yield Problem(figure.place("alt"), "alt-tells-every-row", message, mend)


def _tellings(row: Mapping[str, Any]) -> list[str]:
    """How a row may be told: its wording or, where it counts things, its sum or its total."""
    if row.get("wording"):
        return [_plain(str(row["wording"]))]
    numbers = [value for value in row.values() if _is_number(value)]
    # A row of ones and noughts says where a mark stands: its sum, not its marks, may be told.
    counts = any(number not in (0, 1) for number in numbers)
    return [f"{sum(numbers):g}", f"{max(numbers):g}"] if counts else []


def _holds(text: str, telling: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(telling)}(?!\w)", text, re.IGNORECASE))


def _numbers(figure: FigureModule, part: str, text: str) -> Iterator[Problem]:
    """Every number in a caption or alt text is one of the rows', a sum or count of them, or comes
    from `stat`."""
    text = _plain(_STAT.sub(" ", text))
    text = _UNCOUNTED.sub(lambda found: " " * len(found[0]), text)
    for paragraph in paragraphs_of(text, figure.place(part)):
        known = _known(figure)
        words = " ".join(_plain(str(value)) for row in figure.rows for value in row.values())
        for found in _NUMBER.finditer(paragraph.text):
            said = found[0]
            if _holds(words, said) or _amount(said) in known:
                continue
            message = f"the {part} text says '{said}', which no row has"
            mend = "take it from a row, or print it with `stat`"
            yield Problem(figure.place(part), "figure-number-has-row", message, mend)


def _known(figure: FigureModule) -> set[float]:
    """The numbers of the rows, how many rows there are, and the sums of rows and of columns."""
    known: set[float] = {float(len(figure.rows))}
    columns: dict[str, list[float]] = {}
    for row in figure.rows:
        numbers = {key: float(value) for key, value in row.items() if _is_number(value)}
        known.add(sum(numbers.values()))
        for key, number in numbers.items():
            columns.setdefault(key, []).append(number)
    for values in columns.values():
        known |= {*values, sum(values)}
    return known


def _amount(said: str) -> float | None:
    plain = said.lower().lstrip("£").replace(",", "")
    if plain in _SMALL:
        return float(_SMALL[plain])
    try:
        return float(plain)
    except ValueError:
        return None


def _sources(figure: FigureModule) -> Iterator[Problem]:
    """The caption cites every work that the rows come from."""
    cited = {
        mark.text
        for paragraph in paragraphs_of(" ".join(figure.caption.split()), figure.place("caption"))
        for mark in paragraph.marks
        if mark.kind == "citation"
    }
    needed = {key for row in figure.rows for key in str(row.get("source") or "").split("; ") if key}
    for key in sorted(needed - cited):
        message = f"the caption does not cite '{key}', from which rows come"
        yield Problem(
            figure.place("caption"), "caption-cites-sources", message, f"add `[@{key}]` to it"
        )


def _kinds(figure: FigureModule, statistics: Mapping[str, Statistic]) -> Iterator[Problem]:
    """Rows of statistics are drawn with the numbers and the kind that the data give them."""
    for row in figure.rows:
        found = statistics.get(str(row.get("id")))
        if found is None:
            continue
        code, place = "vague-is-drawn-vague", figure.place("rows")
        if is_vague(found) and row.get("kind") == "exact":
            message = f"'{found.id}' is reported as '{found.as_reported}' and drawn as exact"
            mend = "keep the kind that `figure_rows` gives, and draw its bounds"
            yield Problem(place, code, message, mend)
        for column in ("value", "low", "high"):
            if column in row and row[column] != getattr(found, column):
                message = (
                    f"'{found.id}' is drawn with {column} {row[column]}, "
                    f"its row has {getattr(found, column)}"
                )
                mend = "take the numbers from `figure_rows`"
                yield Problem(place, "figure-number-has-row", message, mend)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())
