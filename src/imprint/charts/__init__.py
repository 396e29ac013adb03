"""What a figure module imports: one look, the marks of each kind of number, and ready charts."""

from imprint.charts.bars import axis, bar_chart, draw_parts, group_parts, panel_chart, scale_room
from imprint.charts.look import (
    BLUE,
    GREY,
    INK,
    MUTED,
    NARROW,
    ORANGE,
    RULE,
    SKY,
    SMALL,
    TRACK,
    WIDTH,
    figure_of,
    is_narrow,
    style,
    tell,
    width,
)
from imprint.charts.marks import MEANINGS, dot, key_height, legend, mark, said_of
from imprint.charts.sheet import EDGE, LINE, Sheet, mm_axes, sheet
from imprint.charts.timeline import timeline, year_of
from imprint.charts.type import text_mm, wrapped
from imprint.charts.unit_charts import SIDE, STEP, box, in_line, matrix, squares

__all__ = [
    "BLUE", "EDGE", "GREY", "INK", "LINE", "MEANINGS", "MUTED", "NARROW", "ORANGE", "RULE",
    "SIDE", "SKY", "SMALL", "STEP", "TRACK", "WIDTH", "Sheet", "axis", "bar_chart", "box",
    "dot", "draw_parts", "figure_of", "group_parts", "in_line", "is_narrow", "key_height",
    "legend", "mark", "matrix", "mm_axes", "panel_chart", "said_of", "scale_room", "sheet",
    "squares", "style", "tell", "text_mm", "timeline", "width", "wrapped", "year_of",
]  # fmt: skip
