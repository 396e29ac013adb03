"""What a figure's module draws -> the image in print, the two drawings for pages, what is in them.

The same drawing gives the same bytes: one style, a fixed salt for the SVG's ids, no dates.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imprint.author import dependencies
from imprint.author.drawn_artists import Lines, drawn_boxes, drawn_texts, noted_lines
from imprint.author.figure_record import DrawnBox, DrawnText
from imprint.core.escaping import AuthorError
from imprint.core.files import PAGE_DRAWINGS
from imprint.read.project.lazy_settings import settings_about

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.figure import Figure


class UnfinishedError(AuthorError, ValueError):
    """What was drawn cannot be shown."""

    def __init__(self, message: str, fix: str, line: int = 0) -> None:
        super().__init__(message, fix)
        self.line = line
        """Of the module; 0 where none of its lines is to blame."""


@dataclass(frozen=True)
class Drawing:
    """A figure as it was drawn."""

    image: bytes
    """As SVG, its text as outlines."""
    for_pages: Mapping[str, bytes]
    """SVG that stands in a page, by its kind of column; see `PAGE_DRAWINGS`."""
    texts: tuple[DrawnText, ...]
    boxes: tuple[DrawnBox, ...]


def rendered(draw: Callable[[], object], name: str, module: str, key: Mapping[str, str]) -> Drawing:
    """Draw for print and, as wide and narrow, for pages. `module` is the path of the code that
    draws, `key` a report's own words for forms. Raises UnfinishedError, and what `draw` raises."""
    from matplotlib import rc_context

    from imprint.charts import style
    from imprint.charts.type import measured_once

    wide, narrow = PAGE_DRAWINGS
    for_pages: dict[str, bytes] = {}
    with _own_figures(), measured_once(), noted_lines(module) as lines:
        with style(key) as told, rc_context({"svg.hashsalt": name}):
            figure = _drawn(draw)
            _check_fit(figure, lines)
            stream = io.BytesIO()
            figure.savefig(stream, format="svg", metadata=_UNDATED)
            texts = [*drawn_texts(figure, lines), *(DrawnText("told", it, 0) for it in told)]
            boxes = tuple(drawn_boxes(figure, lines))
            if shown := _for_page(figure, wide, name, told):
                for_pages[wide] = shown
        if for_pages and (more := _narrow(draw, name, key, lines)):
            for_pages[narrow], said = more
            texts += (it for it in said if it not in texts)
    return Drawing(stream.getvalue(), for_pages, tuple(texts), boxes)


def key_of(root: Path) -> Mapping[str, str]:
    """A report's own words for what forms mean."""
    with dependencies.unseen():
        key = settings_about(root, "figure-key").figure_key
    dependencies.note("setting", "figure_key", key)
    return key


_POINTS = 72
"""Units of an SVG file to the inch."""
_UNDATED = {"Date": None, "Creator": None}
"""An SVG file without metadata; for a date, matplotlib would look at the environment."""


def _drawn(draw: Callable[[], object]) -> Figure:
    from matplotlib.figure import Figure

    figure = draw()
    if not isinstance(figure, Figure):
        said = "draw() returns no matplotlib Figure"
        raise UnfinishedError(said, "return what it draws on")
    figure.set_dpi(_POINTS)
    return figure


def _narrow(
    draw: Callable[[], object], name: str, key: Mapping[str, str], lines: Lines
) -> tuple[bytes, list[DrawnText]] | None:
    """The drawing for narrow columns with its texts; None where the module draws at one width
    alone, or its labels have no room: pages then show the wide one smaller."""
    from imprint.charts import NARROW, style

    _, ending = PAGE_DRAWINGS
    with style(key, NARROW) as told:
        figure = _drawn(draw)
        if figure.get_figwidth() > NARROW / 25.4 + 0.01:
            return None
        with suppress(UnfinishedError):
            _check_fit(figure, lines)
            if shown := _for_page(figure, ending, name, told):
                return shown, list(drawn_texts(figure, lines))
    return None


def _for_page(figure: Figure, ending: str, name: str, told: list[str]) -> bytes | None:
    from imprint.charts.page_svg import UnshowableError, page_svg

    column = ending.partition(".")[0]
    try:
        return page_svg(figure, f"{name.replace('_', '-')}-{column}", told).encode()
    except UnshowableError:
        return None


def _check_fit(figure: Figure, lines: Lines) -> None:
    """Refuse a figure whose labels run off its edge, where a reader would miss them."""
    from matplotlib.backends.backend_svg import RendererSVG

    make: Any = RendererSVG  # matplotlib says no types
    renderer: RendererBase = make(*figure.bbox.size, io.StringIO(), metadata=_UNDATED)
    canvas, spare = figure.bbox, figure.dpi / 100
    for label in [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]:
        extent = label.get_window_extent(renderer)
        over = extent.x0 < canvas.x0 - spare or extent.x1 > canvas.x1 + spare
        if label.get_text() and over:
            said = f"label '{label.get_text()}' runs off the figure"
            raise UnfinishedError(said, "shorten it", lines.get(id(label), 0))


@contextmanager
def _own_figures() -> Iterator[None]:
    """Close what a module has opened with pyplot meanwhile."""
    before = _open_figures()
    try:
        yield
    finally:
        for number in _open_figures() - before:
            sys.modules["matplotlib.pyplot"].close(number)


def _open_figures() -> frozenset[int]:
    """Numbers of pyplot's figures, where a module has used pyplot."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    return frozenset(pyplot.get_fignums()) if pyplot else frozenset()
