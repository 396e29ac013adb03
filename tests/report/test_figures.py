"""The report's own figures: what each module in figures/ shows, says and leaves room for."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from imprint import charts
from imprint.read.bibliography import read_library
from reports import ROOT

FILES = {path.stem: path for path in sorted((ROOT / "figures").glob("*.py"))}
SMALLEST = 8.0
"""Points below which type is hard to read on paper."""


@pytest.fixture(scope="module", params=FILES)
def module(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    """A figure module, reading the report's own data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUARTO_PROJECT_DIR", str(ROOT))
        spec = importlib.util.spec_from_file_location(request.param, FILES[request.param])
        assert spec is not None and spec.loader is not None
        loaded = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loaded)
        yield loaded


@pytest.fixture(scope="module")
def rows(module: ModuleType) -> list[dict[str, Any]]:
    """The rows behind the figure."""
    found: list[dict[str, Any]] = module.rows()
    return found


@pytest.fixture(scope="module", params=[charts.WIDTH, charts.NARROW], ids=["wide", "narrow"])
def drawing(
    module: ModuleType, rows: list[dict[str, Any]], request: pytest.FixtureRequest
) -> Figure:
    """The figure in the report's style, for print and for a phone."""
    with charts.style(width=request.param):
        figure: Figure = module.draw(rows)
        figure.draw_without_rendering()
    return figure


def texts(figure: Figure) -> list[Text]:
    """All that can be read in the figure."""
    found = [*figure.texts, *(text for legend in figure.legends for text in legend.get_texts())]
    for axes in figure.axes:
        found += [*axes.texts, axes.title, axes._left_title, axes._right_title]  # type: ignore[attr-defined]
        if axes.axison:
            found += [*axes.get_xticklabels(), *axes.get_yticklabels()]
    return [text for text in found if text.get_text().strip() and text.get_visible()]


def extent(text: Text) -> Bbox:
    """Where a text stands, without the box or arrow that goes with it."""
    return (
        Text.get_window_extent(text) if isinstance(text, Annotation) else text.get_window_extent()
    )


def test_every_number_is_said_in_words_too(module: ModuleType, rows: list[dict[str, Any]]) -> None:
    """Whoever cannot see the figure hears each value, place and date of it."""
    assert rows
    said = module.alt(rows)
    for row in rows:
        assert str(row.get("wording", "")) in said
        assert str(row.get("until", "")) in said
        if "all" in row:
            assert f"{row['label']} {row['all']}" in said
    for theme in ("training", "capacity", "quality", "referrals"):
        if theme in rows[0] and "all" not in rows[0]:
            assert f"{theme} {sum(row[theme] for row in rows)}" in said


@pytest.fixture(scope="module")
def works() -> set[str]:
    """Keys of the bibliography."""
    return set(read_library(ROOT, ["references.bib"])[0].references)


def test_the_caption_cites_what_is_in_the_bibliography(
    module: ModuleType, rows: list[dict[str, Any]], works: set[str]
) -> None:
    """Each figure names its sources, and none that nobody can look up."""
    cited = re.findall(r"@(\w+)", module.caption(rows))
    assert cited
    assert set(cited) <= works


def test_derived_numbers_are_said_to_be_ours(
    module: ModuleType, rows: list[dict[str, Any]]
) -> None:
    """A number that no source gives is never passed off as one."""
    if any(row.get("kind") == "derived" for row in rows):
        assert "this edition" in module.caption(rows) or "our count" in module.caption(rows)


def test_the_form_of_a_mark_tells_what_kind_of_number_it_is(
    rows: list[dict[str, Any]], drawing: Figure
) -> None:
    """Vague values are striped and derived ones hatched, whatever draws them."""
    patches = [patch for axes in drawing.axes for patch in axes.patches]
    hatches = {patch.get_hatch() for patch in patches}
    kinds = {row.get("kind") for row in rows}
    assert ("////" in hatches) == ("range" in kinds) or "start" in rows[0]
    assert ("xxxx" in hatches) == ("derived" in kinds)


def test_all_text_is_inside_legible_and_apart(drawing: Figure) -> None:
    """Nothing is cut off, smaller than eight points, or printed over other text."""
    shown = texts(drawing)
    assert shown
    places = [(text.get_text(), extent(text)) for text in shown]
    for text, (_, place) in zip(shown, places, strict=True):
        assert text.get_fontsize() >= SMALLEST, text.get_text()
        assert place.x0 >= -1 and place.x1 <= drawing.bbox.x1 + 1, text.get_text()
        assert place.y0 >= -1 and place.y1 <= drawing.bbox.y1 + 1, text.get_text()
    for (one, here), (other, there) in combinations(places, 2):
        common = Bbox.intersection(here, there)
        if common is not None and common.width > 1 and common.height > 3:
            pytest.fail(f"'{one}' and '{other}' overlap")


def test_a_title_says_what_the_figure_shows(module: ModuleType, rows: list[dict[str, Any]]) -> None:
    """It is a sentence of its own, short enough to be read at a glance."""
    said = re.sub(r"\[([^\[\]]*)\]\{[^{}]*\}", r"\1", module.title(rows))
    assert said.endswith(".") and len(said) < 160
    assert said not in module.caption(rows)


def test_a_module_stays_small(module: ModuleType) -> None:
    """A figure is read in a minute; what figures share is in `imprint.charts`."""
    assert len(Path(str(module.__file__)).read_text("utf-8").splitlines()) < 120
