"""The look that all figures share: size, colours, font, and what figures are drawn on.

The colours (from Okabe and Ito's set) differ in lightness, so a greyscale
print reads the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

WIDTH = 160.0
"""Width of the text column in mm; a figure is drawn at the size at which it is printed."""
MM = 1 / 25.4
"""A millimetre in inches, matplotlib's unit of length."""
BLUE, ORANGE, SKY = "#0072b2", "#e69f00", "#56b4e9"
INK, GREY, RULE, TRACK = "#1f2933", "#52606d", "#cbd2d9", "#eef1f4"
PALETTE = (BLUE, ORANGE, INK, SKY)
_FAMILY = "Source Sans Pro"


_key: ContextVar[Mapping[str, str] | None] = ContextVar("key", default=None)


def own_key() -> Mapping[str, str]:
    """The report's own words for what forms mean, while its figures are drawn."""
    return _key.get() or {}


@contextmanager
def style(key: Mapping[str, str] | None = None) -> Iterator[None]:
    """The settings under which every figure is drawn; `key` is what `own_key` gives meanwhile."""
    settings: dict[Any, Any] = {
        "font.family": [_family()],
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
        token = _key.set(key)
        try:
            yield
        finally:
            _key.reset(token)


def canvas(
    height: float,
    panels: Sequence[float] = (1,),
    head: float = 1,
    foot: float = 16,
    gap: float = 15,
) -> list[Axes]:
    """Make a figure as wide as the text, with panels of these relative heights one below another.

    `height`, `head` (room above the first panel; a title needs 8), `foot` (room below the last
    for its axis and the legend) and `gap` (room between panels) are in mm. The figure is
    `figure_of(axes[0])`.
    """
    figure = Figure(figsize=(WIDTH * MM, height * MM))
    drawn = height - head - foot - gap * (len(panels) - 1)
    grid = figure.add_gridspec(
        len(panels), 1, height_ratios=list(panels), left=0.004, right=0.996,
        top=1 - head / height, bottom=foot / height, hspace=gap * len(panels) / drawn,
    )  # fmt: skip
    return [figure.add_subplot(grid[position]) for position in range(len(panels))]


def mm_axes(height: float, width: float = WIDTH) -> Axes:
    """Make a figure to draw on in mm, as wide as the text unless said otherwise."""
    figure = Figure(figsize=(width * MM, height * MM))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    return axes


def figure_of(axes: Axes) -> Figure:
    """The figure that axes stand in."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure


@lru_cache(maxsize=1)
def _family() -> str:
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
    return _FAMILY
