"""Charts: one look, in which exact, vague and derived values differ in form."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib import colors, font_manager
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, Rectangle

from imprint import charts
from imprint.charts.page_svg import UnshowableError, page_svg

EXACT = {"label": "Exact", "kind": "exact", "value": 64, "wording": "64 per cent"}
VAGUE = {"label": "Vague", "kind": "range", "low": 28.3, "high": 33.3, "value": 33.3,
         "wording": "almost a third", "base": "all who answered"}  # fmt: skip
OPEN = {"label": "Open", "kind": "range", "low": 2, "high": None, "value": None, "wording": "few"}
REST = {"label": "Rest", "kind": "derived", "value": 36, "wording": "36 per cent"}


def bars(figure: Figure) -> list[Rectangle]:
    """The marks of a figure, without the track behind them."""
    found = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    return [bar for bar in found if bar.get_zorder() > 0]


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in (*figure.axes[0].texts, *figure.texts)]


def chart(*rows: dict[str, Any]) -> Figure:
    with charts.style():
        return charts.bar_chart(rows)


def test_exact_vague_and_derived_differ_in_form() -> None:
    """In greyscale too, no vague or derived value can be taken for a reported number."""
    solid, striped, hatched = bars(chart(EXACT, VAGUE, REST))
    assert solid.get_hatch() is None and solid.get_width() == 64
    assert striped.get_hatch() == "////"
    assert (striped.get_x(), striped.get_width()) == (28.3, pytest.approx(5))
    assert hatched.get_hatch() == "xxxx" and hatched.get_width() == 36
    assert colors.same_color(striped.get_facecolor(), "white")
    assert colors.same_color(hatched.get_facecolor(), "white")


def test_every_row_bears_its_label_base_and_wording() -> None:
    """Values are read beside their marks, in the words of the text."""
    shown = texts(chart(EXACT, VAGUE, OPEN))
    assert {"Exact", "64 per cent", "Vague", "almost a third", "few"} <= set(shown)
    assert "all who answered" in shown


def test_the_legend_explains_only_what_is_drawn() -> None:
    """Forms are explained where they occur; exact values alone need no legend."""
    assert chart(EXACT).texts == []
    explained = texts(chart(EXACT, REST))
    assert charts.MEANINGS["derived"] in explained
    assert charts.MEANINGS["range"] not in explained


def test_a_report_has_words_of_its_own_for_the_key() -> None:
    """What a report sets stands in every key, and what a figure says goes before it."""
    with charts.style({"derived": "our calculation"}):
        assert "our calculation" in texts(charts.bar_chart([EXACT, REST]))
    assert "our calculation" not in texts(chart(EXACT, REST))


def test_labels_stay_within_the_figure() -> None:
    """A label beside the longest bar still has its room."""
    figure = chart({**EXACT, "value": 100, "wording": "a rather long wording of a share"})
    edge = figure.bbox.x1
    assert all(text.get_window_extent().x1 <= edge for text in figure.axes[0].texts)


def test_groups_of_rows_share_one_scale() -> None:
    """Rows under different titles can be compared, whatever room their labels take."""
    with charts.style():
        figure = charts.panel_chart({"Agree": [{**VAGUE, "high": 100}], "Disagree": [EXACT]})
    vague, exact = bars(figure)
    assert (vague.get_x(), vague.get_width(), exact.get_width()) == (28.3, pytest.approx(71.7), 64)
    shown = texts(figure)
    assert shown.index("Agree") < shown.index("Vague") < shown.index("Disagree")
    assert shown.count("100 per cent") == 1


def test_a_figure_is_as_wide_as_the_text() -> None:
    """Type in figures prints at its own size, since nothing is scaled."""
    figure = chart(EXACT)
    assert figure.get_size_inches()[0] * 25.4 == pytest.approx(160)
    with charts.style():
        assert 9 <= mpl.rcParams["font.size"] <= 10
        assert mpl.rcParams["svg.fonttype"] == "path"


def test_the_palette_keeps_its_steps_in_greyscale() -> None:
    """Neighbouring colours differ in lightness by enough to be told apart without colour."""
    palette = (charts.INK, charts.BLUE, charts.SKY, charts.TRACK)
    light = [0.299 * r + 0.587 * g + 0.114 * b for r, g, b in map(colors.to_rgb, palette)]
    assert all(darker + 0.15 < lighter for darker, lighter in pairwise(light))


def test_the_reports_font_is_used() -> None:
    """Figures are set in the report's own type, from its package."""
    with charts.style():
        family = mpl.rcParams["font.family"][0]
        assert family == "Source Sans Pro"
        path = font_manager.findfont(family, fallback_to_default=False)
    assert "font_source_sans_pro" in path


def test_the_style_ends_with_its_block() -> None:
    """An author's own plots in the same notebook keep their look."""
    before = dict(mpl.rcParams)
    with charts.style():
        pass
    assert dict(mpl.rcParams) == before


def test_text_from_data_is_never_read_as_formulas() -> None:
    """A dollar sign or a backslash in a label prints as it is."""
    figure = chart({**EXACT, "label": r"$\frac{1}$ of \it"})
    with charts.style():
        figure.savefig(io.BytesIO(), format="svg")


def test_one_accent_leaves_the_rest_grey() -> None:
    """The row that a title speaks of stands out, in words and mark."""
    one, other = bars(chart({**EXACT, "accent": True}, EXACT))
    assert colors.to_hex(one.get_facecolor()) == charts.BLUE
    assert colors.to_hex(other.get_facecolor()) == charts.MUTED


def test_a_narrow_figure_has_its_labels_above_the_bars() -> None:
    """The same module draws for a phone, where labels break and nothing runs off."""
    row = {**EXACT, "label": "A label of so many words that it takes more than one line of a phone"}
    with charts.style(width=charts.NARROW):
        figure = charts.bar_chart([row])
        figure.draw_without_rendering()
        edge = figure.bbox.x1
        assert all(text.get_window_extent().x1 <= edge for text in figure.axes[0].texts)
    assert figure.get_size_inches()[0] * 25.4 == pytest.approx(charts.NARROW)
    first = figure.axes[0].texts[0]
    assert len(first.get_text()) < len(row["label"])
    assert first.get_position()[1] < bars(figure)[0].get_y()


def test_a_page_shows_text_classes_and_words() -> None:
    """Colours of the look are the page's, text is text, and marks say what they show."""
    with charts.style() as told:
        figure = charts.bar_chart([EXACT, {**VAGUE, "label": "<Vague>"}])
        svg = page_svg(figure, "answers-wide", told)
    assert told == ["Exact: 64 per cent", "<Vague> (all who answered): almost a third"]
    root = ET.fromstring(svg)
    assert [mark.get("data-told") for mark in root.iter("g")] == told
    assert {"Exact", "<Vague>", "64 per cent"} <= {text.text for text in root.iter("text")}
    painted = {name for it in root.iter() for name in (it.get("class") or "").split()}
    assert {"fill-accent", "fill-track", "fill-ink", "line-accent", "fill-paper"} <= painted
    assert charts.BLUE not in svg and "style=" not in svg
    (pattern,) = root.iter("pattern")
    assert pattern.get("id") == "hatch-answers-wide-0"
    assert 'fill="url(#hatch-answers-wide-0)"' in svg


def test_a_page_keeps_to_the_axes_and_to_colours_of_a_modules_own() -> None:
    """What lies outside the axes is cut, and a colour that is none of the look's stays."""
    with charts.style():
        axes = charts.mm_axes(40)
        axes.plot([0, 10], [0, 10], color="#123456")
        axes.fill_between([0, 5], [0, 0], [50, 50], color="#abcdef")
        axes.set(xlim=(0, 1), ylim=(0, 1))
        svg = page_svg(charts.figure_of(axes), "own", [])
    assert 'stroke="#123456"' in svg and 'fill="#abcdef"' in svg
    numbers = [
        float(it) for it in re.findall(r"-?\d+\.?\d*", " ".join(re.findall('d="([^"]+)', svg)))
    ]
    assert max(numbers) < 460


def test_a_page_shows_no_pixels_of_a_drawing() -> None:
    """Such a figure stands there as its image."""
    with charts.style():
        axes = charts.mm_axes(40)
        axes.imshow([[0, 1], [1, 0]])
        with pytest.raises(UnshowableError):
            page_svg(charts.figure_of(axes), "pixels", [])


def test_a_timeline_draws_points_periods_and_bare_years_apart() -> None:
    """A month is a point, a period a bar, and a year without a month an open box."""
    events = [
        {"label": "a year", "start": "2003"},
        {"label": "a month", "start": "2009-03"},
        {"label": "a period", "start": "2009-04-01", "end": "2009-09-30"},
        {"label": "a season", "start": "2011-21"},
        {"label": "an answer", "start": "2009", "after": "2009-04"},
    ]
    with charts.style():
        figure = charts.timeline({"": [{**it, "wording": it["start"]} for it in events]}, {})
    year, period, season, later = bars(figure)
    assert year.get_hatch() == season.get_hatch() == later.get_hatch() == "////"
    assert period.get_hatch() is None
    assert period.get_width() == pytest.approx(year.get_width() / 2)
    assert season.get_width() == pytest.approx(year.get_width() / 4)
    assert later.get_x() == pytest.approx(period.get_x())
    (dot,) = [it for it in figure.axes[0].patches if isinstance(it, Ellipse)]
    assert dot.center[0] == pytest.approx(period.get_x() - year.get_width() / 24)
    shown = [text for text in texts(figure) if text in map(str, range(2003, 2012))]
    assert list(dict.fromkeys(shown[:3])) == ["2003", "2009", "2011"], "empty years are left out"


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("2011-21", 2011 + 2 / 12, 2011 + 5 / 12),
        ("2009", 2009, 2010),
        ("2009-12", 2009 + 11 / 12, 2010),
        ("2009-12-31", 2010 - 1 / 372, 2010),
    ],
)
def test_dates_keep_their_precision(text: str, begins: float, ends: float) -> None:
    """A year, a month and a day each begin and end where they do."""
    assert charts.year_of(text) == pytest.approx(begins)
    assert charts.year_of(text, after=True) == pytest.approx(ends)
