"""Prose -> the amounts in it: `64 per cent`, `three to four`, `a third`, `one in five`, `twice`.

The grammar of amounts in British English prose. What only looks like an amount (a date, a page, a
name, an idiom) is blanked before, by `other_numbers`. A few words need their surroundings: `one`
is an amount only where it counts or measures, `a third` only where no noun follows it, `once` and
`double` only before what they multiply.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import numeric

import re2

from imprint.check.prose.other_numbers import BLANK


@dataclass(frozen=True)
class Amount:
    """One amount as written, ranges and shares whole."""

    start: int
    end: int
    text: str
    values: tuple[float, ...]
    """What it says: one number, the ends of a range, or a share in per cent."""
    unit: str
    """percent, gbp, times, or empty."""


def amounts(prose: str) -> Iterator[Amount]:
    """Every amount of one paragraph, in its order."""
    parts = [_simple(found) for found in _SIMPLE.finditer(prose)]
    index = 0
    while index < len(parts):
        first = index
        group = [parts[index]]
        while index + 1 < len(parts):
            joint = _JOINT.fullmatch(prose, group[-1].end, parts[index + 1].start)
            if not joint or (joint["and"] and not _is_one(prose, group[-1], parts[index + 1])):
                break
            index += 1
            group.append(parts[index])
        index += 1
        amount = _joined(prose, group)
        if len(group) > 1 or _counts(prose, amount, parts[max(0, first - 4) : index + 4]):
            yield amount


def may_hold_amounts(prose: str) -> bool:
    """Say whether a look is worth it: most paragraphs hold no number at all."""
    return bool(_HINT.search(prose) and _SIMPLE.search(prose))


def _is_one(prose: str, first: _AmountPart, second: _AmountPart) -> bool:
    """Say whether `and` makes one amount: `between 3 and 4`, `one and a half`."""
    mixed = first.kind in ("words", "figures") and second.kind == "share"
    return mixed or bool(_BETWEEN.search(prose, max(0, first.start - 12), first.start))


# --- simple amounts --------------------------------------------------------------------------

_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 10**9, "dozen": 12}
_WORDS = {
    "zero": 0,
    "nought": 0,
    **{word: value for value, word in enumerate(_UNITS + _TEENS, start=1)},
    **{word: 10 * value for value, word in enumerate(_TENS, start=2)},
}
_PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "twelfth": 12, "twentieth": 20, "hundredth": 100,
}  # fmt: skip
_SIGNS = {
    "½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅕": 0.2, "⅖": 0.4, "⅗": 0.6, "⅘": 0.8,
    "⅙": 1 / 6, "⅚": 5 / 6, "⅛": 0.125, "⅜": 0.375, "⅝": 0.625, "⅞": 0.875,
}  # fmt: skip
_MULTIPLES = {
    "once": 1, "twice": 2, "thrice": 3, "doubl": 2, "trebl": 3, "tripl": 3, "quadrupl": 4,
    "halv": 0.5, "couple": 2, "pair": 2, "fortnight": 14, "decade": 10, "centur": 100,
    "year": 1, "month": 1, "week": 1, "day": 1, "hour": 1,
}  # fmt: skip
_TIMES = ("once", "twice", "thrice", "doubl", "trebl", "tripl", "quadrupl", "halv")


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_PART_SIGNS = "".join(_SIGNS)
_SMALL = (
    rf"(?:(?:{_any(_TENS)})(?:[- ](?:{_any(_UNITS)}))?|{_any(_TEENS)}|{_any(_UNITS)}|zero|nought)"
)
_SCALE = rf"(?:{_any(_SCALES)})"
_ORDINAL_PART = _any(part for part in _PARTS if part not in ("half", "quarter"))
_SIMPLE = re.compile(
    rf"""
    (?<![\w.£]) (?:
      (?P<share>
          (?P<over>{_any(_UNITS)}|an?) [\s-] (?P<under>halves|(?:{_any(_PARTS)})s?)
        | (?:an(?:other)?|the) \s (?:(?:remaining|other|top|bottom|highest|lowest) \s)?
          (?P<rest>{_ORDINAL_PART}|quarter|half) (?= \s of \b | \s? [,.;:)] )
        | (?P<bare>half) (?! \s an? \s {_SCALE} )
      ) (?! \w | -(?:{_any(_PARTS)}|sector|part) )
      | (?P<figures> (?:£\s?)? \d+ (?:,\d\d\d)* (?:\.\d+)? [{_PART_SIGNS}]?
          | [{_PART_SIGNS}] | [Ⅰ-Ⅿ]+ )
        (?P<scale> \s? (?:m|bn|k)\b | (?:[\s-]{_SCALE}\b){{1,3}} )?
      | (?P<words>
          (?: {_SMALL} | an? | half \s an? | several )? (?:(?<!\w)|[\s-]) {_SCALE}s? \b
            (?: (?:\s and)? [\s-] (?:{_SMALL}\b | {_SCALE}\b) ){{0,9}}
        | {_SMALL} (?! \w ) (?: \s point (?:\s {_SMALL}\b){{1,9}} )?
        | (?<=\bevery\s) (?:{_ORDINAL_PART}) (?=\s[a-z])
        )
      | (?P<multiple>
          once | twice | thrice | (?:doubl|trebl|tripl|quadrupl|halv)(?:e[ds]?|ing)
        | (?<=\ba\s) (?:couple|pair) (?=\sof\b)
        | (?<=\ba\s) (?:fortnight|decade|century) (?!\sago\b) | (?:year|month|week|day|hour)-long
        | (?P<fold>{_any(_UNITS)}|ten|twenty|hundred) -?fold
        ) (?! [\w-] )
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_HINT = re2.compile(
    rf"(?i)[£\d{_PART_SIGNS}Ⅰ-Ⅿ]|-long\b"
    rf"|\b(?:{_any((*_WORDS, *_SCALES, *_PARTS, *_MULTIPLES, 'halves', 'several'))})"
)
"""What every amount holds, without what tells it from other words: RE2 sees ten times as fast that
there is nothing."""
_JOINT = re.compile(
    r"(?P<range>\s(?:to|or)\s|-(?:to|or)-|\s?[–-]\s?|:)|(?P<and>\sand\s)"
    r"|(?P<among>\s(?:in|out\sof)\s(?:every\s|each\s)?)"
)
_BETWEEN = re.compile(r"\bbetween\s\Z", re.IGNORECASE)
_RATE = re.compile(r"\s?(?:%|per\s?cent\b|percentage\spoints?\b)", re.IGNORECASE)


@dataclass(frozen=True)
class _AmountPart:
    start: int
    end: int
    kind: str
    value: float
    unit: str


def _simple(found: re.Match[str]) -> _AmountPart:
    start, end = found.span()
    kind = found.lastgroup or ""
    kind = {"over": "share", "under": "share", "rest": "share", "bare": "share",
            "scale": "figures", "fold": "multiple"}.get(kind, kind)  # fmt: skip
    text = found[0].lower()
    if kind == "share":
        under = (found["under"] or found["rest"] or "half").lower()
        over = (found["over"] or "a").lower()
        under = under.replace("halves", "half").removesuffix("s")
        value = 100 * _WORDS.get(over, 1) / _PARTS[under]
        return _AmountPart(start, end, kind, value, "percent")
    if kind == "figures":
        return _AmountPart(start, end, kind, _figures(found), "gbp" if "£" in text else "")
    if kind == "multiple":
        stem = next((value for stem, value in _MULTIPLES.items() if text.startswith(stem)), None)
        value = stem if stem is not None else _WORDS.get((found["fold"] or "").lower(), 100)
        return _AmountPart(
            start, end, kind, value, "times" if stem is None or text.startswith(_TIMES) else ""
        )
    return _AmountPart(start, end, "words", _in_words(text), "")


def _figures(found: re.Match[str]) -> float:
    text = found["figures"].strip("£ ").replace(",", "")
    if "Ⅰ" <= text[0] <= "Ⅿ":
        return sum(map(numeric, text))
    sign = _SIGNS.get(text[-1:], 0.0)
    value = float(text.rstrip("".join(_SIGNS)) or 0) + sign
    for scale in re.findall(r"\w+", (found["scale"] or "").lower()):
        value *= _SCALES.get(scale) or {"m": 10**6, "bn": 10**9, "k": 1_000}[scale]
    return value


def _in_words(text: str) -> float:
    whole, _, decimals = text.partition(" point ")
    total = current = 0.0
    for word in re.findall(r"[a-z]+", whole):
        scale = _SCALES.get(word) or _SCALES.get(word.removesuffix("s"))
        if scale:
            current = (current or 1.0) * scale
            if scale >= 1_000:
                total, current = total + current, 0.0
        elif word == "half":
            current = 0.5
        else:
            current += _WORDS.get(word, 0)
    digits = "".join(str(_WORDS.get(word, "")) for word in decimals.split())
    return total + current + (float(f"0.{digits}") if digits.isdigit() else 0)


def _joined(prose: str, group: list[_AmountPart]) -> Amount:
    start, end = group[0].start, group[-1].end
    values = tuple(part.value for part in group)
    unit = next((part.unit for part in group if part.unit), "")
    if len(group) == 2:
        joint = _JOINT.fullmatch(prose, group[0].end, group[1].start)
        if joint and joint["among"] and values[1]:
            values, unit = (100 * values[0] / values[1],), "percent"
        elif joint and joint["and"] and group[1].kind == "share":
            values, unit = (values[0] + values[1] / 100,), unit if unit != "percent" else ""
    rate = _RATE.match(prose, end)
    if rate:
        end, unit = rate.end(), "percent"
    return Amount(start, end, " ".join(prose[start:end].split()), values, unit)


# --- words that need their surroundings ------------------------------------------------------

_PERIOD = r"(?:hour|day|night|week|fortnight|month|term|quarter|year|decade|minute)"
_ONE_BEFORE = re.compile(
    r"(?:(?<!the\s)\bonly|\bjust|\bat\sleast|\bat\smost|\bno\smore\sthan|\bfewer\sthan|"
    r"\bless\sthan|\ball\sbut|\bexactly|\bup\sto|\bunder|\bover|\baged?)\s\Z",
    re.IGNORECASE,
)
_ONE_AFTER = re.compile(
    rf"\s?(?:%|per\s?cent\b|percentage\spoint|[\s-](?!day\b){_PERIOD}s?\b|-{_PERIOD}\b|"
    rf"[\s-]day['’]|\sday\s(?:per|a|an|each|every|of)\b|-(?:third|quarter|fifth|tenth)\b)",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"(?:\s[\w'’-]+){1,4}(?:(?:,|,?\s(?:and|or|plus))(?:\s[\w'’-]+){1,4})*?"
    r"(?:,|,?\s(?:and|or|plus|to))\s"
)
_SHARE_NOUN = re.compile(
    r"\s+(?:of|or|to|in|on|at|by|from|with|per|said|say|had|have|has|were|are|was|is|did|do|"
    r"agreed?|disagreed?|felt|feel|report(?:ed)?|thought|think|believed?|received?|gave|give|"
    r"knew|know|considered?|expressed|identified|met|saw|see|used?|took|take|rated?|answered|"
    r"attended|more|less|fewer|lower|higher|longer|but|than|who|where|while|because|as|never|"
    r"strongly|could|would|can|will|may|might|should|also|now|still|the|a)\b"
    r"|\s+and\b(?!\s+(?:final|last|fourth|fifth|sixth))|\s*[,.;:)?!'’\"—–|%*]|\s*\Z"
)
_HEDGE = re.compile(
    r"\b(?:almost|nearly|about|around|over|under|only|just|than|least|most|by|approximately|"
    r"roughly|up\sto|some|to|of)\s+\Z",
    re.IGNORECASE,
)
_AFTER_SECOND = re.compile(r"\bsecond(?:,|,?\sand)\s\Z", re.IGNORECASE)
_ONCE_PER = re.compile(rf"\s(?:{BLANK}|(?:an?|per|each|every|in\san?)\s(?:\w+\s)?{_PERIOD}\b)")
_DOUBLE_OF = re.compile(r"\s(?:the|that|what|its|their)\b|\sin\s(?:size|number)\b|[.,;]")
_ORDINAL_START = re.compile(r"\s(?:is|was)\s(?:that|the|to|an?|how|whether)\b")


def _counts(prose: str, amount: Amount, near: list[_AmountPart]) -> bool:
    """Say whether a word that may be an amount is one here; `near` are those around it."""
    word = amount.text.lower()
    if word == "one":
        return _one_counts(prose, amount, near)
    if word == "once":
        return bool(_ONCE_PER.match(prose, amount.end))
    if word == "double" or word in ("treble", "triple"):
        return bool(_DOUBLE_OF.match(prose, amount.end))
    share = re.fullmatch(rf"an?[\s-]({_ORDINAL_PART})", word)
    if share:
        if _HEDGE.search(prose, max(0, amount.start - 20), amount.start):
            return True
        if _AFTER_SECOND.search(prose, max(0, amount.start - 14), amount.start):
            return False
        if prose[amount.start].isupper() and _ORDINAL_START.match(prose, amount.end):
            return False
        return bool(_SHARE_NOUN.match(prose, amount.end))
    return True


def _one_counts(prose: str, amount: Amount, near: list[_AmountPart]) -> bool:
    if _ONE_AFTER.match(prose, amount.end):
        return True
    if _ONE_BEFORE.search(prose, max(0, amount.start - 16), amount.start):
        return True
    for other in near:
        if other.start == amount.start or other.kind not in ("words", "figures"):
            continue
        first, last = sorted([(amount.start, amount.end), (other.start, other.end)])
        if last[0] - first[1] < 60 and _LISTED.fullmatch(prose, first[1], last[0]):
            return True
    return False
