"""How a statement says what its row says: as strongly, on the same page, in the same quotation."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from imprint.check.composed import ComposedReport
from imprint.check.prose.citing import pages
from imprint.check.prose.roots import COMMON, roots
from imprint.check.rules.evidence.alignment import Statement, aligned, statements
from imprint.core.problems import Problem

ALIKE = 0.3
"""Nearness from which caution and extent of a row are asked of a statement."""
BOLD = 0.08
"""Nearness from which a word such as *proves* is asked of its row."""
FEWEST = 3
"""Words of its own that a statement must have for its strength to be compared."""
QUOTED = 0.2
"""Nearness from which its quotation is."""
LOCATED = 0.35
"""Rows this near to the nearest one, as a share of its nearness, may have the page."""
PAGED = 0.15
"""Nearness from which its page is."""


def check_wording(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every statement that is stronger than the row it rests on
    (`statement-keeps-hedge`), takes in more or fewer than that (`statement-keeps-scope`), gives
    another page (`locator-fits-evidence`), or quotes other words (`quotation-fits-evidence`)."""
    told = statements(report)
    paged = {
        (work, row.locator): row.id
        for row in (aligned(report).evidence.rows if told else ())
        if row.locator
        for work in row.works
    }
    for statement in told:
        yield from _locators(statement, paged)
        yield from _strength(statement)
        yield from _quotations(statement)


# --- pages -----------------------------------------------------------------------------------


def _locators(statement: Statement, paged: Mapping[tuple[str, str], str]) -> Iterator[Problem]:
    for key, locator, place in statement.sentence.citations:
        rows = [it for it in statement.matches if key in it.row.works]
        if not locator:
            continue
        known = sorted(page for work, page in paged if work == key)
        if len(statement.telling) < FEWEST and known:
            # A line such as *Source: …* says nothing that could tell its row.
            if not any(_agree(locator, page) for page in known):
                message = f"{locator} of '{key}' is that of no row; they have {', '.join(known)}"
                yield Problem(place, "locator-fits-evidence", message, _LOOK_UP)
            continue
        if not rows or rows[0].score < PAGED:
            continue
        given = rows[0].row
        near = [it.row.locator for it in rows if it.score > LOCATED * rows[0].score]
        if not given.locator:
            # A page that another row of the work has may have been put beside the wrong statement.
            whose = paged.get((key, locator))
            if whose and given.statement and rows[0].score > ALIKE and locator not in near:
                message = (
                    f"{locator} of '{key}' is that of row '{whose}', and this is what row "
                    f"'{given.id}' ({given.place}) says without a page"
                )
                yield Problem(place, "locator-fits-evidence", message, _LOOK_UP)
        elif not any(_agree(locator, other) for other in near):
            message = (
                f"{locator} of '{key}' is not {given.locator}, which row '{given.id}' "
                f"({given.place}) has for this"
            )
            yield Problem(place, "locator-fits-evidence", message, _LOOK_UP)


_LOOK_UP = "look the page up, and give the same in both"


def _agree(one: str, other: str) -> bool:
    """The same locator, or ranges of pages that meet."""
    if one == other or not other:
        return one == other
    first, second = pages(one), pages(other)
    return bool(first and second) and min(first) <= max(second) and min(second) <= max(first)


# --- strength and extent ---------------------------------------------------------------------

_DOUBT = re.compile(
    r"\b(?:could|may|might|suggests?|suggested|appear(?:s|ed)?(?=\s(?!(?:in|since|on|at)\b))"
    r"|seems?|seemed|perhaps|possibl[ey]|probabl[ey]|likely|apparently|indicates?|indicated)\b",
    re.IGNORECASE,
)
"""Words by which a row is less than certain; a report that appeared, or did so in 2009, is none."""
_CAUTION = re.compile(
    rf"{_DOUBT.pattern}|\b(?:can|suspect\w*|whether|unlikely|signs?|thought|felt|feels?|believed?"
    r"|tend(?:s|ed)?|debated|arguabl[ye]|would|should|expect\w*|necessarily|hardly|weak|caution\w*"
    r"|impression|potential\w*|on the whole|in general)\b",
    re.IGNORECASE,
)
"""Words by which a statement is no more certain than such a row."""
POSSIBLE = re.compile(r"may|might|could", re.IGNORECASE)
"""What may be holds in some cases."""
_CERTAIN = re.compile(
    r"\b(?:prov(?:e|es|ed|en)|demonstrat\w+|undoubtedly|conclusive(?:ly)?|definite(?:ly)?"
    r"|without (?:a )?doubt|beyond doubt|establishe[sd] that|confirm(?:s|ed)|certainly"
    r"|proof that|(?:clear|strong|compelling|firm|hard|overwhelming|ample) evidence)\b",
    re.IGNORECASE,
)
_EXTENT = (
    ("all", r"all(?! (?:but|too|in all)\b)(?! the more)|every(?! time)|each and every|always"
            r"|everyone|everybody|invariably|universally|entirely|without exception|in every case"),
    ("none", r"none|never|nobody|no one|nowhere|nothing|in no case"),
    ("most", r"most(?= (?:of|cases|\w+s\b))|(?:the|a|vast|great) majority|mostly|mainly|largely"
             r"|generally|usually|in general|in most|as a rule|normally|typically"),
    ("many", r"many|numerous|a (?:great|large) (?:number|deal|many)|often|frequently|widely"
             r"|widespread|commonly"),
    ("some", r"some|several|certain|a number of|various|in places|sometimes|at times|in part"
             r"|occasional(?:ly)?|not always|not (?:all|every)|in (?:a few|some) \w+|can be"
             r"|some cases"),
    ("few", r"few|a few|rarely|seldom|hardly|little|a minority|not much|not many|scarce(?:ly)?"),
)  # fmt: skip
_RANK = {"none": 0, "few": 1, "some": 2, "many": 3, "most": 4, "all": 5}
_SIZES = {
    name: re.compile(rf"(?<![\w'’-])(?:{words})(?![\w'’-])", re.IGNORECASE)
    for name, words in _EXTENT
}
_NOT_ALL = re.compile(
    r"\bnot (?:(?!only|just)\w+ ){0,2}?(?:always|all|every|everyone|necessarily)\b", re.IGNORECASE
)
_NOT_MANY = re.compile(r"\bnot (?:\w+ )?(?:many|often|widely|a great deal)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:everyone|everybody|nobody|no one|none)\b", re.IGNORECASE)
_IDIOM = re.compile(
    r"\b(?:above|after|at|in|most of|first of|for) all\b|\bat (?:most|least|all times)\b"
    r"|\ball the (?:more|same|time)\b|\bas many as\b|\b(?:so|too|how|very|as) many\b"
    r"|\bmany of these\b|\bas well as\b|\bnot least\b",
    re.IGNORECASE,
)


def _strength(statement: Statement) -> Iterator[Problem]:
    if not statement.meant or len(statement.telling) < FEWEST:
        return
    score, row = statement.meant[0]
    told = " ".join(statement.sentence.text.split())
    # What another row says nearly as well may be what is meant.
    close = [clause_of(it, statement.sentence.words) for it in statement.close]
    if score >= BOLD and (said := stronger(told, close, is_alike=score >= ALIKE)):
        bold, doubt = said
        what = f"'{bold}' is" if bold else "this is"
        there = f" says '{doubt}'" if doubt else " does not say so"
        message = f"{what} stronger than its row: '{row.id}' ({row.place}){there}"
        fix = "keep the caution of the row, or look it up in the source and fix the row"
        yield Problem(statement.sentence.place, "statement-keeps-hedge", message, fix)
    elif score >= ALIKE and (pair := of_other_extent(told, row.statement, close)):
        message = f"'{pair[0]}' is not what {row.shown} says: '{pair[1]}'"
        fix = "take the row's word, or look it up in the source and fix the row"
        yield Problem(statement.sentence.place, "statement-keeps-scope", message, fix)


_CLAUSES = re.compile(r"[;:]\s|,?\s(?:but|yet|although|though|while|whereas)\s|,\s(?:which|who)\s")


def clause_of(text: str, words: frozenset[str]) -> str:
    """The clause of a text that shares most with the words."""
    return max(clauses(text), key=lambda clause: len(clause[1] & words))[0]


@lru_cache(maxsize=2048)
def clauses(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The clauses of a text, each with its words by their roots."""
    return tuple((clause, roots(clause) - COMMON) for clause in _CLAUSES.split(text))


def stronger(told: str, held_to: Sequence[str], *, is_alike: bool) -> tuple[str, str] | None:
    """How a text is more certain than all that it is held to: its word of certainty, empty where
    its words are plain, and their word of doubt, empty where there is none. Plain words count only
    where the texts are alike."""
    bold, doubts = _CERTAIN.search(told), [_DOUBT.search(it) for it in held_to]
    doubt = doubts[0][0] if doubts[0] else ""
    if bold and not any(map(_CERTAIN.search, held_to)):
        return bold[0], doubt
    if not is_alike or not all(doubts) or _CAUTION.search(told):
        return None
    is_weak = _extents(told) & {"some", "few"} and POSSIBLE.search(doubt)
    return None if is_weak else ("", doubt)


def of_other_extent(told: str, row: str, close: Sequence[str]) -> tuple[str, str] | None:
    """A word by which a text takes in more or fewer of the same things than a row does, or all and
    none of what happens where none of those `close` to it does; and the word of the other."""
    often = [
        found[0] for words in (_OFTEN, _NOT_ALL) for it in close if (found := words.search(it))
    ]
    sure = _SURE.search(_weakened(told))
    pair = _of_same(told, row)
    if pair is None and sure and often and not _OFTEN.search(_weakened(told)):
        return None if _SURE.search(_weakened(row)) else (sure[0], often[0])
    return pair


def new_extent(told: str, others: Sequence[str]) -> str:
    """A word of a text for all, most, few or none, where no other has one of that kind; empty for
    none."""
    said = frozenset[str]().union(*map(_extents, others))
    plain = _weakened(told)
    found = (_SIZES[name].search(plain) for name in _STRONG if name not in said)
    return next((it[0] for it in found if it), "")


_STRONG = ("all", "none", "most", "few")
_SURE = re.compile(
    r"\b(?:always|never|invariably|without exception|in every case)\b", re.IGNORECASE
)
_OFTEN = re.compile(
    r"\b(?:usually|generally|mostly|mainly|often|frequently|sometimes|at times|rarely|seldom"
    r"|in some|in places|tend(?:s|ed)? to|can)\b",
    re.IGNORECASE,
)


def _of_same(told: str, row: str) -> tuple[str, str] | None:
    """Extents that differ by two ranks or more, of things of the same name."""
    mine, theirs = _sized(told), _sized(row)
    for name, word, things in mine:
        same = [it for it in theirs if things & it[2]]
        if name in ("all", "none") and _PRONOUN.search(row):
            continue
        if same and all(abs(_RANK[name] - _RANK[it[0]]) > 1 for it in same):
            return word, same[0][1]
    return None


_THINGS = re.compile(r"(?:\sof)?(?:\s(?:the|these|those|their|its|his|her))?((?:\s[\w’'-]+){1,3})")


@lru_cache(maxsize=2048)
def _sized(text: str) -> tuple[tuple[str, str, frozenset[str]], ...]:
    """Each extent before a noun, with its words and those of the noun."""
    plain = _weakened(text)
    sizes = ((name, found) for name, it in _SIZES.items() for found in it.finditer(plain))
    before = ((name, found[0], _THINGS.match(plain, found.end())) for name, found in sizes)
    return tuple((name, said, roots(it[1]) - COMMON) for name, said, it in before if it)


@lru_cache(maxsize=2048)
def _extents(text: str) -> frozenset[str]:
    plain = _weakened(text)
    return frozenset(name for name, words in _SIZES.items() if words.search(plain))


@lru_cache(maxsize=2048)
def _weakened(text: str) -> str:
    """With `some` for *not all*, and without idioms."""
    return _IDIOM.sub("", _NOT_MANY.sub("few", _NOT_ALL.sub("some", text)))


# --- quotations ------------------------------------------------------------------------------

_QUOTED = re.compile(r"(?<![\w])['‘]((?:[^'‘’]|(?<=\w)['’](?=\w))+)['’](?!\w)")


def _quotations(statement: Statement) -> Iterator[Problem]:
    """Words in quotation marks that differ from those that the row quotes."""
    here = [" ".join(it.split()) for it in _QUOTED.findall(statement.sentence.text)]
    if not here:
        return
    for match in statement.matches[:3]:
        if match.score < QUOTED or match.row.works.isdisjoint(statement.sentence.works):
            continue
        for quoted in _QUOTED.findall(match.row.statement):
            near = max(here, key=lambda it: _likeness(it, quoted))
            if quoted.casefold() not in map(str.casefold, here) and _likeness(near, quoted) > 0.4:
                message = (
                    f"'{near}' is quoted as '{quoted}' in row '{match.row.id}' ({match.row.place})"
                )
                fix = "quote the words as the source has them, in both"
                yield Problem(statement.sentence.place, "quotation-fits-evidence", message, fix)
                return


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one.casefold(), other.casefold()).ratio()
