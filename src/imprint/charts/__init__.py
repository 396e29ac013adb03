"""What a figure module imports: one look, the marks of each kind of number, and ready charts."""

from imprint.charts.bars import axis, bar_chart, draw_parts, group_parts, panel_chart, scale_room
from imprint.charts.look import (
    BLUE,
    GREY,
    INK,
    MUTED,
    NARROW,
    ORANGE,
    PALETTE,
    RULE,
    SKY,
    SMALL,
    TRACK,
    WIDTH,
    canvas,
    figure_of,
    is_narrow,
    mm_axes,
    style,
    tell,
    width,
)
from imprint.charts.marks import (
    BAR,
    MEANINGS,
    derived,
    dot,
    interval,
    key_height,
    legend,
    mark,
    point,
    said_of,
)
from imprint.charts.sheet import EDGE, LINE, Sheet, sheet
from imprint.charts.timeline import timeline, year_of
from imprint.charts.type import text_mm, wrapped
from imprint.charts.unit_charts import SIDE, STEP, box, in_line, matrix, squares

__all__ = [
    "BAR", "BLUE", "EDGE", "GREY", "INK", "LINE", "MEANINGS", "MUTED", "NARROW", "ORANGE",
    "PALETTE", "RULE", "SIDE", "SKY", "SMALL", "STEP", "TRACK", "WIDTH", "Sheet", "axis",
    "bar_chart", "box", "canvas", "derived", "dot", "draw_parts", "figure_of", "group_parts",
    "in_line", "interval", "is_narrow", "key_height", "legend", "mark", "matrix", "mm_axes",
    "panel_chart", "point", "said_of", "scale_room", "sheet", "squares", "style", "tell",
    "text_mm", "timeline", "width", "wrapped", "year_of",
]  # fmt: skip
