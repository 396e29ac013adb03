"""Names that are almost those that the report knows: a letter or a word off, or turned round."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher

from imprint.check.composed import ComposedReport
from imprint.check.prose.paragraphs import Paragraph
from imprint.check.prose.printed import field_place
from imprint.check.rules.words.names import tells_of_slips
from imprint.check.table_rows import read_tables, table_rows
from imprint.core.problems import Problem

ALIKE = 0.85
"""Likeness of letters from which a word of eight letters or more is taken for another."""
NEAR = 0.6
"""The same for one word of a name whose other words are all the same."""
MISSPELT = 0.8
"""The same where the first letters differ."""
LONG = 6
"""Letters from which a name of one word is compared."""
LONG_NAME = 4
"""Words from which a name is known by all but one of them."""
_JOIN = r"(?:of|for|and|in|on|to|with|&)"
_PHRASE = re.compile(rf"(?<![\w'-])[A-Z][\w'-]*(?:,?\s+(?:{_JOIN}\s+){{0,2}}[A-Z&][\w'-]*)*")
_LEADING = frozenset({
    "A", "An", "The", "In", "On", "At", "For", "From", "With", "Of", "To", "By", "And", "But",
    "Its", "Their", "Professor", "Lord",
})  # fmt: skip


def check_near_names(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every name in text or bibliography that is almost one that the tables
    of names, abbreviations and works keep (`name-is-near-known`)."""
    yield from _works(report)
    known = _known(report)
    if not known:
        return
    by_word = _by_word(known)
    judged: dict[str, tuple[str, str]] = {}
    telling = tells_of_slips(report)
    for paragraph in (it for it in report.all_written() if it.file not in telling):
        for phrase, start in _phrases(paragraph):
            if phrase not in judged:
                judged[phrase] = _meant(phrase, known, by_word)
            said, name = judged[phrase]
            if name:
                message = f"'{said}' is almost '{name}', which {known[name]} keeps"
                fix = f"write '{name}', or add '{said}' there if it is another"
                place = paragraph.place(start + phrase.find(said))
                yield Problem(place, "name-is-near-known", message, fix)


_BODIES = ("publisher", "institution", "organization", "school")


def _works(report: ComposedReport) -> Iterator[Problem]:
    """Bodies in the bibliography that are almost those of the tables."""
    kept = _kept(report)
    by_word = _by_word(kept)
    for work in report.library.references.values() if kept and report.library else ():
        named = [(field, work.fields.get(field, "")) for field in _BODIES]
        named += [("author", it.family) for it in work.people.get("author", ()) if not it.given]
        for field, body in named:
            said, name = _meant(_plain(body), kept, by_word) if body else ("", "")
            if name:
                message = f"'{said}' is almost '{name}', which {kept[name]} keeps"
                fix = f"write '{name}', or add '{said}' there if it is another"
                yield Problem(field_place(work, field), "name-is-near-known", message, fix)


def _by_word(names: Iterable[str]) -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        for word in _words(name):
            found[word].add(name)
    return found


def _known(report: ComposedReport) -> dict[str, str]:
    """Each name with the file that keeps it, authors among them."""
    found = _kept(report)
    for work in report.library.references.values() if report.library else ():
        for person in work.people.get("author", ()):
            if " " in person.family:
                found.setdefault(_plain(person.family), work.place.file)
            elif len(person.given) > 2 and "." not in person.given:
                found.setdefault(_plain(f"{person.given} {person.family}"), work.place.file)
    return {name: file for name, file in found.items() if name[:1].isupper()}


def _kept(report: ComposedReport) -> dict[str, str]:
    """The names of the tables, with their files."""
    tables = report.settings.tables
    found: dict[str, str] = {}
    for row in table_rows(report, tables.names):
        name = _plain(str(row.get("canonical") or ""))
        if row.get("kind") in ("body", "place") or len(name.split()) > 1:
            found.setdefault(name, read_tables(report)[tables.names].table.file)
    for row in table_rows(report, tables.abbreviations):
        expansion = _plain(str(row.get("expansion") or ""))
        if " " in expansion:
            found.setdefault(expansion, read_tables(report)[tables.abbreviations].table.file)
    return {name: file for name, file in found.items() if name[:1].isupper()}


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").split())


def _words(name: str) -> list[str]:
    return [word.removesuffix("'s").rstrip("',.") for word in name.split()]


def _phrases(paragraph: Paragraph) -> Iterator[tuple[str, int]]:
    """Runs of words with capitals, without an article before them."""
    text = paragraph.without_titles.replace("’", "'")
    for found in _PHRASE.finditer(text):
        words, start = found[0], found.start()
        while (first := re.match(r"(\w+)\s+", words)) and first[1] in _LEADING:
            words, start = words[first.end() :], start + first.end()
        if words:
            yield " ".join(words.split()), start


def _meant(
    phrase: str, known: Mapping[str, str], by_word: Mapping[str, set[str]]
) -> tuple[str, str]:
    """Those words of a phrase that are almost a known name, and that name; empty for none."""
    words = _words(phrase)
    if any(phrase in name or (" " in name and name in phrase) for name in known):
        return "", ""
    for name in (name for name in known if " " not in name and name not in words):
        for word in words:
            if _is_near_word(word, name):
                return word, name
    for name in sorted({name for word in words for name in by_word.get(word, ())}):
        parts = _words(name)
        for at in range(len(words) - len(parts) + 1) if len(parts) > 1 else ():
            if _is_near(words[at : at + len(parts)], parts):
                return " ".join(phrase.split()[at : at + len(parts)]), name
        if _has_one_more(words, parts) or _has_one_more(parts, words):
            return phrase, name
    return "", ""


def _has_one_more(longer: list[str], shorter: list[str]) -> bool:
    """A long name that begins as another does, but for a word put into it."""
    whole = min(len(longer) - 1, len(shorter))
    inside = range(1, whole)
    return whole >= LONG_NAME and any(
        longer[:at] + longer[at + 1 : whole + 1] == shorter[:whole] and longer[at][0].isupper()
        for at in inside
    )


def _is_near_word(one: str, other: str) -> bool:
    long = min(len(one), len(other)) >= LONG and one[0] == other[0]
    plural = {one.rstrip("s"), other.rstrip("s")}
    return long and len(plural) > 1 and SequenceMatcher(None, one, other).ratio() >= ALIKE


def _is_near(one: list[str], other: list[str]) -> bool:
    """The same words in another order, or all but one, which is like its partner."""
    if len(one) != len(other) or one == other:
        return False
    if sorted(one) == sorted(other):
        return True
    unlike = [at for at, pair in enumerate(zip(one, other, strict=True)) if len(set(pair)) > 1]
    if len(unlike) != 1:
        return False
    a, b = one[unlike[0]], other[unlike[0]]
    if "&" in (a, b) or (a.islower() and b.islower()):
        return True
    likeness = SequenceMatcher(None, a.casefold(), b.casefold()).ratio()
    # Of four words one within may differ: two bodies are rarely so near.
    within = len(one) > 3 and unlike[0] > 0
    return within or likeness >= (NEAR if a[0] == b[0] else MISSPELT)
