"""Figures: what their captions and alt texts say is what their rows hold, and what they draw."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from imprint.author.figure_record import FigureRecord
from imprint.author.wording import StatisticError, words
from imprint.check.composed import ComposedReport
from imprint.check.prose.roots import holds
from imprint.check.rules.figures.alt_texts import check_alt, is_number, plain
from imprint.check.rules.figures.drawn_rows import check_marks, check_rows
from imprint.check.table_rows import TableRows, read_tables
from imprint.compose.text.origins import place_in_code
from imprint.core.model import Statistic
from imprint.core.numbers import FRACTIONS, number_words
from imprint.core.problems import Place, Problem

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


def check_figures(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every figure that no chapter shows (`figure-is-used`), whose alt text
    leaves a row out or gives it the number of another (`alt-tells-every-row`), which says or draws
    a number that its data do not have (`figure-number-has-row`), whose caption leaves a source out
    (`caption-cites-sources`), or which draws a vague or derived value as an exact one
    (`vague-is-drawn-vague`)."""
    if report.is_known:
        yield from _unused(report)
    statistics, tables = report.statistics or {}, read_tables(report)
    for figure in report.drawn.values():
        vouching, known = _vouching(figure, statistics, tables), _known(figure)
        found: dict[tuple[Place, str], Problem] = {}
        for said in _texts(figure):
            for number, place in _unsourced(report.project.root, said, vouching, known):
                message = f"{said.where} says '{number}', which stands in none of its data"
                fix = "take it from a row, or print it with `stat`"
                told = Problem(place, "figure-number-has-row", message, fix)
                found.setdefault((place, number), told)
        yield from found.values()
        yield from check_alt(figure)
        yield from check_rows(figure, statistics, tables)
        yield from check_marks(figure, statistics)
        yield from _sources(figure)


@dataclass(frozen=True)
class _FigureText:
    """A text of a figure."""

    where: str
    text: str
    place: Place
    """Of the code that made it."""


def _texts(figure: FigureRecord) -> Iterator[_FigureText]:
    """What a figure says; each text where it is said first. The numbers of axes are no texts."""
    rows = {value for row in figure.rows for value in row.values() if isinstance(value, str)}
    for text in sorted(rows):
        yield _FigureText("a row", text, figure.place("rows"))
    yield _FigureText("the caption text", figure.caption, figure.place("caption"))
    yield _FigureText("the alt text", figure.alt, figure.place("alt"))
    for drawn in figure.texts:
        if drawn.role != "tick label" and drawn.text not in rows:
            place = Place(figure.file, drawn.line) if drawn.line else figure.place("draw")
            yield _FigureText("the drawing", drawn.text, place)


def _unused(report: ComposedReport) -> Iterator[Problem]:
    for name in sorted(report.figures - report.shown):
        message = "no chapter shows this figure"
        fix = f'show it with figure("{name}"), or delete it'
        yield Problem(Place(f"figures/{name}.py"), "figure-is-used", message, fix)


def _unsourced(
    root: Path, said: _FigureText, vouching: str, known: set[float]
) -> Iterator[tuple[str, Place]]:
    """Every number that a figure writes and that is neither one of its rows', a sum or count of
    them, nor in the data that it reads, nor from `stat`."""
    text = _STAT.sub(_blank, _CITED.sub(_blank, said.text.translate(_ALIKE)))
    text = _UNCOUNTED.sub(_blank, text)
    for found in _NUMBER.finditer(text):
        if not holds(vouching, found[0]) and _amount(found[0]) not in known:
            yield found[0], place_in_code(root, said.place, said.text, found.start())


_ALIKE = str.maketrans("\u00a0'\n", " ’ ")


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _vouching(
    figure: FigureRecord, statistics: Mapping[str, Statistic], tables: Mapping[str, TableRows]
) -> str:
    """All that the data say which the figure reads: what its texts may repeat."""
    ids = {str(row.get("id")) for row in figure.rows} | figure.statistics.keys()
    texts: list[str] = []
    for row in (statistics[id] for id in ids if id in statistics):
        texts += [str(value) for value in vars(row).values() if isinstance(value, str)]
        with suppress(StatisticError):
            texts += [words(row), words(row, "sentence")]
    for filled in (tables[name] for name in figure.tables if name in tables):
        texts += [str(cell) for row in filled.rows for cell in row.values() if cell is not None]
    return plain(" | ".join(texts))


def _known(figure: FigureRecord) -> set[float]:
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


def _sources(figure: FigureRecord) -> Iterator[Problem]:
    """The caption cites every work that the rows come from."""
    cited = set(_CITED.findall(figure.caption))
    needed = {key for row in figure.rows for key in str(row.get("source") or "").split("; ") if key}
    for key in sorted(needed - cited):
        message = f"the caption does not cite '{key}', from which rows come"
        yield Problem(
            figure.place("caption"), "caption-cites-sources", message, f"add `[@{key}]` to it"
        )
