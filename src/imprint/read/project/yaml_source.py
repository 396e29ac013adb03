"""YAML text -> a tree of values that know their place, or problems with file, line and column.

Scalars are read as Quarto reads them, by the JSON rules of YAML 1.2: `yes`, `on` and `2010-03-17`
are text, only `true` and `false` are truth values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from imprint.core.files import EncodingError, decoded, plain_lines, read_file
from imprint.core.problems import Place, Problem
from imprint.read.limits import DEEPEST, MOST_NUMBER, MOST_VALUES
from imprint.read.node import Node, Scalar

Locate = Callable[[int, int], Place]
"""From line and column of a YAML text, both counted from 0, to the place in the author's file."""

_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)\Z")
_FLOAT = re.compile(
    r"(?:[-+]?(?:[0-9][0-9_]*)(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?)\Z"
)


def located(file: str, first_line: int = 1) -> Locate:
    """Places of a text that stands unindented in a file from that line on."""
    return lambda line, column: Place(file, first_line + line, column + 1)


def read_yaml(text: str, locate: Locate) -> tuple[Node, list[Problem]]:
    """Read a YAML text; on problems the tree holds what could be read, an empty map at worst."""
    empty = Node({}, locate(0, 0), locate(0, 0))
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        return empty, [_syntax_problem(error, text, _by_line(text, locate))]
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        place = locate(before.count("\n"), len(before) - before.rfind("\n") - 1)
        message = "YAML holds a character that cannot stand in it"
        return empty, [Problem(place, "yaml-is-valid", message, "delete the character")]
    except RecursionError:
        return empty, [_too_deep(locate)]
    except ValueError as error:
        message = f"YAML cannot be read: {str(error).splitlines()[0]}"
        return empty, [Problem(locate(0, 0), "yaml-is-valid", message, "write the value plainly")]
    if root is None:
        return empty, []
    try:
        reader = _NodeReader(_by_line(text, locate))
        return reader.node(root, None, ()), reader.problems
    except RecursionError:
        return empty, [_too_deep(locate)]


def _too_deep(locate: Locate) -> Problem:
    message = f"YAML is nested deeper than {DEEPEST} levels"
    return Problem(locate(0, 0), "yaml-is-valid", message, "flatten it")


def read_yaml_file(path: Path, file: str) -> tuple[Node, list[Problem]]:
    """Read a YAML file, named `file` in problems."""
    text, problems = read_text(path, file)
    if problems:
        return Node({}, Place(file, 1), Place(file, 1)), problems
    node, found = _read(text, file)
    return node, list(found)


# Several readers ask for the same file, and a preview's for the same as before the edit.
@lru_cache(maxsize=32)
def _read(text: str, file: str) -> tuple[Node, tuple[Problem, ...]]:
    node, problems = read_yaml(text, located(file))
    return node, tuple(problems)


def read_text(path: Path, file: str) -> tuple[str, list[Problem]]:
    """Read a UTF-8 file with any line endings; problems name it `file`."""
    try:
        data = read_file(path)
    except OSError as error:
        message = f"cannot be read: {(error.strerror or str(error)).lower()}"
        return "", [Problem(Place(file), "file-is-readable", message, "see that the file is there")]
    try:
        text = decoded(data)
    except EncodingError as error:
        return "", [Problem(Place(file, error.line), "file-is-utf-8", str(error), error.fix)]
    return plain_lines(text), []


def merge(below: Node, above: Node) -> Node:
    """Merge `above` over `below` as Quarto merges metadata.

    Maps are merged key by key, lists joined with duplicates dropped (a single value counts as a
    list of one), everything else replaced.
    """
    if isinstance(below.value, tuple) or isinstance(above.value, tuple):
        if _is_empty(below):
            return above
        if _is_empty(above):
            return below
        joined: list[Node] = []
        seen: list[Any] = []
        for item in (*below.items, *above.items):
            if item.plain() not in seen:
                seen.append(item.plain())
                joined.append(item)
        return Node(tuple(joined), above.place, above.key)
    if isinstance(below.value, Mapping) and isinstance(above.value, Mapping):
        merged = dict(below.value)
        for key, node in above.value.items():
            merged[key] = merge(merged[key], node) if key in merged else node
        return Node(merged, above.place, above.key)
    return above


def _by_line(text: str, locate: Locate) -> Locate:
    """Places by the line breaks of editors; YAML breaks lines at three more characters."""
    if not any(mark in text for mark in "\x85\u2028\u2029"):
        return locate
    starts = [0] + [found.end() for found in re.finditer(r"[\n\x85\u2028\u2029]", text)]
    lines = [text.count("\n", 0, start) for start in starts]

    def by_line(line: int, column: int) -> Place:
        last = min(line, len(starts) - 1)
        return locate(lines[last], starts[last] + column - (text.rfind("\n", 0, starts[last]) + 1))

    return by_line


def _is_empty(node: Node) -> bool:
    return not isinstance(node.value, Mapping | tuple) and not node.value


def _syntax_problem(error: yaml.MarkedYAMLError, text: str, locate: Locate) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    what = (error.problem or error.context or "unreadable").split("\n")[0]
    fix = "compare the line and the one above it: indentation, colons, closed quotation marks"
    lines = text.split("\n")
    if "'\\t'" in what or (line < len(lines) and re.match(r" *\t", lines[line])):
        what, fix = "a tab stands where YAML wants spaces", "indent with spaces"
        column = max(lines[line].find("\t"), 0) if line < len(lines) else column
    elif "mapping values are not allowed" in what:
        what = "a colon opens a value where none can stand"
        fix = "put the text in quotation marks, or indent the key like its neighbours"
    elif "end of stream" in what and "quoted scalar" in (error.context or ""):
        what, fix = "a quotation mark is never closed", "close it"
        opened = error.context_mark or mark
        line, column = (opened.line, opened.column) if opened else (line, column)
    elif "escape" in what:
        what = "a backslash between double quotation marks begins a sign that YAML does not know"
        fix = r"put the text in single quotation marks, or write `\\`"
    elif "expected a single document" in str(error):
        what, fix = "a second document begins", "delete the `---` line"
    return Problem(locate(line, column), "yaml-is-valid", f"YAML cannot be read: {what}", fix)


class _NodeReader:
    """Turns PyYAML's nodes into ours; gathers problems on the way."""

    def __init__(self, locate: Locate) -> None:
        self.locate = locate
        self.problems: list[Problem] = []
        self.left = MOST_VALUES
        self.endless = False

    def place(self, node: yaml.Node) -> Place:
        return self.locate(node.start_mark.line, node.start_mark.column)

    def note(self, node: yaml.Node, code: str, message: str, fix: str) -> None:
        self.problems.append(Problem(self.place(node), code, message, fix))

    def node(self, node: yaml.Node, key: Place | None, parents: Sequence[yaml.Node]) -> Node:
        place = self.place(node)
        self.left -= 1
        if len(parents) > DEEPEST:
            raise RecursionError
        if self.left < 0 or any(parent is node for parent in parents):
            if not self.endless:
                self.endless = True
                message = "YAML aliases repeat without end"
                self.note(node, "yaml-is-valid", message, "write the value out")
            return Node(None, place, key or place)
        if isinstance(node, yaml.MappingNode):
            return Node(self._map(node, (*parents, node)), place, key or place)
        if isinstance(node, yaml.SequenceNode):
            inner = (*parents, node)
            return Node(tuple(self.node(n, None, inner) for n in node.value), place, key or place)
        assert isinstance(node, yaml.ScalarNode)
        return Node(self._scalar(node), place, key or place)

    def _map(self, node: yaml.MappingNode, parents: Sequence[yaml.Node]) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        for name, value in node.value:
            if not isinstance(name, yaml.ScalarNode):
                self.note(name, "yaml-is-valid", "a key must be plain text", "name the key in text")
                continue
            if name.value in entries:
                first = entries[name.value].key.line
                message = f"key '{name.value}' stands twice, first on line {first}"
                self.note(name, "key-is-unique", message, "keep one of the two")
                continue
            entries[name.value] = self.node(value, self.place(name), parents)
        return entries

    def _scalar(self, node: yaml.ScalarNode) -> Scalar:
        text = str(node.value)
        tag = node.tag.removeprefix(_TAG)
        if tag != "!" and tag.startswith(("!", "python/")):
            message = f"'{tag}' is a YAML tag the embedded engine does not run"
            self.note(node, "yaml-is-plain", message, "write the value itself")
            return text
        # Quoted and block scalars are text whatever they hold.
        return text if node.style or tag == "!" else _plain(text)


def _plain(text: str) -> Scalar:
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    try:
        if _INTEGER.match(text):
            sign, digits = (text[0], text[1:]) if text[0] in "+-" else ("", text)
            based = digits[:2] in ("0b", "0o", "0x")
            return _exact(int(sign + digits.replace("_", ""), 0 if based else 10), text)
        if _FLOAT.match(text):
            return _exact(float(text.replace("_", "")), text)
    except ValueError:
        return text
    return text


def _exact(number: int | float, text: str) -> Scalar:
    """A number that every program reads alike; one beyond that stays what the author wrote."""
    return number if abs(number) <= MOST_NUMBER else text
