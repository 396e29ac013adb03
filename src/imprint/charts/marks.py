"""The marks that figures are made of: one form for each kind of number.

An exact value is a solid bar or point. A vague wording is an open striped box over all it allows,
or a striped dot where it is named and not measured. A number that the report works out is hatched.
They differ in form, not in colour alone.

Rows are mappings as `figure_rows` gives them: `label`, `kind` (exact, range, derived), `value`,
`low`, `high`, `wording`, and where wanted `base`, who or what was counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, PathPatch, Rectangle
from matplotlib.path import Path

from imprint.charts.look import BLUE, GREY, INK, MM, SMALL, figure_of, own_key, tell, width
from imprint.charts.type import text_mm, wrapped

BAR = 0.34
"""Height of a bar, where the distance between rows is 1."""
MEANINGS = {
    "exact": "as reported",
    "range": "reported as a range or in words: lies within the box",
    "named": "reported in words alone",
    "derived": "worked out for this report",
    "interval": "confidence interval",
}
"""What each form means, as keys say it; a report sets words of its own with `figure-key:`."""
KEY_LINE = 4.8
"""Height of a line of a key, in mm."""
_SWATCH, _SPACE, _PART = 5.2, 2.0, 5.0
LOOK: Mapping[str, Mapping[str, Any]] = {
    "exact": {"facecolor": BLUE, "edgecolor": BLUE},
    "range": {"facecolor": "white", "edgecolor": BLUE, "hatch": "////"},
    "named": {"facecolor": "white", "edgecolor": BLUE, "hatch": "////"},
    "derived": {"facecolor": "white", "edgecolor": GREY, "hatch": "xxxx"},
}
"""How each form is painted."""


def painted(kind: str, colour: str) -> dict[str, Any]:
    """A form in a colour; what is derived stays grey."""
    look = dict(LOOK[kind])
    if kind != "derived":
        look["edgecolor"] = colour
    if kind == "exact":
        look["facecolor"] = colour
    return look


def mark(
    axes: Axes, y: float, row: Mapping[str, Any], colour: str = BLUE, height: float = BAR
) -> float:
    """Draw a row's bar in the form its kind demands; returns where it ends."""
    start, end, kind = 0, row["value"], "derived" if row["kind"] == "derived" else "exact"
    if row["kind"] == "range" and row["low"] is not None:
        start, kind = row["low"], "range"
        end = row["high"] if row["high"] is not None else start
    shape = _box(start, y, end - start, height, kind, colour)
    axes.add_artist(shape)
    tell(shape, said_of(row))
    if has_interval(row):
        whisker = _whisker(row["ci_low"], row["ci_high"], y, height / 2)
        axes.add_artist(PathPatch(whisker, linewidth=1.1, zorder=3, clip_on=False, **_WHISKER))
        return float(max(end, row["ci_high"]))
    return float(end)


def forms_of(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """The forms in which rows are drawn, for the key: their kinds, and intervals where rows have
    one."""
    told = list(rows)
    return {row["kind"] for row in told} | ({"interval"} if any(map(has_interval, told)) else set())


def has_interval(row: Mapping[str, Any]) -> bool:
    """Whether a row has both ends of a confidence interval."""
    return row.get("ci_low") is not None and row.get("ci_high") is not None


_WHISKER: Mapping[str, Any] = {"facecolor": "none", "edgecolor": INK}


def _whisker(low: float, high: float, y: float, height: float) -> Path:
    """A confidence interval: a line from end to end with a cap at each."""
    caps = [(x, y + side * height / 2) for x in (low, high) for side in (-1, 1)]
    return Path([(low, y), (high, y), *caps], [Path.MOVETO, Path.LINETO] * 3)


def said_of(row: Mapping[str, Any]) -> str:
    """A row as readers are told of it: its label, its base and its wording."""
    base = f" ({row['base']})" if row.get("base") else ""
    return f"{row['label']}{base}: {row['wording']}"


def dot(
    axes: Axes, x: float, y: float, across: tuple[float, float], row: Mapping[str, Any]
) -> None:
    """A vague wording that is named and has no place on a scale: a striped dot, as wide and high as
    that in the units of the axes."""
    shape = Ellipse((x, y), *across, linewidth=1.0, zorder=2, clip_on=False, **LOOK["named"])
    axes.add_artist(shape)
    tell(shape, said_of(row))


def key_height(kinds: Iterable[str], meanings: Mapping[str, str] | None = None) -> float:
    """Room in mm below a figure for its key; nothing where it needs none."""
    lines = max((line for _, _, _, line in _key(kinds, meanings)), default=-1) + 1
    return lines * KEY_LINE + 2.2 if lines else 0.0


def legend(axes: Axes, kinds: Iterable[str], meanings: Mapping[str, str] | None = None) -> None:
    """Say at the foot of the figure what the forms mean; a figure of exact values needs no key.

    `meanings` are words of this figure's own for some of the forms.
    """
    figure, parts = figure_of(axes), list(_key(kinds, meanings))
    wide, high = figure.get_size_inches() / MM
    last = max((line for _, _, _, line in parts), default=0)
    for kind, words, x, line in parts:
        y = 1.0 + KEY_LINE * (last - line) + KEY_LINE / 2
        _swatch(figure, kind, (x / wide, y / high), (_SWATCH / wide, 2.8 / high))
        for number, said in enumerate(words):
            figure.text(
                (x + _SWATCH + _SPACE) / wide, (y - number * KEY_LINE) / high, said, size=SMALL,
                color=GREY, va="center_baseline", label="key",
            )  # fmt: skip


def _key(
    kinds: Iterable[str], meanings: Mapping[str, str] | None
) -> Iterator[tuple[str, list[str], float, int]]:
    """The parts of a key: a form, what it means in lines, its place in mm and its line."""
    words = {**MEANINGS, **own_key(), **(meanings or {})}
    present = [kind for kind in MEANINGS if kind in set(kinds)]
    if present in ([], ["exact"]):
        return
    x, line = 0.6, 0
    for kind in present:
        said = wrapped(words[kind], width() - _SWATCH - _SPACE - 1.2)
        across = _SWATCH + _SPACE + max(text_mm(part) for part in said)
        if x > 0.6 and x + across > width() - 0.6:
            x, line = 0.6, line + 1
        yield kind, said, x, line
        # The last line of what takes several is where the next begins.
        line += len(said) - 1
        x += across + _PART


def _swatch(
    figure: Figure, kind: str, middle: tuple[float, float], size: tuple[float, float]
) -> None:
    """A sample of a form, in parts of the figure; samples are no marks of its axes."""
    (x, y), (wide, high) = middle, size
    if kind == "interval":
        shape: Any = PathPatch(_whisker(x, x + wide, y, high), linewidth=0.9, **_WHISKER)
    elif kind == "named":
        ratio = figure.get_figheight() / figure.get_figwidth()
        shape = Ellipse((x + wide / 2, y), high * ratio, high, linewidth=0.9, **LOOK[kind])
    else:
        shape = Rectangle((x, y - high / 2), wide, high, linewidth=0.9, **LOOK[kind])
    shape.set_transform(figure.transFigure)
    figure.add_artist(shape)


def _box(
    x: float, y: float, width: float, height: float, kind: str, colour: str = BLUE
) -> Rectangle:
    return Rectangle(
        (x, y - height / 2), width, height, linewidth=0.0 if kind == "exact" else 1.0, zorder=2,
        clip_on=False, **painted(kind, colour),
    )  # fmt: skip
