"""What is put into a page's body: what follows its title, drawings of figures, their rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup, escape

from imprint.core.document import Page, PageFigure
from imprint.core.files import DRAWN, PAGE_DRAWINGS
from imprint.write.provenance import drawn_by

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
_WORDED = {"value", "low", "high", "unit", "start", "end", "after"}
"""Columns that `wording` says in words."""

_FIGURE_END = re.compile("\ue007(\\d+)\ue008")
"""Stands in a page's body behind the figure of that number, as html.lua writes it."""
_TITLE_END = "\ue0070\ue008"
"""And behind its title, where it has one of its own."""
_IMAGE = re.compile("\ue00a(\\d+)\ue008(.*?)\ue00b", re.DOTALL)
"""Stands around the image of the figure of that number."""


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


# --- downloads and rows ----------------------------------------------------------------------


def body_alone(page: Page, root: Path) -> Markup:
    """A page's body with its figures, and nothing else put in."""
    return Markup(_FIGURE_END.sub("", _with_drawings(page, root)))


def _with_drawings(page: Page, root: Path) -> str:
    """A page's body with drawings in the place of images that have them: one for wide columns and
    one for narrow ones, of which the style sheet shows one."""

    def shown(found: re.Match[str]) -> str:
        figure = page.figures[int(found[1]) - 1]
        svg = [file.read_text("utf-8") for file in drawings(root, figure) if file.is_file()]
        if not svg or not svg[0]:
            return found[2]
        columns = [
            f'<span class="{ending.partition(".")[0]}">{drawing}</span>'
            for ending, drawing in zip(PAGE_DRAWINGS, svg, strict=False)
            if drawing
        ]
        opening = f'<span class="drawing" role="img" aria-label="{escape(figure.alt)}">'
        return f"{opening}{''.join(columns)}</span>"

    return _IMAGE.sub(shown, page.body)


def drawings(root: Path, figure: PageFigure) -> list[Path]:
    """Where the drawings for pages stand, if it was drawn."""
    name = drawn_by(figure.image)
    return [root / DRAWN / f"{name}.{ending}" for ending in PAGE_DRAWINGS] if name else []


def with_title_notes(body: str, notes: Markup) -> str:
    """A page's body with notes that follow its title, or stand first where that is not in it."""
    return body.replace(_TITLE_END, notes) if _TITLE_END in body else notes + Markup(body)


def body_with_data(
    page: Page, up: str, root: Path, names: DisplayNames, templates: Environment
) -> Markup:
    """A page's body with its figures, and downloads and rows after those drawn from data.

    `root` is the project's, `up` leads from the page to its publication's folder.
    """
    template = templates.get_template("figure.html")

    def data(end: re.Match[str]) -> str:
        figure = page.figures[int(end[1]) - 1]
        rows = figure_rows(root, figure)
        if not rows.is_file():
            return ""
        name = rows.stem
        files = [(kind.upper(), f"{up}{DOWNLOADS}/{name}.{kind}") for kind in ("svg", "png", "csv")]
        shown = Markup(figure.name) or "this figure"
        return "\n" + template.render(name=shown, table=read_table(rows, names, up), files=files)

    return Markup(_FIGURE_END.sub(data, _with_drawings(page, root)))


def figure_rows(root: Path, figure: PageFigure) -> Path:
    """Where the rows stand that a figure was drawn from, if it was."""
    return root / DRAWN / f"{drawn_by(figure.image)}.csv"


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
    filled = [name for name in shown if any(row[name] for row in rows)]
    # What a drawing says of a base in brief, the row says in full.
    return [name for name in filled if name != "base" or "population" not in filled]


def _is_mark(name: str, rows: Sequence[Mapping[str, str]]) -> bool:
    """True for a column that says yes or no of each row of a figure without counts."""
    return "all" not in rows[0] and all(row[name] in {"0", "1"} for row in rows)


def _titled(name: str) -> str:
    return name.replace("_", " ").capitalize()
