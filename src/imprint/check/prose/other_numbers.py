"""Numbers that are not amounts: dates, pages, names, addresses, idioms -> blanked, columns kept.

What is blanked here needs no source of its own. A pattern that blanks too much hides unsourced
numbers; one that blanks too little raises false alarms: tests/cases/numbers.yml weighs both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache, partial

from imprint.core.settings import Words
from imprint.read.chapters.sentences import OPAQUE

BLANK = "\x00"
"""Stands for every blanked character, so that no pattern runs across it."""


def blank_other_numbers(prose: str, words: Words) -> str:
    """Blank every number of a paragraph that is no amount, keeping all columns; `words` are the
    report's own that tell the two apart."""
    prose = _other(words.numbered).sub(_blank, prose)
    prose = _YEAR.sub(partial(_blank_year, _count(words.kinds)), prose)
    marks = [int(found[1]) for found in _ENUMERATION.finditer(prose)]
    return _ENUMERATION.sub(_blank, prose) if marks[:2] == [1, 2] else prose


def is_title(words: str) -> bool:
    """Whether words in italics are a title: they begin with a capital, and are no number that
    stands out so."""
    counts = _NUMBER_FIRST.match(words) or _EMPHASIS.match(words)
    return not counts and (words[:1].isupper() or words[:1] in "‘'\"")


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first, with any spaces and apostrophes; it finds
    nothing where there are none."""
    listed = sorted(words, key=len, reverse=True)
    spaced = (r"\s+".join(map(re.escape, word.split())) for word in listed)
    return "|".join(spaced).replace("'", "['’]") or "(?!)"


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", BLANK, found[0])


# --- titles, years and enumerations ----------------------------------------------------------

_NUMBER_FIRST = re.compile(
    r"(?:(?:Almost|Nearly|Just|Only|About|Over|Under|More|Fewer|Less|At|In|Of|All|The)\s)?"
    r"(?:(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve|[A-Z][a-z]+teen|"
    r"[A-Z][a-z]+ty|Half|Hundreds?|Thousands?|Dozens?|Several)\b|\d"
    r"|An?\s(?:third|quarter|half|fifth|hundred|thousand|dozen)\b"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]+teen|[a-z]+ty|half|"
    r"an?\s(?:third|quarter|half|fifth|hundred|thousand|dozen))\b)(?![^:]*:)"
)
_EMPHASIS = re.compile(
    r"[A-Z][a-z'’-]+(?:\s[a-z'’-]+)*\s(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|[a-z]+teen|[a-z]+ty)\s[a-z]+(?:\s[a-z'’-]+)*\Z"
)
"""A phrase without any other capital that counts something: words that stand out, and no title."""
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
_YEAR = re.compile(
    r"(?<![£$€.,\d])\b(?:1[5-9]|20)\d\d(?:\s?[–—-]\s?(?:\d{4}|\d\d)\b|/\d\d(?:\d\d)?\b)?"
    r"(?:\s?:\s?\d+(?:[–-]\d+)?(?=[);]))?(?![\d%]|,\d{3}|\.\d|\w)"
)


@lru_cache(maxsize=8)
def _count(kinds: tuple[str, ...]) -> re.Pattern[str]:
    """What could be a year and counts something."""
    counted = any_of(("people", "children", "young", "staff", "women", "men", *kinds))
    return re.compile(
        rf"\d{{4}}\s(?:{counted}|per\s?cent|(?:[a-z-]+\s)?"
        r"(?!was\b|has\b|is\b|does\b|sees\b|shows\b|marks\b|brings\b|as\b|its\b|this\b)"
        r"[a-z]{3,}(?<!s)s(?<!us)(?<!is))\b"
    )


_REACHED = re.compile(
    r"\b(?:(?:rose|risen|rising|rises|fell|fallen|falling|grew|grown|climbed|dropped|increased|"
    r"decreased|up|down|went)\s(?:by|to)|reach(?:ed|es|ing)|totall?(?:ed|ing)|numbered|numbers|"
    r"exceed(?:ed|s)|more\sthan|fewer\sthan|at\sleast|at\smost|nearly|almost|some)\s\Z",
    re.IGNORECASE,
)
_LEADS_TO_YEAR = re.compile(
    rf"(?:\b(?:in|since|during|until|till|before|after|from|by|the|early|late|mid|an?|this|and|its|"
    rf"their|his|her|our|that|these|those|original|of|to|for|both|final|new)"
    rf"|['’]s|{_MONTH})\s?\Z",
    re.IGNORECASE,
)
_ENUMERATION = re.compile(r"\((\d{1,2})\)")


def _blank_year(count: re.Pattern[str], found: re.Match[str]) -> str:
    start = found.start()
    if _REACHED.search(found.string, max(0, start - 24), start) and "–" not in found[0]:
        return found[0]
    if count.match(found.string, start) and not _LEADS_TO_YEAR.search(
        found.string, max(0, start - 14), start
    ):
        return found[0]
    return _blank(found)


# --- everything that one pattern tells -------------------------------------------------------

_DASH = r"\s?[–—-]\s?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_CAPITAL = r"(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve|Hundred)"
_MARK = r"(?:\d+(?:\.\d+)*[a-z]?\b|[ivxlc]+\b)"
_MARKS = rf"{_MARK}(?:(?:{_DASH}|,\s?|\s?&\s?|\s(?:and|to|or)\s){_MARK})*"
_NUMERAL = rf"(?:\d+(?:\.\d+)*[a-z]?\b(?!\s?(?:%|per\scent|,\d))|{_WORD}\b)"
_PERIOD = r"(?:day|week|month|year|hour)"

_DATES = rf"""
    \b \d{{4}}-\d\d-\d\d \b
  | \b \d{{1,2}}/\d{{1,2}}/\d{{2,4}} \b
  | \b {_DAY} (?: (?:{_DASH}|\s(?:to|and|or)\s) {_DAY} )? \s (?:of\s)? {_MONTH}
  | {_MONTH} \s {_DAY} \b (?= ,?\s\d{{4}}\b | [,.;)] )
  | \b \d{{1,2}} (?:[.:]\d\d)? \s? (?: am\b | pm\b | a\.m\. | p\.m\. | noon\b | o['’]clock\b )
  | \b (?:at|by|from|until|till|after|before) \s \d{{1,2}}[.:]\d\d \b (?! \s?(?:%|per|m\b|million) )
  | \b (?:1[5-9]|20)\d0s \b
  | (?<!\w) ['’]\d\d (?= [.,;)] | \Z )
  | \b (?i:first|second) \s half \s of \s
      (?: the \s (?:\w+\s)? (?:year|decade|century|term)\b | \d{{4}}\b )
"""

_LOCATORS = rf"""
    (?<={OPAQUE}) (?: ,\s | \s\[ ) {_MARKS} (?= [\];] )
  | (?<![\w.]) (?:pp?|paras?|sect?s?|ss?|chs?|chaps?|vols?|nos?|figs?|arts?|cols?|eds?|ll)
      (?: \.\s? | \s ) {_MARKS}
  | \b (?i:pages?|paragraphs?|footnotes?|endnotes?|notes?|columns?|lines?) \s {_MARKS}
  | \b\d+ \([^()\s]+(?:\s[^()\s]+)?\)
      (?: [,:]\s? (?:pp?\.\s?)? \d+ (?:[–-]\d+)? )?
"""

_THING = (
    r"section|article|clause|schedule|regulation|rule|level|tier|strand|stage|phase|step|"
    r"recommendation|principle|chapter|figure|table|version|band|grade|question|type|volume|part|"
    r"item|standard|objective|theme|room|outcome|indicator"
)
_LABELLED = (
    r"Group|Class|Case|Year|Week|Day|Unit|Area|Site|School|Zone|Option|Form|Ward|Round|Term|"
    r"Session|Module|Circular|Cohort|Team|Child|Family|"
    r"Interviewee|Respondent|Channel|Radio|Act|Protocol|Junction|Terminal|Platform|Route"
)
_NAMED = rf"\s (?: \d+[A-Za-z]?\b | {_CAPITAL}\b ) (?: (?:{_DASH}|\s(?:to|and|or)\s) \d+\b )?"
_NAMES = rf"""
    \b (?i: {_THING} | box | appendix | annex | priority | web | key\sstage | number | criterion )
      [\s-] (?i:{_NUMERAL}) (?: (?:{_DASH}|\s(?:to|or)\s) (?i:{_NUMERAL}) )?
  | \b (?i: (?:{_THING})s | boxes | appendices | annexes | priorities | key\sstages | criteria )
      \s (?i:{_NUMERAL}) (?: (?: {_DASH} | ,\s | ,?\s(?:to|and|or|&)\s ) (?i:{_NUMERAL}) )+
  | \b (?:{_LABELLED})s? {_NAMED}
  | \b (?:NVQ|HC|HL|Cm|Cmnd|Cd|SI|ISO|ICD|EN|BS|DSM|KS|PSA|NI|EU|UN) \s?-? \d+ (?:[/.]\d+)* \b
  | \b [A-Z]{{2,}} \s \d{{1,3}} (?= [).,;:] | \Z )
  | \b [A-Z]{{1,2}}\d[A-Z\d]? \s \d[A-Z]{{2}} \b
  | \b [A-Za-z]\w*\d\w* (?:[–-][A-Za-z]\d\w*)?
  | \b \d+ (?! (?:m|bn|k|p|x|hrs?|mins?|yrs?|km|kg|cm|mm|ml)\b ) [A-Za-z]{{1,3}}\d* \b
      (?! \s(?:per)?centile )
  | \b \d+ (?:\.\d+){{2,}} \b
  | \b [A-Za-z]+ (?<!nder) (?<!ver) (?<!to) - \d{{1,2}} [a-z]? \b
  | \b \d+[A-Za-z]? (?:[–-]\d+)? \s (?:[A-Z][\w'’]+\s){{1,3}} (?:Street|Road|Avenue|Lane|Square|
      House|Place|Way|Drive|Close|Court|Gardens|Terrace|Park|Row|Hill|Green|Crescent|Buildings?)\b
  | \b PO\sBox\s\d+ \b
  | \b (?:[Nn]umber|[Nn]os?\.?|[Rr]egist(?:ered|ration)) \s \d{{4,}} \b
  | (?<=[a-z,;’'(]\s) {_CAPITAL} [\s-] (?=[A-Z])
  | \b [A-Z]\w+ \s (?:of\s)? {_CAPITAL} (?= [\s.,;:)'’] | \Z )
  | \b {_CAPITAL} \s [A-Z][a-z]+ \s (?:Plan|Programme|Strategy|Report|Agenda|Principles|Outcomes)\b
"""

_IDENTIFIERS = r"""
    \b ISBN (?:-1[03])? :? \s? \d [\d\s–-]{8,18} [\dXx] \b
  | \b 97[89] (?:[\s–-]?\d){10} \b
  | \b ISSN :? \s? \d{4}-?\d{3}[\dXx] \b
  | \b (?:doi:?\s?)? 10\.\d{4,}/\S+
  | \+\d [\d\s()-]{6,} \d
  | \(? \b 0\d{2,4} \)? [\s-] \d{3,4} (?: [\s-]? \d{3,4} )? \b
  | \b (?: 24/7 | 9/11 | 7/7 ) \b
"""

_IDIOMS = rf"""
    \b (?i:
      (?:one|two|three) (?: \s?[-\s](?:to|by|on)[-\s] ) (?:one|two|three) (?!\s{_PERIOD})
    | one\sanother | no\sone | on\sthe\sone\shand | (?:at|from)\sone\stime
    | one\s(?:and\sthe\s)?same
    | one\sor\s(?:an)?other | one\sway\sor\sanother | one\sor\smore | for\sone\sthing | one['’]s
    | (?<!but\s)(?<!only\s)(?<!just\s)(?<!least\s)(?<!than\s) one\sof
    | one\sday (?! ['’] | \s(?:per|an?|each|every|of)\b )
    | (?:any|every|each|some|this|that|which|another|new|old|good|right|wrong
        |the\s(?:only|last|next|first)) \sone \b (?! - | \s(?:in\s{_WORD}|per\scent|{_PERIOD}) )
    | one- (?:off|offs|stop|sided|way|size)
    | two- (?:way|tier|parent|faced|edged|sided) | three- (?:way|dimensional)
    | (?:is|are|was|were|be)\s (?:two|three|four) -? fold
    | no\stwo (?! \s(?:per|in|thirds)\b )
    | (?:next|following|previous|preceding|last) \s (?:two|three|four) (?= \s (?:boxes|chapters
        |examples|figures|pages|paragraphs|passages|sections|sentences|tables)\b )
    | two\ssides\s(?:of|to) | in\stwo\sminds | two\sand\stwo\stogether
    | once\sor\stwice | (?:think|thinks|thought|thinking)\stwice | second\sto\snone
    | nine\sto\sfive | one\sin\sa\smillion | an?\s(?:hundred|thousand)\sand\sone
    | (?:between|of|for|to|from|with)\sthe\stwo
        (?= [.,;:)] | \s(?:is|are|was|were|and|may|can|do|have|had|has|in|as|to)\b | \Z )
    | the\stwo (?= \s(?:are|were|have|had|may|can|do|did|must|should|cannot|will|would|could
        |go|work|come|belong|differ|agree|meet|seem|stand|overlap|make|need)\b )
    | aged \s \d{{1,2}} \s (?:or|and) \s (?:over|above|older|under|below|younger)
    | \d{{1,2}} -year-olds? | (?:under|over) -? \d{{1,2}}s
    | 24-hour | (?:in|of) \s two \s (?:ways|halves|minds) | in \s (?:two|three) \s parts
    | zero [\s-] (?:tolerance|sum|hours)
    | the\sother\shalf (?! \sof\s (?:the\s)? \w+s\b )
    | better\shalf | half\sthe\sbattle | half\san\s(?:eye|ear)
    | half [\s-] (?:terms?|way|hearted\w*|baked|truths?|yearly|brothers?|sisters?|siblings?)
    | (?:first|second|third|fourth|last|final|next|previous|each|every|per|this) \s quarter
    | close\squarters | (?:under|over) [\s-] {_WORD}s
    | third [\s-] (?:sector|party|parties|world|person|reading|age)
    | double [\s-] (?:check\w*|click\w*|edged|bind|glazing|counting|shift|standards?|decker)
    ) \b
"""


@lru_cache(maxsize=8)
def _other(numbered: tuple[str, ...]) -> re.Pattern[str]:
    """Every number that is no amount."""
    own = rf"\b (?:{any_of(numbered)})s? {_NAMED}" if numbered else ""
    groups = (_IDENTIFIERS, _DATES, _LOCATORS, _NAMES, _IDIOMS, own)
    # Nothing here begins within a word, and most places in a text are within one.
    listed = "|".join(f"(?:{group})" for group in groups if group)
    return re.compile(f"(?<![A-Za-z])(?:{listed})", re.VERBOSE)
