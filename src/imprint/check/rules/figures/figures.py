"""Figures: what their captions and alt texts say is what their rows hold, and what they draw."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import chain

from imprint.author.wording import WordingError, words
from imprint.check.code.calls import calls
from imprint.check.code.figure_modules import FigureModule, read_figures
from imprint.check.rules.figures.alt_texts import check_alt, holds, is_number, plain
from imprint.check.rules.figures.drawn_rows import check_marks, check_rows
from imprint.check.table_rows import TableRows, read_tables
from imprint.core.model import Statistic
from imprint.core.numbers import FRACTIONS, number_words
from imprint.core.problems import Place, Problem
from imprint.read.report import Report

_STAT = re.compile(r"\[[^\[\]]*\]\{\.(?:stat|claim) data-stat=\"(?P<ids>[^\"]*)\"\}")
_CITED = re.compile(r"@\{?(\w(?:[:.#$%&\-+?<>~/]?\w)*)\}?")
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


def check_figures(report: Report) -> Iterator[Problem]:
    """Yield a problem for every figure that cannot be used (`figure-is-complete`) or that no
    chapter shows (`figure-is-used`), whose alt text leaves a row out or gives it the number of
    another (`alt-tells-every-row`), which says or draws a number that its data do not have
    (`figure-number-has-row`), whose caption leaves a source out (`caption-cites-sources`), or
    which draws a vague or derived value as an exact one (`vague-is-drawn-vague`)."""
    figures, problems = read_figures(report)
    yield from problems
    if report.is_complete:
        yield from _unused(report)
    statistics, tables = report.statistics or {}, read_tables(report)
    for figure in figures:
        vouching, known = _vouching(figure, statistics, tables), _known(figure)
        for part, texts in _texts(figure).items():
            told = (_numbers(figure, part, text, vouching, known) for text in texts)
            yield from dict.fromkeys(chain.from_iterable(told))
        yield from check_alt(figure)
        yield from check_rows(figure, statistics, tables)
        yield from check_marks(figure, statistics)
        yield from _sources(figure)


def _texts(figure: FigureModule) -> dict[str, list[str]]:
    """What a figure says, by the function that says it; each text where it is said first."""
    rows = {value for row in figure.rows for value in row.values() if isinstance(value, str)}
    drawn = sorted({*figure.texts} - rows)
    return {"caption": [figure.caption], "alt": [figure.alt], "rows": sorted(rows), "draw": drawn}


def _unused(report: Report) -> Iterator[Problem]:
    shown = {
        call.arguments[0]
        for chapter in report.chapters.values()
        for call in calls(chapter)
        if call.name == "figure" and call.arguments
    }
    for name in sorted(report.figures - shown):
        message = "no chapter shows this figure"
        fix = f'show it with figure("{name}"), or delete it'
        yield Problem(Place(f"figures/{name}.py"), "figure-is-used", message, fix)


def _numbers(
    figure: FigureModule, part: str, text: str, vouching: str, known: set[float]
) -> Iterator[Problem]:
    """Every number that a figure writes is one of its rows', a sum or count of them, stands in
    the data that it reads, or comes from `stat`."""
    text = _CITED.sub(" ", plain(_STAT.sub(" ", text)))
    text = _UNCOUNTED.sub(lambda found: " " * len(found[0]), text)
    for found in _NUMBER.finditer(text):
        said = found[0]
        if holds(vouching, said) or _amount(said) in known:
            continue
        where = {"rows": "a row", "draw": "the drawing"}.get(part, f"the {part} text")
        message = f"{where} says '{said}', which stands in none of its data"
        fix = "take it from a row, or print it with `stat`"
        yield Problem(figure.place(part), "figure-number-has-row", message, fix)


def _vouching(
    figure: FigureModule, statistics: Mapping[str, Statistic], tables: Mapping[str, TableRows]
) -> str:
    """All that the data say which the figure reads: what its texts may repeat."""
    ids = {str(row.get("id")) for row in figure.rows} | figure.named
    texts: list[str] = []
    for row in (statistics[id] for id in ids if id in statistics):
        texts += [str(value) for value in vars(row).values() if isinstance(value, str)]
        with suppress(WordingError):
            texts += [words(row), words(row, "sentence")]
    for filled in (tables[name] for name in figure.named if name in tables):
        texts += [str(cell) for row in filled.rows for cell in row.values() if cell is not None]
    return plain(" | ".join(texts))


def _known(figure: FigureModule) -> set[float]:
    """The numbers of the rows, how many rows there are, and the sums of what can be added."""
    known: set[float] = {float(len(figure.rows))}
    sums: Counter[tuple[str, str]] = Counter()
    for row in figure.rows:
        numbers = {key: float(value) for key, value in row.items() if is_number(value)}
        known.update(numbers.values())
        if row.get("unit") not in (None, "count"):
            continue
        known.add(sum(numbers.values()))
        # Of each column, over all rows and over those that share a text: a year, a group.
        shared = {"", *(f"{key}={value}" for key, value in row.items() if isinstance(value, str))}
        sums.update({(key, text): number for key, number in numbers.items() for text in shared})
    return known.union(sums.values())


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
    cited = set(_CITED.findall(figure.caption))
    needed = {key for row in figure.rows for key in str(row.get("source") or "").split("; ") if key}
    for key in sorted(needed - cited):
        message = f"the caption does not cite '{key}', from which rows come"
        yield Problem(
            figure.place("caption"), "caption-cites-sources", message, f"add `[@{key}]` to it"
        )
