"""What really changes when a row of `data/statistics.csv` changes: found by printing it twice.

Nothing here asks `imprint.trace`: rows are changed on disk, code is run as a kernel runs it, and
pages are read as a browser shows them.
"""

from __future__ import annotations

import ast
import csv
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import html5lib

import imprint
from imprint.author import drawing
from imprint.author.wording import words
from imprint.core.escaping import AuthorError
from imprint.core.model import Cell
from imprint.core.units import Unit
from imprint.read.chapters.mentions import inline_expressions
from imprint.read.report import Report
from imprint.write.provenance import to_statistic

TABLE = "data/statistics.csv"


def other_values(
    row: Mapping[str, str], units: Mapping[str, Unit] = MappingProxyType({})
) -> dict[str, str]:
    """Other numbers for a row, as plausible as its own: all its bounds move with its value, and
    where the source's wording gives the number, so does the new wording. `units` are declared."""
    moved = _moved(row)
    if row["as_reported"] and not row.get("derived"):
        moved["as_reported"] = _said(row | moved, units)
    return moved


def _said(row: Mapping[str, str], units: Mapping[str, Unit]) -> str:
    numbers = {name: float(row[name]) if row[name] else None for name in ("value", "low", "high")}
    statistic = to_statistic({**row, **numbers, "as_reported": ""})
    own = replace(statistic, declared_unit=units.get(row["unit"]))
    return words(own).replace("\u00a0", " ")


def _moved(row: Mapping[str, str]) -> dict[str, str]:
    if row["qualifier"] == "between":
        return {"high": f"{float(row['high']) + 1:g}"}
    if not row["value"]:
        return {"low": "40"} if row["low"] else {"high": "1"}
    value = float(row["value"])
    by = -3.0 if row["unit"] == "percent" and value > 90 else value if value >= 1000 else 3.0
    moved = {"value": f"{value + by:g}"}
    for bound in ("low", "high"):
        if row[bound] and float(row[bound]) not in (0, 1, 100):
            moved[bound] = f"{float(row[bound]) + by:g}"
    return moved


def rows_of(root: Path) -> list[dict[str, str]]:
    """The rows of the table as written."""
    with (root / TABLE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@contextmanager
def changed(root: Path, id: str, values: Mapping[str, str]) -> Iterator[None]:
    """The table on disk with other values in one row."""
    path = root / TABLE
    before = path.read_bytes()
    rows = rows_of(root)
    for row in rows:
        if row["id"] == id:
            row.update(values)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    try:
        yield
    finally:
        path.write_bytes(before)


# --- code, run as a kernel runs it -----------------------------------------------------------


def printed(parsed: Report, root: Path) -> dict[tuple[str, str, int], str]:
    """What every piece of code prints, or `fails: why`, by chapter, place and number there.

    A table has an entry for each of its rows, a figure for its caption and its alt text.
    """
    found: dict[tuple[str, str, int], str] = {}
    before = os.environ.get("QUARTO_PROJECT_DIR"), drawing._image
    os.environ["QUARTO_PROJECT_DIR"] = str(root)
    drawing._image = lambda *_: b""
    try:
        for chapter in parsed.chapters.values():
            names: dict[str, Any] = {"imprint": imprint}
            for part in chapter.parts:
                if isinstance(part, Cell):
                    shown = _shown(_result_of(part.code, names))
                    for number, text in enumerate(shown):
                        found[chapter.path, str(part.place), number] = text
                    continue
                for line in part.lines:
                    for inline in inline_expressions(line.text):
                        if not inline.escaped:
                            place = f"{line.place}:{inline.start + 1}"
                            text = _words(_result_of(inline.expression, names))
                            found[chapter.path, place, 0] = text
    finally:
        drawing._image = before[1]
        if before[0] is None:
            del os.environ["QUARTO_PROJECT_DIR"]
        else:
            os.environ["QUARTO_PROJECT_DIR"] = before[0]
    return found


def _result_of(code: str, names: dict[str, Any]) -> str:
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    try:
        exec(compile(tree, "<cell>", "exec"), names)
        if last is None:
            return ""
        return str(eval(compile(ast.Expression(last.value), "<cell>", "eval"), names))
    except AuthorError as error:
        return f"fails: {error}"


def _shown(markdown: str) -> list[str]:
    """The rows of a table, or the caption and alt text of a figure."""
    image = re.fullmatch(r'!\[(.*)\]\([^()]*\)\{#\S+ fig-alt="(.*)"\}', markdown)
    if image:
        return [image[1], _words(image[2])]
    lines = [line for line in markdown.split("\n") if line and not line.startswith(":::")]
    rows = [line for line in lines if not re.fullmatch(r"\|[ :|-]+\|", line)]
    return [_words(row.removeprefix("| ").removesuffix(" |")) for row in rows]


def _words(markdown: str) -> str:
    text = re.sub(r"(?<!\\)\[((?:[^\[\]\\]|\\.)*)\]\{\.[^{}]*\}", r"\1", markdown)
    for entity, character in (("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return re.sub(r"\\(.)", r"\1", text)


# --- pages, read as a browser shows them -----------------------------------------------------

_BLOCKS = {"p", "li", "tr", "figcaption", "caption", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt"}
_SKIPPED = ("citation", "permalink", "footnote-ref", "footnote-back", "xref")


def page_blocks(folder: Path) -> dict[str, list[str]]:
    """Of every page made from a chapter: the words of its blocks in order, and its alt texts.

    Citations and cross-references are left out, for they stand in the sources as keys, and so are
    the rows shown with a figure, which are predicted as what is drawn.
    """
    pages = {}
    for path in sorted(folder.glob("*/**/*.html")):
        name = path.relative_to(folder).as_posix()
        if path.name not in ("statistics.html", "sources.html", "search.html"):
            pages[name] = list(_blocks_of_page(path.read_text(encoding="utf-8")))
    return pages


# Most pages of a second build are those of the first, and reading one takes long.
@lru_cache(maxsize=256)
def _blocks_of_page(html: str) -> tuple[str, ...]:
    main = html5lib.parse(html, namespaceHTMLElements=False).find(".//main")
    return tuple(_blocks(main)) if main is not None else ()


def _blocks(element: Any) -> Iterator[str]:
    if "figure-data" in (element.get("class") or ""):
        return
    if element.tag == "img" and element.get("alt"):
        yield plain(element.get("alt"))
    is_leaf = not any(inner.tag in _BLOCKS for inner in list(element.iter())[1:])
    if element.tag in _BLOCKS and is_leaf:
        text = "".join(_text(element))
        yield plain(re.sub(r"^\s*(?:Figure|Table|Box)\s[A-Z\d.]+:?\s", "", text))
        return
    for inner in element:
        yield from _blocks(inner)


def _text(element: Any) -> Iterator[str]:
    yield element.text or ""
    for inner in element:
        is_comment = not isinstance(inner.tag, str)
        if not is_comment and not any(name in (inner.get("class") or "") for name in _SKIPPED):
            yield from _text(inner)
        yield " " if inner.tag in ("td", "th") else ""
        yield inner.tail or ""


def plain(text: str) -> str:
    """Words and numbers alone; keys of citations and references left out."""
    text = re.sub(r"\[[^\[\]]*@[^\[\]]*\]|@[\w-]+(?: \[[^\[\]]*\])?|\[\^[^\]]*\]:?", " ", text)
    return " ".join(re.findall(r"[\w£]+", text))


def differences(old: Mapping[str, list[str]], new: Mapping[str, list[str]]) -> Counter[str]:
    """The blocks that differ between two builds, as `page: old -> new`."""
    found: Counter[str] = Counter()
    assert old.keys() == new.keys()
    for page, blocks in old.items():
        matcher = SequenceMatcher(None, blocks, new[page], autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind != "equal":
                pairs = zip(blocks[a:b], new[page][c:d], strict=True)
                found.update(f"{page}: {was} -> {becomes}" for was, becomes in pairs)
    return found


# --- figures, as they were drawn -------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """The rows of a drawn figure and its picture."""

    rows: tuple[Mapping[str, str], ...]
    image: bytes


def drawn_rows(folder: Path) -> dict[str, Drawn]:
    """Every figure that a build has drawn."""
    found = {}
    for path in sorted((folder / "figures" / "drawn").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = tuple(csv.DictReader(file))
        found[path.stem] = Drawn(rows, path.with_suffix(".svg").read_bytes())
    return found


def drawn_differences(old: Mapping[str, Drawn], new: Mapping[str, Drawn]) -> Counter[str]:
    """The rows that differ between two builds, each with the cells that differ."""
    found: Counter[str] = Counter()
    assert old.keys() == new.keys()
    for name, drawn in old.items():
        for before, after in zip(drawn.rows, new[name].rows, strict=True):
            columns = [column for column in before if before[column] != after[column]]
            if columns:
                cells = [
                    ", ".join(f"{column} {row[column] or 'empty'}" for column in columns)
                    for row in (before, after)
                ]
                labels = before.get("label", "row"), after.get("label", "row")
                said = f"{name}: {labels[0]}: {cells[0]} -> {labels[1]}: {cells[1]}"
                found[said.replace("\u00a0", " ")] += 1
    return found
