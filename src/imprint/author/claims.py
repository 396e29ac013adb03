"""A word such as `most` and one or two statistics -> whether the data bear the word out.

A statistic is taken as everything its source's wording allows: `almost a third` may be any value
from its `low` up to, but not at, its `high`. A claim holds only where it holds for all of that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from math import inf

from imprint.author.bounds import Bounds, Claim, span
from imprint.author.comparisons import COMPARISONS, with_amount
from imprint.core.escaping import AuthorError
from imprint.core.model import Statistic
from imprint.core.numbers import FRACTIONS, number_words, room_of
from imprint.core.problems import nearest


class ClaimFails(AuthorError, ValueError):  # noqa: N818 - reads as a sentence
    """The data do not bear a claim out."""


class UnknownClaim(ClaimFails):
    """The word is no claim, or takes another number of statistics."""


def why_not(word: str, *statistics: Statistic) -> str:
    """Say why a claim does not hold, in one line; empty where it holds.

    Of two statistics the first is compared with the second: `more` means that the first is
    greater, `rose` that it grew from the first to the second. Raises UnknownClaim for an unknown
    word or the wrong number of statistics.
    """
    claim, amiss = _claim(word, statistics)
    shown = " and ".join(_shown(statistic) for statistic in statistics)
    complaint = f"claim '{word}' does not hold for {shown}: it needs {claim.needs}"
    if claim.share and any(statistic.unit != "percent" for statistic in statistics):
        return f"{complaint}, in per cent"
    if len({statistic.unit for statistic in statistics}) > 1:
        return f"{complaint}, in one unit"
    if claim.qualifiers and statistics[0].qualifier not in claim.qualifiers:
        agreeing = " or ".join(sorted(claim.qualifiers))
        return f"{complaint}, reported as {agreeing}"
    if amiss:
        return f"claim '{word}' does not hold for {shown}: it needs {amiss}"
    return "" if claim.holds(*(span(statistic) for statistic in statistics)) else complaint


def _claim(word: str, statistics: tuple[Statistic, ...]) -> tuple[Claim, str]:
    """What a word says, and what amount in it is not that of the rows."""
    key = " ".join(word.lower().split())
    if len(statistics) == 2 and (found := with_amount(key, *statistics)):
        return found
    claim = CLAIMS.get(key) or _share(key)
    if claim is None:
        raise UnknownClaim(f"claim '{word}' is unknown", nearest(key, CLAIMS) or _SEE)
    if key == "all" and len(statistics) == 2:
        claim = COMPARISONS["the same"]
    fits = len(statistics) == claim.statistics if claim.statistics else len(statistics) > 1
    if not fits:
        many = claim.statistics or "two or more"
        noun = "statistic" if many == 1 else "statistics"
        message = f"claim '{word}' needs {many} {noun}, not {len(statistics)}"
        raise UnknownClaim(message, _SEE)
    return claim, ""


_SEE = "use a word of imprint.author.claims.CLAIMS, or give it as many ids as it needs"


_VAGUE = ("almost ", "just over ", "about ")
_OTHER_WORDS = (
    "nearly ", "just under ", "only ", "exactly ", "over ", "under ", "less than ", "at most ",
    "at least ", "a majority", "majority",
)  # fmt: skip
"""Claims that say what others say better."""


def words_that_hold(*statistics: Statistic) -> str:
    """A fix that names a few words that the statistics do bear out, the tightest first."""
    holding = []
    for word in CLAIMS:
        with suppress(UnknownClaim):
            if not word.startswith(_OTHER_WORDS) and not why_not(word, *statistics):
                holding.append(word)
    if not holding:
        return "put it otherwise, or look the row up in its source"
    holding.sort(key=lambda word: 2 * (" than " in word) + word.startswith(_VAGUE))
    listed = " or ".join(f"'{word}'" for word in holding[:3])
    return f"say {listed}, or look the row up in its source"


def _shown(statistic: Statistic) -> str:
    extent = span(statistic)
    if extent.is_exact:
        bounds = f"{extent.low:g}"
    else:
        low = "any" if extent.low == -inf else f"{extent.low:g}"
        high = "any" if extent.high == inf else f"{extent.high:g}"
        bounds = f"{low} to {high}"
    said = f"'{statistic.as_reported}', " if statistic.as_reported else ""
    own = statistic.declared_unit
    unit = f"{own.plural} {own.after}".strip() if own else statistic.unit.replace("_", " ")
    return f"'{statistic.id}' ({said}{bounds} {unit.replace('percent', 'per cent')})"


# --- the words -------------------------------------------------------------------------------


def _room(share: float) -> float:
    """The points within which a share is near a fraction, a little more for rounding."""
    return room_of(share, is_share=True) + 0.01


_FRACTION_PREFIXES: dict[str, tuple[str, Callable[[Bounds, float], bool], tuple[str, ...]]] = {
    "": ("{}", lambda s, x: s.within(x - 0.5, x + 0.5), ("exact",)),
    "exactly": ("{}", lambda s, x: s.within(x - 0.5, x + 0.5), ("exact",)),
    "about": (
        "a value near {}",
        lambda s, x: s.within(x - _room(x), x + _room(x)),
        ("about", "exact"),
    ),
    "almost": (
        "a value just below {}",
        lambda s, x: s.below(x + 0.01) and x - _room(x) <= s.low < x - 0.01,
        ("almost", "just_under", "exact"),
    ),
    "just over": (
        "a value just above {}",
        lambda s, x: s.above(x - 0.01) and x + 0.01 < s.high <= x + _room(x),
        ("just_over", "exact"),
    ),
    "more than": ("more than {}", lambda s, x: s.above(x), ()),
    "over": ("more than {}", lambda s, x: s.above(x), ()),
    "fewer than": ("less than {}", lambda s, x: s.below(x), ()),
    "less than": ("less than {}", lambda s, x: s.below(x), ()),
    "under": ("less than {}", lambda s, x: s.below(x), ()),
    "at least": ("at least {}", lambda s, x: s.low >= x, ()),
    "at most": ("at most {}", lambda s, x: s.high <= x, ()),
}
_SAME_PREFIX = {"nearly": "almost", "just under": "almost", "only": ""}
_PREFIXES = (*_FRACTION_PREFIXES, *_SAME_PREFIX)


def _fraction_claims() -> Iterator[tuple[str, Claim]]:
    names = {**FRACTIONS, "a half": FRACTIONS["half"]}
    for name, percent in names.items():
        for prefix in _PREFIXES:
            yield f"{prefix} {name}".strip(), _of_share(prefix, percent)


def _of_share(prefix: str, percent: float) -> Claim:
    """What a share says with a word such as *almost* before it."""
    needs, holds, qualifiers = _FRACTION_PREFIXES[_SAME_PREFIX.get(prefix, prefix)]
    share = round(percent, 4)
    return Claim(
        needs.format(f"{share:.4g}"),
        lambda extent: holds(extent, share),
        qualifiers=frozenset(qualifiers),
    )


_IN = re.compile(rf"(?:({'|'.join(filter(None, _PREFIXES))}) )?(\w+) in (?:every )?(\w+)")


def _share(key: str) -> Claim | None:
    """What *two in five* says."""
    found = _IN.fullmatch(key)
    part, whole = (_NUMBERS.get(word) for word in found.groups()[1:]) if found else (None, None)
    if found is None or part is None or whole is None or part >= whole:
        return None
    return _of_share(found[1] or "", 100 * part / whole)


_NUMBERS = {number_words(number): number for number in range(1, 101)}


_MOST = Claim("more than 50", lambda s: s.above(50))

CLAIMS: dict[str, Claim] = {
    **dict(_fraction_claims()),
    "most": _MOST,
    "majority": _MOST,
    "a majority": _MOST,
    "the majority": _MOST,
    "a minority": Claim("less than 50", lambda s: s.below(50)),
    "almost all": Claim("at least 90 but not 100", lambda s: s.low >= 90 and s.below(100)),
    "all": Claim("100 (or name the whole as second statistic)", lambda s: s.low >= 100),
    "none": Claim("0", lambda s: s.high <= 0, share=False),
    **COMPARISONS,
}
"""The words an author may claim, each with what it needs."""
