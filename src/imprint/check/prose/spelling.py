"""Spelling: the dictionary of a style, the report's names and its own list of words.

The report's own words stand in styles/words.txt, one a line; a line that begins with # is a remark.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Mapping
from pathlib import Path

from imprint.check.prose.dictionary import Dictionary
from imprint.check.table_rows import table_rows
from imprint.core.problems import Problem, problem
from imprint.core.settings import Style
from imprint.read.data.csv_rows import short
from imprint.read.report import Report

WORDS = "styles/words.txt"
"""The report's own words."""

AMERICAN = {
    "gotten": "got",
    "judgment": "judgement",
    "judgments": "judgements",
    "misjudgment": "misjudgement",
    "program": "programme",
    "programs": "programmes",
    "toward": "towards",
}
"""Spellings that the dictionary allows and British house style does not."""

_WORD = re.compile(r"(?<!\d)[^\W\d_]+(?:['’-][^\W\d_]+)*")
_AMERICAN_ENDING = re.compile(r"([a-z]{2,})iz(e|es|ed|ing|er|ers|ation|ations)")
_ALWAYS_Z = re.compile(r"(?:up|out|over|under)?(?:s|pr|se|caps|ass|ma|re?s|bapt)iz")
_SAID = 3
_LOOKED_FOR, _LONGEST = 6, 24
"""Unknown words, and their letters, for which the nearest known ones are sought: each takes a tenth
of a second and more."""


class Speller:
    """Looks words up in the dictionary, among the report's names and in its word list."""

    def __init__(
        self,
        dictionaries: Mapping[Style, Dictionary],
        own: Mapping[str, int],
        names: frozenset[str],
    ) -> None:
        self.dictionaries = dictionaries
        """By style; none for text that is held to no style."""
        self.own = own
        self.names = names
        self.sound: set[tuple[Style, str]] = set()
        """Words as they stand in texts, most of which stand in many."""
        self.near: dict[str, str] = {}
        self.needed: set[str] = set()
        """Words that only the report's own list knows."""

    def slips(
        self, text: str, style: Style, quoted: Container[str] = ()
    ) -> Iterator[tuple[int, str, str, str]]:
        """Offset, code, message and fix of every misspelt word of a text; `quoted` words may
        stand there whatever their spelling."""
        if style not in self.dictionaries:
            return
        for found in _WORD.finditer(text):
            if (style, found[0]) in self.sound:
                continue
            word, is_sound = found[0].replace("’", "'"), True
            for offset, code, message, fix in self._slips_of(word, style, word in quoted):
                yield found.start() + offset, code, message, fix
                is_sound = False
            if is_sound and word not in quoted:
                self.sound.add((style, found[0]))

    def _slips_of(
        self, word: str, style: Style, is_quoted: bool
    ) -> Iterator[tuple[int, str, str, str]]:
        american = self._british_for(word) if style == "british" else ""
        if american:
            message = f"'{short(word)}' is an American spelling"
            yield 0, "spelling-is-british", message, f"write '{american}'"
            return
        for part, offset in self._unknown(word, style) if not is_quoted else ():
            message = f"'{short(part)}' is in no dictionary"
            fix = f"{self._nearest(part, style)}add it to {WORDS}"
            yield offset, "word-is-spelt", message, fix

    def needless(self) -> Iterator[Problem]:
        """Lines of the report's own list that no text needed; asked once all are read."""
        for word, line in self.own.items():
            if word not in self.needed:
                message = f"nothing printed needs '{word}'"
                yield problem("word-list-is-sound", WORDS, line, message, "delete the line")

    def _nearest(self, word: str, style: Style) -> str:
        if word not in self.near and len(self.near) < _LOOKED_FOR and len(word) <= _LONGEST:
            close = [f"'{known}'" for known in self.dictionaries[style].nearest(word)[:_SAID]]
            self.near[word] = f"did you mean {' or '.join(close)}? If not, " if close else ""
        return self.near.get(word, "")

    def _british_for(self, word: str) -> str:
        """How a word in American spelling is spelt here; empty for any other."""
        if word.lower().removesuffix("'s") in AMERICAN:
            british = AMERICAN[word.lower().removesuffix("'s")]
            return british.capitalize() if word[0].isupper() else british
        found = _AMERICAN_ENDING.fullmatch(word)
        if not found or _ALWAYS_Z.match(word):
            return ""
        british = f"{found[1]}is{found[2]}"
        return british if self.dictionaries["british"].knows(british) else ""

    def _unknown(self, word: str, style: Style) -> Iterator[tuple[str, int]]:
        """The parts of a word that nobody knows, with their offsets."""
        if self._knows(word, style):
            return
        if "-" not in word:
            yield word, 0
            return
        offset = 0
        for part in word.split("-"):
            if part and not self._knows(part, style):
                yield part, offset
            offset += len(part) + 1

    def _knows(self, word: str, style: Style) -> bool:
        bare = re.sub(r"'s$", "", word)
        if len(bare) == 1 or re.fullmatch(r"[A-Z]{2,}s?", bare):
            return True
        dictionary = self.dictionaries[style]
        if dictionary.knows(bare) or dictionary.knows(word):
            return True
        for candidate in (bare, bare.lower(), bare.removesuffix("s")):
            if candidate in self.own:
                self.needed.add(candidate)
                return True
            if candidate in self.names:
                return True
        return False


def read_speller(report: Report) -> tuple[Speller, list[Problem]]:
    """The report's speller, and problems of its word list, where it has a style to be held to."""
    styles = {publication.settings.style for publication in report.publications} - {"none"}
    if not styles:
        return Speller({}, {}, frozenset()), []
    root = report.project.root
    dictionaries = {style: Dictionary(root, style) for style in sorted(styles)}
    own, problems = _own_words(root, dictionaries.values())
    return Speller(dictionaries, own, _names(report)), problems


def _own_words(
    root: Path, dictionaries: Collection[Dictionary]
) -> tuple[dict[str, int], list[Problem]]:
    """The report's own words by their lines."""
    path = root / WORDS
    if not path.is_file():
        return {}, []
    words: dict[str, int] = {}
    problems: list[Problem] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return {}, [problem("word-list-is-sound", WORDS, 0, "this file is not UTF-8", "save it so")]
    for number, line in enumerate(lines, start=1):
        word = line.strip()
        if not word or word.startswith("#"):
            continue
        message = ""
        if word in words:
            message = f"'{word}' stands on line {words[word]} too"
        elif not _WORD.fullmatch(word):
            message = f"'{word}' is not one word"
        elif all(it.knows(word) for it in dictionaries):
            message = f"the dictionary knows '{word}'"
        if message:
            fix = "delete the line"
            problems.append(problem("word-list-is-sound", WORDS, number, message, fix))
        else:
            words[word] = number
    return words, problems


def _names(report: Report) -> frozenset[str]:
    """Every word of the names, abbreviations and authors that the report keeps lists of."""
    texts: list[str] = []
    tables = report.settings.tables
    for table, column in ((tables.names, "canonical"), (tables.abbreviations, "abbreviation")):
        texts += [str(row.get(column) or "") for row in table_rows(report, table)]
    if report.library is not None:
        for reference in report.library.references.values():
            texts += [who.family for people in reference.people.values() for who in people]
    return frozenset(word for text in texts for word in re.findall(r"[^\W\d_]+", text))
