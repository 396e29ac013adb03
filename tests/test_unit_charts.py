"""Squares: one for each thing counted, in the form that tells who counted it."""

from __future__ import annotations

import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from imprint import charts


def drawn(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def test_a_block_has_one_square_for_each_thing() -> None:
    """Squares can be counted: none is lost in an unfinished column, and all are square."""
    axes = charts.mm_axes(20)
    end = charts.squares(axes, 1, 2, 11, "derived", deep=2)
    found = drawn(axes)
    assert len({patch.get_xy() for patch in found}) == len(found) == 11
    assert end == pytest.approx(max(patch.get_x() + patch.get_width() for patch in found))
    assert {patch.get_hatch() for patch in found} == {"xxxx"}
    assert all(patch.get_width() == patch.get_height() for patch in found)


def test_a_sheet_is_measured_in_mm() -> None:
    """A figure prints at the size at which it was drawn."""
    axes = charts.mm_axes(40, 78)
    size = charts.figure_of(axes).get_size_inches() * 25.4
    assert list(size) == pytest.approx([78, 40])
    assert (axes.get_xlim(), axes.get_ylim()) == ((0, 78), (40, 0))


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


def test_a_header_reads_as_a_word_inside_a_sentence() -> None:
    """What is broken to fit a column is whole in the alt text."""
    said = [charts.in_line(header) for header in ("Relation-\nships", "Case\nreviews")]
    assert said == ["relationships", "case reviews"]
