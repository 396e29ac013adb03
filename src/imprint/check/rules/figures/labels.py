"""What figures call their rows: labels, bases, units, answers, dates and captions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from imprint.author.figure_record import FigureRecord
from imprint.check.composed import ComposedReport
from imprint.check.prose.roots import COMMON, roots
from imprint.check.rules.numbers.answers import opposites
from imprint.check.rules.time.dated import agree, dates_in
from imprint.core.model import Statistic
from imprint.core.problems import Place, Problem

AHEAD = 1.6
"""How many times better than its own row a label must fit another one of the figure."""
LEAST = 0.34
"""How much of a label another row must hold."""
_OF_WHOM = ("base", "panel", "group")
"""Fields of a row that may say of whom it is."""
_FEWEST = 2
"""Words of a label that must fit, where it has as many."""


def check_labels(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every label or base in a figure that is that of another of its rows
    (`label-fits-row`), every unit, level or population that its rows do not have
    (`caption-fits-rows`)."""
    statistics = report.statistics or {}
    for figure in report.drawn.values():
        found = [_Drawn(row, statistics[id]) for row in figure.rows
                 if (id := str(row.get("id"))) in statistics]  # fmt: skip
        if found:
            yield from _swapped(figure, found)
            yield from _foreign(figure, found, statistics)
            yield from _levels(figure, found)
            yield from _units(figure, found)
            yield from _populations(figure, found, statistics)
            yield from _answers(figure, found)
            yield from _dates(figure, found)


@dataclass(frozen=True)
class _Drawn:
    """A row of a figure with its row of the data."""

    row: Mapping[str, object]
    statistic: Statistic

    @property
    def told(self) -> str:
        """What the data say of it."""
        it = self.statistic
        return f"{it.measure} {it.response} {it.population}"


# --- labels and bases ------------------------------------------------------------------------


def _swapped(figure: FigureRecord, rows: Sequence[_Drawn]) -> Iterator[Problem]:
    for field in ("label", *_OF_WHOM):
        texts = {str(it.row.get(field) or "") for it in rows}
        if len(rows) < 2 or len(texts) < 2:
            continue
        for it in rows:
            text = str(it.row.get(field) or "")
            own = _fit(text, it, field)
            # Rows of one base share its words, and a row may stand among those of another.
            others = [
                other
                for other in rows
                if field in _OF_WHOM or str(other.row.get(field) or "") != text
            ]
            best = max(others, key=lambda other: _fit(text, other, field), default=None)
            if best is None:
                continue
            fit = _fit(text, best, field)
            is_theirs = fit >= AHEAD * own and _fits_less(best, it, field)
            if fit >= LEAST and (is_theirs or _are_exchanged(it, best, field)):
                message = (
                    f"the {field} '{' '.join(text.split())}' of '{it.statistic.id}' is what "
                    f"'{best.statistic.id}' says"
                )
                fix = f"give each row its own {field}"
                yield Problem(_place(figure, text), "label-fits-row", message, fix)


def _foreign(
    figure: FigureRecord, rows: Sequence[_Drawn], statistics: Mapping[str, Statistic]
) -> Iterator[Problem]:
    """A label or base with a word that its row lacks, all of which a row has that is not drawn."""
    drawn = {it.statistic.id for it in rows}
    others = [_Drawn({}, it) for it in statistics.values() if it.id not in drawn]
    for it in rows:
        for field in ("label", *_OF_WHOM):
            text = str(it.row.get(field) or "")
            words = roots(text) - COMMON
            if not words or words <= roots(f"{it.told} {it.statistic.survey}"):
                continue
            other = next((one for one in others if words <= roots(_told(one, field))), None)
            if other:
                message = (
                    f"the {field} '{' '.join(text.split())}' of '{it.statistic.id}' is what "
                    f"'{other.statistic.id}' says, which is not drawn"
                )
                fix = f"say of '{it.statistic.id}' what its row says"
                yield Problem(_place(figure, text), "label-fits-row", message, fix)


def _fits_less(other: _Drawn, mine: _Drawn, field: str) -> bool:
    """A label that belongs elsewhere leaves its own row with one that fits it no better."""
    text = str(other.row.get(field) or "")
    return field in _OF_WHOM or _fit(text, other, field) <= _fit(text, mine, field)


def _are_exchanged(one: _Drawn, other: _Drawn, field: str) -> bool:
    """Each of two labels fits the other's row better, be it by a word."""
    mine, theirs = (str(it.row.get(field) or "") for it in (one, other))
    return _fit(mine, other, field) > _fit(mine, one, field) > 0 and (
        _fit(theirs, one, field) > _fit(theirs, other, field)
    )


def _fit(text: str, it: _Drawn, field: str) -> float:
    """How much of a label is in what the data say of a row, from 0 to 1; one word of several that
    is there is chance."""
    words = roots(text) - COMMON
    held = roots(_told(it, field))
    shared = len(words & held)
    return shared / len(words) if words and shared >= min(len(words), _FEWEST) else 0.0


def _told(it: _Drawn, field: str) -> str:
    return it.statistic.population if field in _OF_WHOM else it.told


def _place(figure: FigureRecord, text: str) -> Place:
    line = next((it.line for it in figure.texts if it.text == text and it.line), 0)
    return Place(figure.file, line) if line else figure.place("rows")


# --- levels, units and populations -----------------------------------------------------------

_NUMBERED = re.compile(r"\b([A-Za-z]{4,}) (\d{1,2})\b")


def _levels(figure: FigureRecord, rows: Sequence[_Drawn]) -> Iterator[Problem]:
    """`level 2` in a label whose row is of level 1, or in a caption whose rows all are."""
    every = _numbered(" ".join(it.told for it in rows))
    texts = [
        (figure.caption, every, figure.place("caption"), "the caption"),
        (figure.alt, every, figure.place("alt"), "the alt text"),
    ]
    for it in rows:
        label = str(it.row.get("label") or "")
        texts.append((label, _numbered(it.told), _place(figure, label), f"'{it.statistic.id}'"))
    for text, known, place, what in texts:
        for word, number in _NUMBERED.findall(text):
            others = known.get(word.lower(), set())
            if others and number not in others:
                said = " and ".join(sorted(others))
                message = f"{what} says '{word} {number}', and its data say {word.lower()} {said}"
                yield Problem(place, "caption-fits-rows", message, "say what the rows say")


def _numbered(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for word, number in _NUMBERED.findall(text):
        found.setdefault(word.lower(), set()).add(number)
    return found


_TIMES = ("hour", "day", "week", "month", "year")
_IN = re.compile(r"\bin (hours|days|weeks|months|years|pounds|per cent|thousands|millions)\b")


def _units(figure: FigureRecord, rows: Sequence[_Drawn]) -> Iterator[Problem]:
    units = {it.statistic.unit for it in rows}
    for drawn in figure.texts:
        said = {name for name in _TIMES if re.search(rf"\b{name}s?\b", drawn.text)}
        wrong = said and not any(said == _times(unit) for unit in units)
        if drawn.role == "axis label" and wrong:
            message = f"the axis is labelled '{drawn.text}', and its rows are in {_listed(units)}"
            place = Place(figure.file, drawn.line) if drawn.line else figure.place("draw")
            yield Problem(place, "caption-fits-rows", message, "label it with the rows' unit")
    for found in _IN.finditer(figure.caption):
        names = {"per cent": "percent", "pounds": "gbp"}
        unit = names.get(found[1], found[1])
        if found[1] not in ("thousands", "millions") and not any(unit in it for it in units):
            message = f"the caption says '{found[0]}', and its rows are in {_listed(units)}"
            fix = "name the rows' unit"
            yield Problem(figure.place("caption"), "caption-fits-rows", message, fix)


def _times(unit: str) -> set[str]:
    return {name for name in _TIMES if re.search(rf"(?<![a-z]){name}s?(?![a-z])", unit)}


def _listed(units: set[str]) -> str:
    return " and ".join(sorted(units))


def _populations(
    figure: FigureRecord, rows: Sequence[_Drawn], statistics: Mapping[str, Statistic]
) -> Iterator[Problem]:
    """Those whom other rows of the data are about, and no row of the figure."""
    own = " ".join(f"{it.told} {it.statistic.survey} {it.row.get('label')}" for it in rows).lower()
    others = {_head(it.population) for it in statistics.values()} - {""}
    for what, text in (("caption", figure.caption), ("alt", figure.alt)):
        for name in sorted(others, key=len, reverse=True):
            if name in text.lower() and name not in own and not roots(name) <= roots(own):
                named = {"caption": "the caption", "alt": "the alt text"}[what]
                message = f"{named} speaks of '{name}', of whom no row of the figure is"
                fix = "name those of the rows"
                yield Problem(figure.place(what), "caption-fits-rows", message, fix)
                break


def _head(population: str) -> str:
    """The first words of a population, up to what narrows it; empty for a single word."""
    head = re.split(r"\s(?:in|who|that|to|of|with|from|for|at)\s|,|\(", population, maxsplit=1)[0]
    return head.strip().lower() if len(head.split()) > 1 else ""


# --- answers and dates -----------------------------------------------------------------------


def _answers(figure: FigureRecord, rows: Sequence[_Drawn]) -> Iterator[Problem]:
    """`who disagree` in the caption of rows that all tell of those who agree."""
    answers = [set(re.findall(r"[a-z]{4,}", it.statistic.response.lower())) for it in rows]
    if not all(answers):
        return
    told = set(re.findall(r"[a-z]+", " ".join(it.told for it in rows).lower()))
    turned = {turn for answer in answers for word in answer for turn in opposites(word)} - told
    for what, text in (("caption", figure.caption), ("alt", figure.alt)):
        for word in re.findall(r"[a-z]+", text.lower()):
            if word in turned:
                message = f"the {what} says '{word}', which is the answer of no row of the figure"
                place = figure.place(what)
                yield Problem(place, "caption-fits-rows", message, "say what the rows say")
                break


def _dates(figure: FigureRecord, rows: Sequence[_Drawn]) -> Iterator[Problem]:
    """A month in the caption where the rows name others, and not this one."""
    known = [date for it in rows for date in dates_in(it.told) if not date.is_year]
    for date in dates_in(figure.caption) if known else ():
        if not date.is_year and not any(agree(date, it) for it in known):
            message = f"the caption says '{date.text}', and its rows say '{known[0].text}'"
            fix = "fix the date here, or in the rows"
            yield Problem(figure.place("caption"), "caption-fits-rows", message, fix)
