"""Squares: one for each thing counted, in the form that tells who counted it."""

from __future__ import annotations

import pytest
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from imprint import charts


def drawn(axes: Axes) -> list[Path]:
    """The squares; those of one count are one mark."""
    paths = [patch for patch in axes.patches if isinstance(patch, PathPatch)]
    blocks = [patch for patch in paths if patch.get_facecolor()[3]]
    return [
        Path(block.get_path().vertices[start : start + 5])
        for block in blocks
        for start in range(0, len(block.get_path().vertices), 5)
    ]


def test_a_block_has_one_square_for_each_thing() -> None:
    """Squares can be counted: none is lost in an unfinished column, and all are square."""
    axes = charts.mm_axes(20)
    block = charts.squares(axes, (1, 2), 11, "derived", deep=2)
    found = [square.get_extents() for square in drawn(axes)]
    assert len({(box.x0, box.y0) for box in found}) == len(found) == 11
    assert block.end == pytest.approx(max(box.x1 for box in found))
    assert block.shape is not None and block.shape.get_hatch() == "xxxx"
    assert all(box.width == pytest.approx(box.height) for box in found)
    assert charts.squares(axes, (1, 2), 0, "exact").shape is None


def test_a_sheet_is_measured_in_mm() -> None:
    """A figure prints at the size at which it was drawn."""
    axes = charts.mm_axes(40)
    size = charts.figure_of(axes).get_size_inches() * 25.4
    assert list(size) == pytest.approx([160, 40])
    assert (axes.get_xlim(), axes.get_ylim()) == ((0, 160), (40, 0))


def test_a_matrix_shows_numbers_as_squares_under_their_headings() -> None:
    """Rows stand under their group, numbers are squares and sums are text."""
    rows = [
        {"label": "a", "group": "One kind", "x": 2, "y": 0},
        {"label": "b", "group": "One kind", "x": 1, "y": 1},
        {"label": "c", "group": "Other kind", "x": 0, "y": 3},
        {"label": "All", "total": True, "x": "3", "y": "4"},
    ]
    with charts.style():
        figure = charts.matrix(rows, {"x": "First", "y": "Second"}, left=50)
    (axes,) = figure.axes
    shown = [text.get_text() for text in axes.texts]
    assert len(drawn(axes)) == 7
    assert shown[:2] == ["First", "Second"]
    assert [text for text in shown[2:] if text] == [
        "One kind", "a", "b", "Other kind", "c", "All", "3", "4",
    ]  # fmt: skip


def test_a_narrow_matrix_loses_nothing() -> None:
    """Headers stand upright, labels break, and squares stand below each other."""
    columns = {name: f"A header {name}" for name in "abcdefg"}
    row = {
        "label": "Centre for Excellence and Outcomes in Children's Services",
        **dict.fromkeys("abcdefg", 2),
    }
    with charts.style(width=charts.NARROW):
        figure = charts.matrix([row], columns, left=62)
        figure.draw_without_rendering()
        (axes,) = figure.axes
        edges = [text.get_window_extent().x1 for text in axes.texts]
    assert len(drawn(axes)) == 14
    assert max(edges) <= figure.bbox.x1 and max(box.get_extents().x1 for box in drawn(axes)) <= 84
    assert {text.get_rotation() for text in axes.texts[:7]} == {90}
    assert " ".join(text.get_text() for text in axes.texts[7:]) == row["label"]


def test_a_header_reads_as_a_word_inside_a_sentence() -> None:
    """What is broken to fit a column is whole in the alt text."""
    said = [charts.in_line(header) for header in ("Relation-\nships", "Case\nreviews")]
    assert said == ["relationships", "case reviews"]
