"""A matplotlib Figure, once drawn -> the texts and the hatched shapes in it, with the lines of the
module that made them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from imprint.author.figure_record import DrawnBox, DrawnText, Role

_LABELLED: Mapping[str, Role] = {"tick": "tick label", "key": "legend"}
"""Roles by the labels of texts that our own charts draw in the place of the library's."""
_CURVE = 4
"""matplotlib's code of a cubic curve, as circles have."""
Lines = Mapping[int, int]
"""By the number of an artist (`id`): the line of the module that made it."""


@contextmanager
def noted_lines(file: str) -> Iterator[Lines]:
    """Note, while a module draws, on which of its lines each artist is made or given its text."""
    from matplotlib.artist import Artist
    from matplotlib.text import Text

    lines: dict[int, int] = {}
    made, named = Artist.__init__, Text.set_text

    def make(self: Any, *arguments: Any, **more: Any) -> None:
        lines[id(self)] = _line_in(file)
        made(self, *arguments, **more)

    def name(self: Any, text: Any) -> None:
        if line := _line_in(file):
            lines[id(self)] = line
        named(self, text)

    patched: Any = Artist
    texts: Any = Text
    patched.__init__, texts.set_text = make, name
    try:
        yield lines
    finally:
        patched.__init__, texts.set_text = made, named


def _line_in(file: str) -> int:
    """The innermost line of the file that is being run; 0 where none is."""
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == file:
            return frame.f_lineno
        if (outer := frame.f_back) is None:
            break
        frame = outer
    return 0


def drawn_texts(figure: Any, lines: Lines) -> Iterator[DrawnText]:
    """Every text that a reader sees, once the figure has been drawn."""
    for role, artist in _texts(figure):
        if artist.get_visible() and (said := artist.get_text().strip()):
            yield DrawnText(role, said, lines.get(id(artist), 0))


def _texts(figure: Any) -> Iterator[tuple[Role, Any]]:
    about = [getattr(figure, f"_sup{name}", None) for name in ("title", "xlabel", "ylabel")]
    for artist in figure.texts:
        is_title = artist is about[0]
        is_label = artist in about[1:]
        yield "title" if is_title else "axis label" if is_label else _role(artist), artist
    for legend in figure.legends:
        yield from _of_legend(legend)
    for inner in figure.subfigs:
        yield from _texts(inner)
    for axes in figure._localaxes:
        yield from _of_axes(axes)


def _of_axes(axes: Any) -> Iterator[tuple[Role, Any]]:
    if not axes.get_visible():
        return
    for title in (axes._left_title, axes.title, axes._right_title):
        yield "title", title
    for axis in (axes.xaxis, axes.yaxis) if axes.axison else ():
        if axis.get_visible():
            yield "axis label", axis.label
            for label in [*axis.get_ticklabels(), axis.get_offset_text()]:
                yield "tick label", label
    for artist in axes.texts:
        yield _role(artist), artist
    if axes.get_legend():
        yield from _of_legend(axes.get_legend())
    for table in axes.tables:
        for _, cell in sorted(table.get_celld().items()):
            yield "table", cell.get_text()
    for inner in axes.child_axes:
        yield from _of_axes(inner)


def _of_legend(legend: Any) -> Iterator[tuple[Role, Any]]:
    yield "legend", legend.get_title()
    for artist in legend.get_texts():
        yield "legend", artist


def _role(artist: Any) -> Role:
    from matplotlib.text import Annotation

    if own := _LABELLED.get(artist.get_label()):
        return own
    return "annotation" if isinstance(artist, Annotation) else "text"


def drawn_boxes(figure: Any, lines: Lines) -> Iterator[DrawnBox]:
    """Every hatched shape on axes; those of legends say what others mean."""
    for axes in figure.axes:
        for artist in axes.get_children() if axes.get_visible() else ():
            hatch = artist.get_hatch() if hasattr(artist, "get_hatch") else None
            if hatch and artist.get_visible() and artist is not axes.patch:
                for path in _paths(artist):
                    size = path.get_extents()
                    # Drawing library and data part in the last of a float's digits.
                    width, height = round(float(size.width), 9), round(float(size.height), 9)
                    is_round = bool(path.codes is not None and (path.codes == _CURVE).any())
                    yield DrawnBox(hatch, width, height, lines.get(id(artist), 0), is_round)


def _paths(artist: Any) -> Iterable[Any]:
    """Outlines in the units of the axes."""
    if hasattr(artist, "get_patch_transform"):
        return [artist.get_patch_transform().transform_path(artist.get_path())]
    return list(artist.get_paths())
