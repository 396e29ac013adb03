"""One look for all figures, and the marks they are made of.

An exact value is a solid bar or point. A vague wording is an open striped box over all it allows.
A number worked out by this edition is hatched. The three differ in form, not in colour alone, and
the colours (from Okabe and Ito's set) differ in lightness, so a greyscale print reads the same.

Rows are mappings as `authoring.figure_rows` gives them: `label`, `kind` (exact, range, derived),
`value`, `low`, `high`, `wording`, and where wanted `base`, who or what was counted.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import cycle
from pathlib import Path
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

WIDTH = 160.0
"""Width of the text column in mm; a figure is drawn at the size at which it is printed."""
BLUE, ORANGE, SKY = "#0072b2", "#e69f00", "#56b4e9"
INK, GREY, RULE, TRACK = "#1f2933", "#52606d", "#cbd2d9", "#eef1f4"
PALETTE = (BLUE, ORANGE, INK, SKY)

BAR = 0.34
"""Height of a bar, where the distance between rows is 1."""
ROW = 11.0
"""Distance between labelled rows in mm."""
EXPLAINED = {
    "exact": "as reported",
    "range": "reported as a range or in words: lies within the box",
    "derived": "worked out for this edition",
}
_FAMILY = "Source Sans Pro"
_MM = 1 / 25.4
_LETTER = 0.0135
"""Room for a letter of a direct label, as part of the width."""


@contextmanager
def style() -> Iterator[None]:
    """The settings under which every figure is drawn."""
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
        yield


def bar_chart(
    rows: Sequence[Mapping[str, Any]], most: float = 100, unit: str = "per cent"
) -> Figure:
    """The commonest figure: labelled rows on one axis, with what the forms of the marks mean."""
    return panel_chart({"": rows}, most, unit)


def panel_chart(
    groups: Mapping[str, Sequence[Mapping[str, Any]]], most: float = 100, unit: str = "per cent"
) -> Figure:
    """Groups of rows under their titles, all on one scale, with one axis at the foot."""
    kinds = {row["kind"] for rows in groups.values() for row in rows}
    head, foot, gap = (8.0 if any(groups) else 1.0), (9.0 if kinds == {"exact"} else 16.0), 9.0
    counts = [len(rows) for rows in groups.values()]
    height = ROW * sum(counts) + head + foot + gap * (len(counts) - 1)
    panels = canvas(height, counts, head, foot, gap)
    reach = 0.0
    for axes, (title, rows) in zip(panels, groups.items(), strict=True):
        reach = max(reach, labelled_rows(axes, rows, most))
        axes.set_title(title)
    for axes in panels:
        axes.set_xlim(0, reach)
        axes.spines["bottom"].set_visible(axes is panels[-1])
        axes.set_xticks([])
    scale(panels[-1], most, unit)
    legend(panels[-1], kinds)
    return figure_of(panels[0])


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
    figure = Figure(figsize=(WIDTH * _MM, height * _MM))
    drawn = height - head - foot - gap * (len(panels) - 1)
    grid = figure.add_gridspec(
        len(panels), 1, height_ratios=list(panels), left=0.004, right=0.996,
        top=1 - head / height, bottom=foot / height, hspace=gap * len(panels) / drawn,
    )  # fmt: skip
    return [figure.add_subplot(grid[position]) for position in range(len(panels))]


def labelled_rows(axes: Axes, rows: Sequence[Mapping[str, Any]], most: float = 100) -> float:
    """Draw a row for each mapping: its label and base above, its mark, its wording beside it.

    Returns how far the scale reaches so that the wordings have their room.
    """
    reach = most
    for position, row in enumerate(rows):
        y = -position
        axes.barh(y, most, BAR, color=TRACK, zorder=0)
        end = mark(axes, y, row)
        label = axes.text(0, y + BAR / 2 + 0.09, row["label"], weight="semibold", va="bottom")
        if row.get("base"):
            axes.annotate(
                f"  {row['base']}", (1, 0), xycoords=label, va="bottom", color=GREY, size=9
            )
        beside(axes, end, y, row["wording"], most)
        reach = max(reach, end + most * (0.02 + _LETTER * len(row["wording"])))
    axes.set_ylim(-len(rows) + 1 - 0.42, 0.72)
    axes.set_xlim(0, reach)
    axes.set_yticks([])
    return reach


def mark(axes: Axes, y: float, row: Mapping[str, Any], colour: str = BLUE) -> float:
    """Draw a row's bar in the form its kind demands; returns where it ends."""
    if row["kind"] == "range" and row["low"] is not None:
        high = row["high"] if row["high"] is not None else row["low"]
        return interval(axes, y, row["low"], high, colour)
    if row["kind"] == "derived":
        return derived(axes, y, 0, row["value"])
    axes.barh(y, row["value"], BAR, color=colour, zorder=2)
    return float(row["value"])


def interval(axes: Axes, y: float, low: float, high: float, colour: str = BLUE) -> float:
    """A vague wording: an open striped box over the values it allows; returns its end."""
    axes.add_patch(_box(low, y, high - low, facecolor="white", edgecolor=colour, hatch="////"))
    return high


def derived(axes: Axes, y: float, start: float, width: float) -> float:
    """A number worked out by this edition: a grey hatched box; returns its end."""
    axes.add_patch(_box(start, y, width, facecolor="white", edgecolor=GREY, hatch="xxxx"))
    return start + width


def point(axes: Axes, x: float, y: float, colour: str = BLUE) -> None:
    """An exact value on a scale that does not begin at nought."""
    axes.plot(x, y, "o", color=colour, markersize=6.5, zorder=3, clip_on=False)


def beside(axes: Axes, x: float, y: float, text: str, most: float = 100) -> None:
    """Write a direct label to the right of a mark that ends at x."""
    axes.text(x + most * 0.012, y, text, va="center", ha="left", weight="semibold", zorder=4)


def part_whole(axes: Axes, rows: Sequence[Mapping[str, Any]], total: float) -> None:
    """One bar cut into the rows' parts, each labelled above; a derived part is hatched."""
    start = 0.0
    for row, colour in zip(rows, cycle(PALETTE), strict=False):
        width = float(row["value"])
        if row["kind"] == "derived":
            derived(axes, 0, start, width)
        else:
            axes.barh(0, width, BAR, left=start, color=colour, edgecolor="white", zorder=2)
        side, edge = ("right", start + width) if start > total / 2 else ("left", start)
        axes.text(edge, 0.42, row["wording"], weight="semibold", ha=side, va="bottom")
        axes.text(edge, 0.24, row["label"], color=GREY, size=9, ha=side, va="bottom")
        start += width
    axes.set_xlim(0, total)
    axes.set_ylim(-0.3, 0.75)
    axes.set_yticks([])


def timeline(axes: Axes, rows: Sequence[Mapping[str, Any]], first: int, last: int) -> None:
    """Events one below another: `label`, `start` and, for a period, `end`, as ISO 8601 dates.

    A month is a point, a period a bar; a bare year is an open striped box, as the day within it
    is not known. Labels stand left of their marks where they fit. `first` and `last` are the
    years at the ends of the axis.
    """
    for position, row in enumerate(rows):
        y, start = -position, year_of(row["start"])
        axes.axhline(y, color=TRACK, linewidth=0.8, zorder=0)
        if row.get("end"):
            end = year_of(row["end"], after=True)
            axes.barh(y, end - start, BAR, left=start, color=BLUE, zorder=2)
        elif len(row["start"]) == 4:
            end = interval(axes, y, start, start + 1)
        else:
            end = (start + year_of(row["start"], after=True)) / 2
            point(axes, end, y)
        room = (start - first) / (last - first) < 0.02 + _LETTER * 0.64 * len(row["label"])
        axes.annotate(
            row["label"], (end if room else start, y), (6 if room else -6, 0),
            textcoords="offset points", ha="left" if room else "right", va="center", size=9,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2}, zorder=1,
        )  # fmt: skip
    axes.set_ylim(-len(rows) + 0.4, 0.6)
    axes.set_xlim(first, last)
    axes.set_yticks([])
    years = range(first, last + 1)
    for tick in axes.set_xticks(years, [str(year) for year in years[:-1]] + [""]):
        tick.label1.set_horizontalalignment("left")


def year_of(text: str, after: bool = False) -> float:
    """An ISO 8601 year, month or day as a year with its part, at its beginning or just after it."""
    parts = [int(part) for part in text.split("-")]
    year, month, day = [*parts, 0, 0][:3]
    if not month:
        return float(year + after)
    if not day:
        return year + (month - 1 + after) / 12
    return year + (month - 1 + (day - 1 + after) / monthrange(year, month)[1]) / 12


def scale(axes: Axes, most: float = 100, unit: str = "per cent", steps: int = 4) -> None:
    """Number the axis below the rows from nought to `most`, the unit once, at its end."""
    ticks = [most * step / steps for step in range(steps + 1)]
    labels = [f"{tick:g}" for tick in ticks]
    labels[-1] += f" {unit}"
    shown = axes.set_xticks(ticks, labels)
    shown[0].label1.set_horizontalalignment("left")
    shown[-1].label1.set_horizontalalignment("right")
    axes.spines["bottom"].set_bounds(0, most)


def legend(axes: Axes, kinds: Iterable[str], said: Mapping[str, str] = EXPLAINED) -> None:
    """Say below the figure what the forms mean; a figure of exact values needs no such line."""
    present = [kind for kind in EXPLAINED if kind in set(kinds)]
    if present in ([], ["exact"]):
        return
    handles = [
        Patch(facecolor=BLUE if kind == "exact" else "white", edgecolor=edge, hatch=hatch)
        for kind, edge, hatch in (
            ("exact", BLUE, None), ("range", BLUE, "////"), ("derived", GREY, "xxxx"),
        )
        if kind in present
    ]  # fmt: skip
    figure = figure_of(axes)
    height = figure.get_size_inches()[1] / _MM
    figure.legend(
        handles, [said[kind] for kind in present], loc="lower left",
        bbox_to_anchor=(0.006, 1 / height), ncols=len(present), borderpad=0, borderaxespad=0,
        handlelength=1.6, handleheight=0.9, columnspacing=1.8, labelcolor=GREY,
    )  # fmt: skip


def figure_of(axes: Axes) -> Figure:
    """The figure that axes stand in."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure


def _box(x: float, y: float, width: float, **look: Any) -> Rectangle:
    return Rectangle((x, y - BAR / 2), width, BAR, linewidth=1.0, zorder=2, clip_on=False, **look)


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
