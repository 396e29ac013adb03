"""Text that code printed -> where its words stand: in the code's own texts, in the module of a
figure, in the rows of a table of data/."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate, groupby
from pathlib import Path

from imprint.compose.text.alignment import NOWHERE, align
from imprint.compose.text.data_cells import cell_in_tables, plain_text
from imprint.core.document import Passage, Piece
from imprint.core.model import Cell
from imprint.core.problems import Place
from imprint.read.file_names import is_file

_DRAWN = re.compile(r"(?:^|/)figures/drawn/(\w+)\.svg$")
_TABLE = re.compile(r"(?:(?:\.\./)*data/)?(\w+)(?:\.csv)?")
_WORD = re.compile(r"\w+")
_FUNCTION = re.compile(r"^def (\w+)", re.MULTILINE)


def with_origins(
    root: Path, cells: Sequence[Cell], passages: Sequence[Passage]
) -> Iterator[Passage]:
    """The passages; those that one of the cells printed with the places of their words."""
    by_place = {cell.place.at(0): cell for cell in cells}
    tables = tables_named(root, cells)
    for place, group in groupby(passages, _printed_at):
        if place is None or place not in by_place:
            yield from group
        else:
            printed = [replace(it, is_output=True) for it in group]
            yield from _of_cell(root, by_place[place], printed, tables)


def _printed_at(passage: Passage) -> Place | None:
    """The cell that printed a passage; None for one that is written, if only in part."""
    return passage.pieces[0].place if _is_made(passage) else None


def _is_made(passage: Passage) -> bool:
    return not any(piece.is_written for piece in passage.pieces)


def _of_cell(
    root: Path, cell: Cell, passages: list[Passage], tables: Sequence[str]
) -> list[Passage]:
    """What a cell printed; `tables` are those of data/ that the chapter's code names."""
    passages = [_as_code(it, cell) if "cell-code" in it.classes else it for it in passages]
    figure = _figure_of(passages)
    module = f"figures/{figure}.py"
    if figure and is_file(root, module):
        code = _Code(module, (root / module).read_text("utf-8", errors="replace"), 1, 0)
        passages = [_at_function(it, code) for it in _placed(passages, code)]
    passages = [_in_options(it, cell) for it in passages]
    rows: dict[tuple[int, int], set[str]] = {}
    for it in passages:
        rows.setdefault(_row(it), set()).add(plain_text(it.text))
    own = _names_in(cell.code)
    named = sorted(tables, key=lambda name: name not in own)
    passages = [_in_table(root, it, named, frozenset(rows[_row(it)])) for it in passages]
    return _placed(passages, _Code(cell.place.file, cell.code, cell.code_line, cell.place.cell))


def _as_code(passage: Passage, cell: Cell) -> Passage:
    """The code itself, line by line."""
    first = cell.code_line + len(cell.code) - len(cell.code.lstrip("\n"))
    starts = accumulate((len(line) + 1 for line in passage.text.split("\n")[:-1]), initial=0)
    pieces = tuple(
        Piece(start, replace(cell.place, line=first + number, column=1), True)
        for number, start in enumerate(starts)
    )
    return replace(passage, pieces=pieces)


def _in_options(passage: Passage, cell: Cell) -> Passage:
    """A caption or alternative text that one of the cell's options says."""
    for name, place in cell.option_places.items():
        said = str(cell.options.get(name))
        if _is_made(passage) and _WORD.findall(said) == _WORD.findall(passage.text):
            is_written = bool(place.column) and plain_text(said) == plain_text(passage.text)
            return replace(passage, pieces=(Piece(0, place, is_written),))
    return passage


def place_in_cell(name: str, cell: Cell) -> Place:
    """Where a cell says a label or address that it printed, or names the figure of that label; its
    beginning if it puts it together."""
    for option, place in cell.option_places.items():
        if str(cell.options.get(option)) == name:
            return place
    figure = name.partition("-")[2].replace("-", "_")
    said = re.search(rf"{re.escape(name)}|(?<=[\"']){figure}(?=[\"'])", cell.code)
    if not said or not said[0]:
        return cell.place
    begin = said.start()
    line, column = cell.code.count("\n", 0, begin), begin - cell.code.rfind("\n", 0, begin)
    return replace(cell.place, line=cell.code_line + line, column=column)


def _row(passage: Passage) -> tuple[int, int]:
    """Names the row of a table in which a passage stands."""
    return (id(passage.within[-1]) if passage.within else 0), passage.row


def _figure_of(passages: Sequence[Passage]) -> str:
    """The name of the figure that is among the passages."""
    return next(filter(None, (figure_drawn(it.target) for it in passages)), "")


def figure_drawn(image: str) -> str:
    """The name of the figure that drew an image, by its address; empty for another image."""
    drawn = _DRAWN.search(image)
    return drawn[1] if drawn else ""


# --- code --------------------------------------------------------------------------------------


class _Code:
    """A piece of Python, all but its texts blanked."""

    def __init__(self, file: str, code: str, line: int, cell: int) -> None:
        self.first = Place(file, line, 1, cell)
        lines = code.split("\n")
        self.starts = list(accumulate((len(text) + 1 for text in lines), initial=0))
        self.text = _texts_alone(code, tuple(self.starts))
        self.functions = {it[1]: it.start() for it in _FUNCTION.finditer(code)}

    def place(self, offset: int) -> Place:
        """Where the character at this offset stands."""
        number = next(i for i, start in enumerate(self.starts) if start > offset) - 1
        column = offset - self.starts[number] + 1
        return replace(self.first, line=self.first.line + number, column=column)


def place_in_code(root: Path, made: Place, text: str, offset: int) -> Place:
    """Where a character of a text is written in the module that made it; `made`, the place of the
    code that did, where it is not written there."""
    code = _Code(made.file, (root / made.file).read_text("utf-8", errors="replace"), 1, 0)
    (passage,) = _placed([Passage("text", text, (), (Piece(0, made, False),))], code)
    return passage.place(offset) if passage.piece(offset).is_written else made


def tables_named(root: Path, cells: Sequence[Cell]) -> list[str]:
    """The tables of data/ that code names, in the order in which it does."""
    named = {name: None for cell in cells for name in _names_in(cell.code)}
    return [name for name in named if is_file(root, f"data/{name}.csv")]


@lru_cache(maxsize=256)
def _names_in(code: str) -> tuple[str, ...]:
    """The texts in some code that may name tables of data/, or be the addresses of their files."""
    try:
        nodes = ast.walk(ast.parse(code))
    except (SyntaxError, ValueError):
        return ()
    texts = (it.value for it in nodes if isinstance(it, ast.Constant) and isinstance(it.value, str))
    return tuple(dict.fromkeys(it[1] for text in texts if (it := _TABLE.fullmatch(text))))


@lru_cache(maxsize=256)
def _texts_alone(code: str, starts: tuple[int, ...]) -> str:
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return ""
    kept = [" "] * len(code)
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in notes:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.end_lineno:
            begin = _offset(code, starts, node.lineno, node.col_offset)
            end = _offset(code, starts, node.end_lineno, node.end_col_offset or 0)
            kept[begin:end] = code[begin:end]
    return "".join(kept)


def _offset(code: str, starts: Sequence[int], line: int, byte: int) -> int:
    """The offset of a place that Python gives by line and byte."""
    text = code[starts[line - 1] : starts[line] - 1]
    return starts[line - 1] + len(text.encode()[:byte].decode(errors="ignore"))


def _placed(passages: list[Passage], code: _Code) -> list[Passage]:
    """The passages with the places of the words that are written in the code."""
    texts = [it.text if _is_made(it) else "" for it in passages]
    offsets = align(texts, [False] * len(passages), code.text, reach=0)
    return [
        replace(passage, pieces=tuple(_pieces(passage.pieces[0].place, own, code)))
        if any(offset != NOWHERE for offset in own)
        else passage
        for passage, own in zip(passages, offsets, strict=True)
    ]


def _pieces(cell: Place, offsets: Sequence[int], code: _Code) -> Iterator[Piece]:
    """Stretches that the code's texts hold, and those that it made, which stand at the nearest."""
    place, before = cell, None
    for count, offset in enumerate(offsets):
        if before is not None and offset == (NOWHERE if before == NOWHERE else before + 1):
            before = offset
            continue
        if offset == NOWHERE:
            yield Piece(count, place if count else _first(cell, offsets, code), False)
        else:
            place = code.place(offset)
            yield Piece(count, place, True)
        before = offset


def _first(cell: Place, offsets: Sequence[int], code: _Code) -> Place:
    return next((code.place(offset) for offset in offsets if offset != NOWHERE), cell)


def _at_function(passage: Passage, code: _Code) -> Passage:
    """What a figure's module makes of its rows alone stands where the function begins."""
    begun = code.functions.get(passage.kind)
    if begun is None or not _is_made(passage):
        return passage
    return replace(passage, pieces=(Piece(0, code.place(begun), False),))


def _in_table(root: Path, passage: Passage, names: Sequence[str], row: frozenset[str]) -> Passage:
    """A cell of a table at its place in data/, if the code names the table in whose rows it stands;
    `row`: the texts of its row."""
    if passage.kind != "cell" or not _is_made(passage):
        return passage
    found = cell_in_tables(root, names, plain_text(passage.text), row)
    if found is None:
        return passage
    pieces = (Piece(0, found.place, found.is_text),)
    return replace(passage, pieces=pieces, target=found.column)
