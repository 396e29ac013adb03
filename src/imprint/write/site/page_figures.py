"""Figures on a page: images with their sizes, downloads and the rows behind them as a table.

`sized` gives every image of a body its width and height, so that nothing moves when it arrives;
`with_data` puts downloads and a table after every figure that was drawn from data.
"""

from __future__ import annotations

import csv
import html
import posixpath
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from jinja2 import Environment
from markupsafe import Markup

DOWNLOADS = "../figures"
"""The folder of figures for download, from a publication's folder."""

HEADINGS: Mapping[str, str] = {
    "label": "Shown",
    "wording": "Value",
    "until": "Until",
    "population": "Base",
    "base": "Base",
    "group": "Group",
    "panel": "Group",
    "step": "Step",
    "year": "Year",
    "all": "In all",
    "source": "Source",
    "locator": "Page",
    "note": "Note",
}
"""What readers call the columns of a figure's rows."""

_FOR_MACHINES = {"id", "key", "kind", "said"}
_WORDED = {"value", "low", "high", "unit", "start", "end"}
"""Columns that `wording` says in words."""

_IMAGE = re.compile(r'<img (?![^>]*\bwidth=)[^>]*?src="(?P<src>[^":]+)"')
_FIGURE = re.compile(
    r'<figure id="(?P<id>[^"]+)" class="quarto-float quarto-float-fig">'
    r'(?P<inside>.*?src="[^"]*figures/drawn/(?P<name>[\w-]+)\.svg".*?)</figure>',
    re.DOTALL,
)
_NUMBER = re.compile(r'<span class="float-number">([^<]+?):?</span>')


@dataclass(frozen=True)
class FigureTable:
    """Rows as readers see them: headings, then cells, each a text and a link or no link."""

    headings: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True)
class DisplayNames:
    """What keys are called in a figure's table."""

    works: Mapping[str, str]
    """Names of works by key: `Lane (2009)`."""
    themes: Mapping[str, str]
    works_page: str
    """Page of the publication that lists the works."""


# --- images ----------------------------------------------------------------------------------


def sized(body: str, folder: Path, page: str) -> str:
    """Give every image of a page's body its width and height in CSS pixels.

    `folder` holds the images as the page's links name them, `page` is the page's path in it.
    Images whose size cannot be read stay as they are.
    """

    def with_size(found: re.Match[str]) -> str:
        named = unquote(html.unescape(found["src"]))
        path = folder / posixpath.normpath(posixpath.join(posixpath.dirname(page), named))
        size = image_size(path) if path.is_file() else None
        return f'{found[0]} width="{size[0]}" height="{size[1]}"' if size else found[0]

    return _IMAGE.sub(with_size, body)


def image_size(path: Path) -> tuple[int, int] | None:
    """Width and height of an SVG or PNG file in CSS pixels, None where they are not told."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"\x89PNG"):
        width, height = struct.unpack(">II", head[16:24])
        return int(width), int(height)
    found = re.search(
        rb'<svg\b[^>]*?\bviewBox="[\d.-]+[ ,]+[\d.-]+[ ,]+([\d.]+)[ ,]+([\d.]+)"', head
    )
    if not found:
        return None
    points_to_pixels = 4 / 3 if re.search(rb'<svg\b[^>]*?\bwidth="[\d.]+pt"', head) else 1
    return round(float(found[1]) * points_to_pixels), round(float(found[2]) * points_to_pixels)


# --- downloads and rows ----------------------------------------------------------------------


def with_data(body: str, up: str, drawn: Path, names: DisplayNames, templates: Environment) -> str:
    """Put downloads and rows after every figure of a page's body.

    `drawn` is where figures were drawn, `up` leads from the page to its publication's folder.
    """
    template = templates.get_template("figure.html")

    def extended(found: re.Match[str]) -> str:
        rows = drawn / f"{found['name']}.csv"
        if not rows.is_file():
            return found[0]
        number = _NUMBER.search(found["inside"])
        extras = template.render(
            name=Markup(number[1]) if number else "this figure",
            table=read_table(rows, names, up),
            files=[
                (kind.upper(), f"{up}{DOWNLOADS}/{found['name']}.{kind}")
                for kind in ("svg", "png", "csv")
            ],
        )
        opening = found[0].replace("quarto-float-fig", "quarto-float-fig with-data", 1)
        return opening + "\n" + extras

    return _FIGURE.sub(extended, body)


def read_table(path: Path, names: DisplayNames, up: str = "") -> FigureTable:
    """The rows behind a figure as its readers need them: in words, without what is for machines."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    columns = _columns(rows)

    def cell(name: str, value: str) -> tuple[str, str]:
        if value in names.works:
            return names.works[value], f"{up}{names.works_page}#source-{value}"
        if name in names.themes:
            return {"1": "yes", "0": "no"}.get(value, value) if _is_mark(name, rows) else value, ""
        return value, ""

    return FigureTable(
        tuple(_heading(name, rows, names) for name in columns),
        tuple(tuple(cell(name, row[name] or "") for name in columns) for row in rows),
    )


def _heading(name: str, rows: Sequence[Mapping[str, str]], names: DisplayNames) -> str:
    known = names.themes.get(name) or HEADINGS.get(name)
    if known:
        return known
    cites = all(row[name] in names.works for row in rows if row[name])
    return HEADINGS["source"] if cites else _titled(name)


def _columns(rows: Sequence[Mapping[str, str]]) -> list[str]:
    hidden = _FOR_MACHINES | (_WORDED if rows and "wording" in rows[0] else set())
    shown = [name for name in (rows[0] if rows else ()) if name not in hidden]
    return [name for name in shown if any(row[name] for row in rows)]


def _is_mark(name: str, rows: Sequence[Mapping[str, str]]) -> bool:
    """True for a column that says yes or no of each row of a figure without counts."""
    return "all" not in rows[0] and all(row[name] in {"0", "1"} for row in rows)


def _titled(name: str) -> str:
    return name.replace("_", " ").capitalize()
