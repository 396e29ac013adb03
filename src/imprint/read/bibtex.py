"""The text of a BibTeX file -> its entries as written, each with the lines of its fields.

Each entry is parsed on its own, so that a broken one is reported with the faults of all the others.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from pybtex.database.input.bibtex import LowLevelParser, UndefinedMacro, month_names
from pybtex.exceptions import PybtexError
from pybtex.scanner import PrematureEOF

from imprint.core.problems import Place, Problem, problem


@dataclass(frozen=True)
class BibtexEntry:
    """An entry as written."""

    type: str
    """In lower case."""
    key: str
    fields: tuple[tuple[str, str], ...]
    """Names in lower case, and values, in their order."""
    field_lines: tuple[int, ...]
    """The line of each field."""
    place: Place


_ENTRY = re.compile(r"@[ \t]*(?P<type>\w+)\s*[{(]")


_LINE_START = re.compile(r"^(?=[ \t]*@[ \t]*\w+\s*[{(])", re.MULTILINE)


_NO_KEY = re.compile(r"\s*([,})]|\w+\s*=|$)")


def parse(file: str, text: str) -> Iterator[BibtexEntry | Problem]:
    """The entries one after another, wherever they stand: what lies between is comment to BibTeX
    and to pandoc. After one that cannot be read, the next that begins a line is looked for."""
    macros = dict(month_names)
    starts = [match.start() for match in _LINE_START.finditer(text)]
    ends = [match.start() for match in re.finditer("\n", text)]

    def stray(start: int, end: int, after: str) -> Iterator[Problem]:
        return _stray_text(Place(file, bisect_left(ends, start) + 1), text[start:end], after)

    head = _ENTRY.search(text)
    yield from stray(0, head.start() if head else len(text), "")
    while head:
        begin, found = head.start(), list[BibtexEntry | Problem]()
        if head["type"].lower() == "comment":
            position = _comment_end(text, head)
        else:
            following = bisect_right(starts, begin)
            end = starts[following] if following < len(starts) else len(text)
            place = Place(file, bisect_left(ends, begin) + 1)
            found, length = _read_entry(place, text[begin : max(end, head.end())], macros)
            position = begin + length
        head = _ENTRY.search(text, position)
        name = next((f"entry '{it.key}'" for it in found if isinstance(it, BibtexEntry)), "")
        # An entry that ended too early lacks what is left over, which would be told of it too.
        left = stray(position, head.start() if head else len(text), name)
        yield from list(left) or found


def _read_entry(
    place: Place, text: str, macros: dict[str, str]
) -> tuple[list[BibtexEntry | Problem], int]:
    """What the entry that begins a text holds, and how many characters it takes."""
    head = _ENTRY.match(text)
    assert head
    kind = head["type"].lower()
    plain_entry = kind not in ("string", "preamble")
    if plain_entry and _NO_KEY.match(text, head.end()):
        fix = f"write '@{head['type']}{{author_year,' with a key of your own"
        message = f"@{kind} entry has no key"
        return [Problem(place, "reference-has-key", message, fix)], len(text)
    if plain_entry and (spaced := _SPACED_KEY.match(text, head.end())):
        message = f"the key '{spaced[1]}' has a blank in it, so that nothing can cite it"
        fix = f"write '{'_'.join(spaced[1].split())}'"
        return [Problem(place, "reference-has-key", message, fix)], len(text)
    parser = _EntryParser(text, place.line, macros)
    parsed = next(iter(parser), None)
    what = f"entry '{parser.current_entry_key}'" if plain_entry else f"@{kind}"
    if parser.errors:
        told = [_syntax_problem(place.file, parser, error, what) for error in parser.errors]
        return [*told], len(text)
    if not plain_entry or parsed is None:
        return [], parser.pos
    key, fields = parsed[1]
    written = tuple((name.lower(), "".join(parts)) for name, parts in fields)
    return [BibtexEntry(kind, key, written, tuple(parser.field_lines), place)], parser.pos


_SPACED_KEY = re.compile(r"\s*([^\s,{}=\"]+(?:[ \t]+[^\s,{}=\"]+)+)\s*,")


def _comment_end(text: str, head: re.Match[str]) -> int:
    """Where a comment ends: with its braces, as pandoc has it, or else with its first word."""
    depth = 1
    for brace in _BRACE.finditer(text, head.end()) if head[0][-1] == "{" else ():
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if not depth:
            return brace.end()
    return head.end()


_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


class _EntryParser(LowLevelParser):  # type: ignore[misc, unused-ignore]
    """pybtex's parser, for the text of one entry; keeps the line of every field and all errors."""

    def __init__(self, text: str, line: int, macros: dict[str, str]) -> None:
        super().__init__(text, macros=macros)
        self.lineno = self.entry_line = line
        self.field_lines: list[int] = []
        self.errors: list[PybtexError] = []

    def parse_value(self) -> None:
        self.field_lines.append(self.lineno)
        super().parse_value()

    def handle_error(self, error: PybtexError) -> None:
        self.errors.append(error)


def _syntax_problem(file: str, parser: _EntryParser, error: PybtexError, what: str) -> Problem:
    field = f" field '{parser.current_field_name}'" if parser.current_field_name else " its head"
    line = parser.field_lines[-1] if parser.field_lines else parser.entry_line
    if isinstance(error, PrematureEOF) or error.args[0] == "unbalanced braces":
        message = f"{what} does not end: a brace or quotation mark is missing in or after{field}"
        fix = "close every '{' and '\"' that is opened"
    elif isinstance(error, UndefinedMacro):
        line = error.lineno
        message = f"{what}: a value without braces is neither a number nor a known abbreviation"
        fix = "put the value in braces"
    else:
        line = error.lineno
        message = f"{what} cannot be read after{field}: {error.args[0]}"
        fix = "end every field but the last with a comma, and give each as name = {value}"
    return problem("bibliography-parses", file, line, message, fix)


def _stray_text(place: Place, text: str, after: str) -> Iterator[Problem]:
    """Find what is left of an entry that ended too early; other text between entries is comment."""
    for offset, content in enumerate(text.split("\n")):
        if _LEFT_OVER.search(content) and not content.lstrip().startswith("%"):
            where = f"after the end of {after}" if after else "before any entry"
            message = f"text {where} belongs to no entry"
            fix = "remove the closing brace too many above it, or open the line with '%'"
            yield problem("bibliography-parses", place.file, place.line + offset, message, fix)
            return


_LEFT_OVER = re.compile(r"[{}]|^\s*,|^\s*\w+\s*=\s*[\"{\w]")
