"""The look that all figures share: size, colours, font, and what figures are drawn on.

The colours (from Okabe and Ito's set) differ in lightness, so a greyscale
print reads the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

WIDTH = 160.0
"""Width of the text column in mm; a figure is drawn at the size at which it is printed."""
NARROW = 84.0
"""Width in mm of the second drawing, for a column of a page in which the first would be too small
to read."""
MM = 1 / 25.4
"""A millimetre in inches, matplotlib's unit of length."""
BLUE, ORANGE, SKY = "#0072b2", "#e69f00", "#56b4e9"
INK, GREY, RULE, TRACK = "#1f2933", "#52606d", "#cbd2d9", "#eef1f4"
MUTED = "#8c99a5"
"""Marks beside those that an accent is on."""
PALETTE = (BLUE, ORANGE, INK, SKY)
FAMILY = "Source Sans Pro"
SMALL = 9.0
"""Points of labels beside those of usual size, and of keys."""


@dataclass(frozen=True)
class Occasion:
    """What a figure is drawn for."""

    key: Mapping[str, str] = field(default_factory=dict)
    """The report's own words for what forms mean."""
    width: float = WIDTH
    """In mm."""
    told: list[str] = field(default_factory=list)
    """What readers are told of marks, in the order of their numbers."""


_occasion: ContextVar[Occasion | None] = ContextVar("occasion", default=None)


def own_key() -> Mapping[str, str]:
    """The report's own words for what forms mean, while its figures are drawn."""
    occasion = _occasion.get()
    return occasion.key if occasion else {}


def width() -> float:
    """The width in mm for which a figure is being drawn."""
    occasion = _occasion.get()
    return occasion.width if occasion else WIDTH


def is_narrow() -> bool:
    """Whether a figure is being drawn for a narrow column."""
    return width() < WIDTH


TOLD = "told-"
"""Begins the id of a mark that readers can ask; its number follows."""


def tell(mark: Artist, words: str) -> None:
    """Say in words what a mark shows, for readers of a page who point at it."""
    occasion = _occasion.get()
    if occasion:
        mark.set_gid(f"{TOLD}{len(occasion.told)}")
        occasion.told.append(words)


@contextmanager
def style(key: Mapping[str, str] | None = None, width: float = WIDTH) -> Iterator[list[str]]:
    """The settings under which a figure is drawn, as wide as that in mm; `key` is what `own_key`
    gives meanwhile. Gives the list that `tell` fills."""
    occasion = Occasion(key or {}, width)
    settings: dict[Any, Any] = {
        "font.family": [family()],
        "text.parse_math": False,
        "font.size": 9.5,
        "axes.titlesize": 10,
        "axes.titleweight": "semibold",
        "axes.titlelocation": "left",
        "axes.edgecolor": RULE,
        "axes.labelcolor": GREY,
        "axes.linewidth": 0.6,
        "axes.spines.left": False,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.prop_cycle": cycler(color=PALETTE),
        "text.color": INK,
        "xtick.color": RULE,
        "xtick.labelcolor": GREY,
        "xtick.labelsize": 9,
        "xtick.major.width": 0.6,
        "ytick.left": False,
        "ytick.labelcolor": INK,
        "hatch.linewidth": 0.9,
        "legend.frameon": False,
        "legend.fontsize": 9,
        "figure.dpi": 100,
        "svg.fonttype": "path",
    }
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(settings)
        token = _occasion.set(occasion)
        try:
            yield occasion.told
        finally:
            _occasion.reset(token)


def figure_of(axes: Axes) -> Figure:
    """The figure that axes stand in."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure


@lru_cache(maxsize=1)
def family() -> str:
    """Register the report's own font; its files come first, whatever the machine has."""
    try:
        import font_source_sans_pro
    except ImportError:
        return "DejaVu Sans"
    manager = font_manager.fontManager
    installed = list(manager.ttflist)
    for style_name in ("Regular", "It", "Semibold", "Bold"):
        files = Path(font_source_sans_pro.__file__).parent / "files"
        manager.addfont(files / f"SourceSansPro-{style_name}.ttf")
    manager.ttflist[:] = manager.ttflist[len(installed) :] + installed
    return FAMILY
