"""What really changes when a row of `data/statistics.csv` changes: found by printing it twice.

Nothing here asks `imprint.trace`: rows are changed on disk and pages are read as a browser shows
them.
"""

from __future__ import annotations

import csv
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

from imprint.author.wording import words
from imprint.core.units import Unit
from imprint.read.data.tables import to_statistic

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
    if element.get("class") == "drawing":
        yield plain(element.get("aria-label"))
        return
    note = element.find("div[@class='figure-note']") if element.tag == "figure" else None
    if note is not None:
        # A title stands above its figure and the rest of the caption below.
        element.find("figcaption").append(note)
        element.remove(note)
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
