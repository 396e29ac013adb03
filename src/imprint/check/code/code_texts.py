"""Code of a chapter -> numbers that it prints with no row behind them.

Nothing is run: what a cell prints is read from its literals and from the way they reach `print`,
`Markdown`, `table` and the like. What only running tells (a file that a cell reads, a sum that is
kept under a name first) stays unseen.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from imprint.core.model import Cell, Chapter
from imprint.core.problems import Place

FROM_ROWS = frozenset({"stat", "claim"})
"""Functions whose numbers can be followed to a row."""
_CHECKED = FROM_ROWS | {"figure", "data_rows", "figure_rows", "statistic", "read_csv", "compile"}
"""Functions whose arguments are names, or that have checks of their own."""
_PRINTING = frozenset({"print", "display", "Markdown", "HTML", "Latex", "Pretty"})
_COUNTING = frozenset(
    {"len", "sum", "round", "int", "float", "abs", "min", "max", "divmod", "pow", "mean", "count"}
)
_WRITING = _PRINTING | {"format", "join", "append", "extend", "replace"}
"""Methods whose arguments may be text for readers."""
_NAMING = frozenset({"label", "where", "align", "widths", "encoding", "sep", "end", "mode"})
"""Keyword arguments that are no text for readers."""
_ARITHMETIC = (ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Pow)


@dataclass(frozen=True)
class NumberInCode:
    """A number that code writes out or works out."""

    text: str
    place: Place


# --- inline code -----------------------------------------------------------------------------


def named_in(chapter: Chapter) -> Mapping[str, tuple[ast.expr, ...]]:
    """Everything that the chapter's cells give a plain name to, by that name."""
    found: dict[str, tuple[ast.expr, ...]] = {}
    for part in chapter.parts:
        tree = _parsed(part.code) if isinstance(part, Cell) else None
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.Assign):
                for to in node.targets:
                    if isinstance(to, ast.Name):
                        found[to.id] = (*found.get(to.id, ()), node.value)
    return found


def unsourced(code: str, names: Mapping[str, tuple[ast.expr, ...]]) -> str:
    """The part of an inline expression that may print a number of its own; empty where each comes
    from `stat` or `claim`, or from a name that stands for what they print."""
    try:
        tree = ast.parse(code.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return ""  # its kernel will say so
    return _unsourced(tree.body, names, frozenset())


def _unsourced(
    node: ast.expr, names: Mapping[str, tuple[ast.expr, ...]], seen: frozenset[str]
) -> str:
    def first(*nodes: ast.expr) -> str:
        return next((found for n in nodes if (found := _unsourced(n, names, seen))), "")

    match node:
        case ast.Constant(value=str()):
            return ""  # read as a text
        case ast.Call(func=ast.Name(id=name)) if name in FROM_ROWS or name == "figure":
            return ""
        case ast.Call(func=ast.Name(id="Markdown" | "str"), args=arguments):
            return first(*arguments)
        case ast.Call(func=ast.Attribute(value=inner), args=arguments):
            return first(inner, *arguments)
        case ast.Attribute(value=inner) | ast.FormattedValue(value=inner):
            return first(inner)
        case ast.JoinedStr(values=values):
            return first(*values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return first(left, right)
        case ast.IfExp(body=body, orelse=other):
            return first(body, other)
        case ast.Name(id=name) if names.get(name) and name not in seen:
            seen |= {name}
            return ast.unparse(node) if first(*names[name]) else ""
    return ast.unparse(node)


def inline_texts(code: str) -> Iterator[str]:
    """The texts that an inline expression writes out itself."""
    tree = _parsed(code)
    unread = _unread(tree) if tree else set()
    for node in ast.walk(tree) if tree else ():
        if id(node) not in unread and isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield from (str(part.value) for part in node.values if isinstance(part, ast.Constant))


# --- cells -----------------------------------------------------------------------------------


def shows_output(cell: Cell) -> bool:
    """Say whether readers see what the cell prints."""
    hidden = (cell.options.get(option, True) in (False, "false") for option in _SHOWING)
    return not any(hidden)


_SHOWING = ("eval", "include", "output")


def numbers_in(cell: Cell) -> Iterator[NumberInCode]:
    """Numbers that a cell prints and no row stands behind: literal ones, and computed ones."""
    tree = _parsed(cell.code)
    if tree is None or not shows_output(cell):
        return
    told: set[int] = set()
    for node in _printed(tree):
        for found in _numbers(node):
            if id(found) not in told:
                told.add(id(found))
                yield NumberInCode(ast.unparse(found), _place(cell, found))


def _printed(tree: ast.Module) -> Iterator[ast.expr]:
    """The expressions whose value is printed."""
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Call):
        yield last.value
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _name(node)
            if name in _PRINTING:
                yield from node.args
            elif name == "table":
                yield from _table_values(node)
        elif isinstance(node, ast.JoinedStr):
            yield node


def _table_values(call: ast.Call) -> Iterator[ast.expr]:
    """What a call of `table` prints: the values of rows written out, and of worked-out cells."""
    rows = call.args[:1]
    made = [word.value for word in call.keywords if word.arg == "cells"]
    for given in (*rows, *made):
        for node in ast.walk(given):
            if isinstance(node, ast.Dict):
                yield from node.values
            elif isinstance(node, ast.Lambda):
                yield node.body


def _numbers(node: ast.expr) -> Iterator[ast.expr]:
    """Numbers in an expression that is printed; calls and subscripts keep theirs for themselves."""
    match node:
        case ast.Constant(value=value) if isinstance(value, (int, float)):
            if not isinstance(value, bool):
                yield node
        case ast.Call() if _name(node) in _COUNTING:
            yield node
        case ast.BinOp(op=op) if isinstance(op, _ARITHMETIC):
            yield node
        case ast.BinOp(left=left, right=right):
            yield from _numbers(left)
            yield from _numbers(right)
        case ast.JoinedStr(values=values):
            for part in values:
                if isinstance(part, ast.FormattedValue):
                    yield from _numbers(part.value)
        case ast.IfExp(body=body, orelse=other):
            yield from _numbers(body)
            yield from _numbers(other)
        case ast.UnaryOp(operand=operand):
            yield from _numbers(operand)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            for item in items:
                yield from _numbers(item)


def _unread(tree: ast.Module) -> set[int]:
    """Ids of the nodes that hold no text for readers."""
    roots: list[ast.AST] = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(args=arguments, keywords=keywords):
                name = _name(node)
                if name in _CHECKED:
                    roots += [*arguments, *keywords]
                elif isinstance(node.func, ast.Attribute) and name not in _WRITING:
                    roots += arguments
                roots += [word for word in keywords if word.arg in _NAMING]
            case ast.Subscript(slice=index):
                roots.append(index)
            case ast.Compare():
                roots.append(node)
            case ast.Dict(keys=keys):
                roots += [key for key in keys if key and not _is_header(key)]
            case ast.Import() | ast.ImportFrom() | ast.Assert() | ast.Raise():
                roots.append(node)
            case ast.FunctionDef() | ast.ClassDef() | ast.Module():
                first = node.body[0] if node.body else None
                if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                    # A text alone in a cell is what the cell shows.
                    is_text = isinstance(node, ast.Module) and len(node.body) == 1
                    roots += [] if is_text else [first]
            case ast.JoinedStr(values=values):
                roots += [value for value in values if isinstance(value, ast.Constant)]
    return {id(inner) for root in roots if root is not None for inner in ast.walk(root)}


def _is_header(node: ast.expr) -> bool:
    """A key in words: the header of a column, or a key that is looked up and not printed."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _place(cell: Cell, node: ast.expr) -> Place:
    line = cell.code_line + node.lineno - 1
    return replace(cell.place, line=line, column=node.col_offset + 1)


@lru_cache(maxsize=256)
def _parsed(code: str) -> ast.Module | None:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError):
        return None
