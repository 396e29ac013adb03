"""Rows of surveys held to their samples: bases, sums of parts, differences that a sample bears."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from imprint.author.comparisons import HIGHEST, LESS, LOWEST, MORE, is_change
from imprint.author.samples import SampleDifference, difference_of, fits_base
from imprint.author.wording import StatisticError, words
from imprint.check.composed import ComposedReport
from imprint.check.prose.paragraphs import Paragraph
from imprint.check.rules.numbers.derivations import derived_from, wholes_of
from imprint.core.model import Statistic
from imprint.core.problems import Place, Problem, nearest, problem
from imprint.core.units import KNOWN
from imprint.read.chapters.sentences import sentence_span
from imprint.read.data.formulas import FormulaError, Operation, RowValue, parse_formula

FILE = "data/statistics.csv"


def check_samples(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every share that no number of its base gives (`share-fits-base`), every
    number that rests on fewer than may be published (`base-is-large-enough`) or that the rest of a
    whole would reveal (`remainder-is-hidden`), sums that rounding puts out
    (`sum-explains-rounding`), answers that exclude each other and add up to more than all
    (`parts-make-whole`), comparisons that their samples do not bear out
    (`difference-is-significant`), and *statistically significant* without a test
    (`significance-has-test`)."""
    rows = report.statistics or {}
    known = {**KNOWN, **report.settings.units}
    for name, place in report.settings.rounding.items():
        if name not in known:
            fix = nearest(name, known) or "declare it under `imprint: units:`"
            yield Problem(place, "unit-is-declared", f"there is no unit '{name}' to round", fix)
    for row in rows.values():
        yield from _base(row)
        yield from _too_few(row, report.settings.suppression)
        yield from _rounded_sum(row, rows)
    yield from _revealed(rows)
    yield from _questions(rows)
    for paragraph in report.all_written():
        yield from _compared(paragraph, rows)
        yield from _significant(paragraph, rows)


# --- bases -----------------------------------------------------------------------------------


def _base(row: Statistic) -> Iterator[Problem]:
    """A share of a sample that was neither weighted nor clustered."""
    plain = row.qualifier == "exact" and not row.weighted and (row.design_effect or 1) == 1
    if not plain or row.unit != "percent" or row.value is None or not row.n or row.derived:
        return
    decimals = max(0, -int(Decimal(repr(row.value)).normalize().as_tuple().exponent))
    # A third is kept as 33.3333, whatever its source counted.
    if decimals < 4 and not fits_base(row.value, int(row.n), decimals):
        message = f"'{row.id}': no whole number of {row.n:g} is {row.value:g} per cent"
        fix = "look value and n up again, or say that the answers are `weighted`"
        yield problem("share-fits-base", FILE, row.line, message, fix)


def _too_few(row: Statistic, least: int) -> Iterator[Problem]:
    numbers = (row.value, row.low, row.high, row.ci_low, row.ci_high)
    if row.n is not None and row.n < least and any(it is not None for it in numbers):
        message = f"'{row.id}' rests on {row.n:g} answers, and fewer than {least} are not published"
        fix = "empty its value and bounds, and give it the qualifier 'suppressed'"
        yield problem("base-is-large-enough", FILE, row.line, message, fix)


def _revealed(rows: Mapping[str, Statistic]) -> Iterator[Problem]:
    """Published rows that give a suppressed one away, by subtraction."""
    if not any(it.qualifier == "suppressed" for it in rows.values()):
        return
    parts_of: defaultdict[str, list[Statistic]] = defaultdict(list)
    answers: defaultdict[tuple[object, ...], list[Statistic]] = defaultdict(list)
    first_known: dict[tuple[object, ...], Statistic] = {}
    for row in rows.values():
        for whole in wholes_of(row, rows):
            parts_of[whole.id].append(row)
        answers[_question(row)].append(row)
        if _known(row):
            first_known.setdefault(_question(row), row)
    for row in filter(_known, rows.values()):
        parts = [rows[id] for id in derived_from(row) if id in rows] + parts_of[row.id]
        if row.unit == "percent" and row.response and first_known[_question(row)] is row:
            parts += answers[_question(row)]
        hidden = [it for it in parts if it.qualifier == "suppressed"]
        if (
            len(hidden) == 1
            and len(parts) > 1
            and all(_known(it) for it in parts if it is not hidden[0])
        ):
            message = f"'{row.id}' and the other rows give the suppressed '{hidden[0].id}' away"
            fix = "suppress one more of them, or leave the whole out"
            yield problem("remainder-is-hidden", FILE, row.line, message, fix)


def _known(row: Statistic) -> bool:
    return row.value is not None and row.qualifier == "exact"


# --- sums ------------------------------------------------------------------------------------


def _rounded_sum(row: Statistic, rows: Mapping[str, Statistic]) -> Iterator[Problem]:
    """A sum whose parts, as they print, add up to another number."""
    parts = [rows[id] for id in _added(row) if id in rows]
    if len(parts) < 2 or not row.declared_unit or row.declared_unit.nearest is None:
        return
    try:
        printed = [_printed_number(it) for it in (row, *parts)]
    except (StatisticError, ValueError):
        return
    if sum(printed[1:]) != printed[0] and "round" not in row.note.lower():
        shown = " + ".join(f"{it:g}" for it in printed[1:])
        message = f"'{row.id}' prints {printed[0]:g}, and its parts {shown}, for they are rounded"
        fix = "say so in its note: Numbers are rounded and may not add up"
        yield problem("sum-explains-rounding", FILE, row.line, message, fix)


def _added(row: Statistic) -> tuple[str, ...]:
    """Ids of the rows of which a derived row is the plain sum."""
    try:
        formula = parse_formula(row.derived) if row.derived else None
    except FormulaError:
        return ()
    found: list[str] = []
    while isinstance(formula, Operation) and formula.sign == "+":
        if not isinstance(formula.right, RowValue):
            return ()
        found.insert(0, formula.right.id)
        formula = formula.left
    return (formula.id, *found) if isinstance(formula, RowValue) else ()


def _printed_number(row: Statistic) -> Decimal:
    return Decimal(words(row, "value").replace(",", "").replace("\u2212", "-"))


_OPPOSITE = re.compile(r"\b(?:not|no|dis|un|never|neither|don't know|refused)")


def _questions(rows: Mapping[str, Statistic]) -> Iterator[Problem]:
    """Answers to one question of which one denies another, so that nobody gave both."""
    asked: defaultdict[tuple[object, ...], list[Statistic]] = defaultdict(list)
    for row in rows.values():
        if row.unit == "percent" and row.response and row.measure and _known(row):
            asked[_question(row)].append(row)
    for group in asked.values():
        plain = [it for it in group if not _OPPOSITE.match(it.response.lower())]
        denied = [it for it in group if it not in plain and _denies(it, plain)]
        if len(plain) != 1 or not denied:
            continue
        told = [*plain, *denied]
        total = sum(it.value or 0 for it in told)
        if total > 100 + 0.5 * len(told):
            shown = " and ".join(f"{it.value:g} ('{it.id}')" for it in told)
            message = f"{shown} add up to {total:g} per cent of one base; rounding explains less"
            fix = "look them up again, or give each its own base"
            yield problem("parts-make-whole", FILE, told[-1].line, message, fix)


def _denies(row: Statistic, others: Sequence[Statistic]) -> bool:
    """Whether an answer is another one with *not* or *dis-* before it."""
    bare = _OPPOSITE.sub("", row.response.lower()).strip()
    return any(bare and it.response.lower().startswith(bare[:5]) for it in others)


def _question(row: Statistic) -> tuple[object, ...]:
    return row.source, row.survey, row.population, row.measure, row.period


# --- differences -----------------------------------------------------------------------------

_DIRECTION = re.compile(rf"\b(?:{'|'.join((*MORE, *LESS, *HIGHEST, *LOWEST))})\b", re.IGNORECASE)


def _compared(paragraph: Paragraph, rows: Mapping[str, Statistic]) -> Iterator[Problem]:
    """A claimed difference of two samples that may be chance."""
    for offset, printed in paragraph.printed:
        told = [rows[id] for id in printed.ids if id in rows]
        is_told = printed.is_claim and len(told) == 2
        if not is_told or not (_DIRECTION.search(printed.text) or is_change(printed.text)):
            continue
        found = difference_of(*told)
        if found and not found.is_significant:
            message = f"'{printed.text}' may be chance: {_shown(told, found)}"
            fix = "say that they do not differ clearly, or by how much and how surely"
            place = paragraph.place(offset)
            yield Problem(place, "difference-is-significant", message, fix, "warning")


def _shown(told: Sequence[Statistic], found: SampleDifference) -> str:
    values = " and ".join(f"{it.value:g} ('{it.id}')" for it in told)
    return (
        f"{values} differ by {found.size:+.1f}, and by {found.low:+.1f} to {found.high:+.1f} with "
        "95 per cent confidence"
    )


_STATISTICALLY = re.compile(
    r"\b(?:statistical(?:ly)?\s+(?:very\s+|highly\s+)?signifi\w+|significant\s+at\s+the\b)",
    re.IGNORECASE,
)


def _significant(paragraph: Paragraph, rows: Mapping[str, Statistic]) -> Iterator[Problem]:
    """*Statistically significant* in a sentence whose rows were not tested, or fail."""
    for found in _STATISTICALLY.finditer(paragraph.text):
        before = paragraph.text[max(0, found.start() - 12) : found.start()]
        start, end = sentence_span(paragraph.text, found.start())
        beside = (row for at, row in paragraph.rows(rows) if start <= at < end)
        told = list({row.id: row for row in beside}.values())
        if any("signific" in f"{it.measure} {it.as_reported} {it.note}".lower() for it in told):
            continue
        place = paragraph.place(found.start())
        tested = [(pair, difference_of(*pair)) for pair in combinations(told, 2)]
        outcomes = [(pair, outcome) for pair, outcome in tested if outcome]
        denied = re.search(r"\b(?:not|no|without|neither)\s", before)
        yield from _judged(place, found[0], outcomes, is_denied=bool(denied))


def _judged(
    place: Place,
    said: str,
    outcomes: Sequence[tuple[tuple[Statistic, Statistic], SampleDifference]],
    *,
    is_denied: bool,
) -> Iterator[Problem]:
    said, code = " ".join(said.split()), "significance-has-test"
    if not outcomes:
        message = f"'{said}' tells of a test, and no row beside it holds one"
        fix = "print the two rows with their `n`, or a row that reports the test"
        yield Problem(place, code, message, fix, "warning")
    elif not is_denied and not any(it.is_significant for _, it in outcomes):
        pair, outcome = outcomes[0]
        message = f"'{said}' is not what the samples say: {_shown(pair, outcome)}"
        fix = "say that they do not differ clearly"
        yield Problem(place, code, message, fix)
