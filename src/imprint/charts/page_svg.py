"""A drawing as SVG that stands in a page: its text is text, its colours are the page's.

Colours of the common look become classes, which style sheets set for light, dark and forced
colours; others stay as they are. Marks that readers can ask carry their words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D

from imprint.charts.look import BLUE, GREY, INK, MUTED, ORANGE, RULE, SKY, TOLD, TRACK

COLOURS = {
    BLUE: "accent", ORANGE: "second", SKY: "third", INK: "ink", GREY: "grey", RULE: "rule",
    TRACK: "track", MUTED: "muted", "#ffffff": "paper",
}  # fmt: skip
"""Classes of the look's colours, after `fill-` or `line-`."""

_POINTS = 72
"""Units of the drawing to the inch."""
_PIXEL = 96 / _POINTS
_HATCH_SIDE = 72.0
_COMMANDS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
_ANCHORS = {"center": ("middle", 0.5), "right": ("end", 1.0)}


class UnshowableError(Exception):
    """A drawing holds what a page's SVG cannot show, such as pixels."""


def page_svg(figure: Figure, name: str, told: Sequence[str]) -> str:
    """The drawing as an element for a page; `name` keeps its ids apart from those of others, and
    `told` holds what readers are told of its marks. Raises UnshowableError."""
    figure.set_dpi(_POINTS)
    width, height = figure.bbox.size
    renderer = _PageRenderer(width, height, name, told)
    for ground in (figure.patch, *(axes.patch for axes in figure.axes)):
        if to_hex(ground.get_facecolor()) == "#ffffff":
            ground.set_visible(False)
    figure.draw(renderer)
    size = f'width="{_number(width * _PIXEL)}" height="{_number(height * _PIXEL)}"'
    box = f'viewBox="0 0 {_number(width)} {_number(height)}"'
    inner = "\n".join(renderer.parts())
    return f'<svg {size} {box} aria-hidden="true">\n{inner}\n</svg>\n'


class _PageRenderer(RendererBase):
    """Writes elements while matplotlib draws. Its y grows upwards, that of SVG downwards."""

    def __init__(self, width: float, height: float, name: str, told: Sequence[str]) -> None:
        super().__init__()
        self.width, self.height = width, height
        self._name, self._told = name, told
        self._out: list[str] = []
        self._hatches: dict[tuple[str, str], str] = {}
        self._groups: list[bool] = []
        self._flip = Affine2D().scale(1, -1).translate(0, height)

    def parts(self) -> Iterator[str]:
        """The elements, with what they refer to before them."""
        if self._hatches:
            yield f"<defs>{''.join(self._hatches.values())}</defs>"
        yield from self._out

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.width, self.height

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> Any:
        return text_to_path.get_text_width_height_descent(s, prop, ismath)

    def points_to_pixels(self, points: Any) -> Any:
        return points

    def open_group(self, s: str, gid: str | None = None) -> None:  # noqa: ARG002
        is_told = bool(gid) and str(gid).startswith(TOLD)
        self._groups.append(is_told)
        if is_told:
            words = self._told[int(str(gid).removeprefix(TOLD))]
            self._out.append(f'<g class="told" data-told="{escape(words)}">')

    def close_group(self, s: str) -> None:  # noqa: ARG002
        if self._groups.pop():
            self._out.append("</g>")

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Any,
        rgbFace: Any = None,  # noqa: N803
    ) -> None:
        if gc.get_clip_path()[0] is not None:
            raise UnshowableError("a shape clipped by another")
        outline = self._outline(gc, path, transform + self._flip, is_filled=rgbFace is not None)
        hatch = gc.get_hatch()
        painted = [
            *_paint("fill", rgbFace, gc.get_alpha()),
            *(_paint("line", gc.get_rgb(), gc.get_alpha()) if gc.get_linewidth() else ()),
        ]
        if not outline or not (painted or hatch):
            return
        attributes = _attributes([*painted, *self._stroke(gc)])
        self._out.append(f'<path d="{outline}"{attributes}/>')
        if hatch:
            self._out.append(f'<path d="{outline}" fill="url(#{self._hatch(gc, hatch)})"/>')

    def draw_text(
        self, gc: GraphicsContextBase, x: float, y: float, s: str, *rest: Any, **more: Any
    ) -> None:
        prop, angle, is_formula = [*rest, False][:3]
        mtext = more.get("mtext")
        if is_formula or more.get("ismath"):
            raise UnshowableError("a formula")
        across, _, _ = self.get_text_width_height_descent(s, prop, False)
        anchor, share = _ANCHORS.get(mtext.get_ha() if mtext and not angle else "", ("", 0.0))
        left, up = _number(x + across * share), _number(y)
        weight = prop.get_weight()
        heavy = weight in ("semibold", "bold", "heavy") or (
            isinstance(weight, int) and weight > 550
        )
        attributes = [
            *_paint("fill", gc.get_rgb(), gc.get_alpha()),
            ("class", "strong" if heavy else ""),
            ("x", left),
            ("y", up),
            ("font-size", _number(prop.get_size_in_points())),
            ("font-style", prop.get_style().replace("normal", "")),
            ("text-anchor", anchor),
            # whatever face a page has in its place, a label keeps to its room
            ("textLength", _number(across) if len(s) > 1 else ""),
            ("lengthAdjust", "spacingAndGlyphs" if len(s) > 1 else ""),
            ("transform", f"rotate({_number(-angle)} {left} {up})" if angle else ""),
        ]
        self._out.append(f"<text{_attributes(attributes)}>{escape(s, quote=False)}</text>")

    def draw_image(self, *_arguments: Any, **_more: Any) -> None:
        raise UnshowableError("pixels")

    draw_gouraud_triangles = draw_image

    def _outline(self, gc: GraphicsContextBase, path: Path, transform: Any, is_filled: bool) -> str:
        """The path in the drawing's units, cut where its axes end."""
        box = gc.get_clip_rectangle()
        clip = None
        if box is not None:
            edges = box.transformed(self._flip)
            shown = path.get_extents(transform)
            edges = edges.padded(gc.get_linewidth() or 0)
            if not edges.contains(*shown.p0) or not edges.contains(*shown.p1):
                if is_filled:
                    path, transform = path.transformed(transform).clip_to_bbox(edges), Affine2D()
                else:
                    clip = (edges.xmin, edges.ymin, edges.xmax, edges.ymax)
        return _described(path.iter_segments(transform, clip=clip, simplify=False))

    def _stroke(self, gc: GraphicsContextBase) -> Iterator[tuple[str, str]]:
        wide = gc.get_linewidth()
        if not wide:
            return
        yield "stroke-width", _number(wide)
        offset, dashes = gc.get_dashes()
        if dashes is not None:
            lengths: Any = dashes
            yield "stroke-dasharray", " ".join(_number(dash) for dash in lengths)
            yield "stroke-dashoffset", _number(offset or 0)
        if gc.get_capstyle() != "butt":
            yield "stroke-linecap", {"projecting": "square"}.get(gc.get_capstyle(), "round")
        if gc.get_joinstyle() != "miter":
            yield "stroke-linejoin", str(gc.get_joinstyle())

    def _hatch(self, gc: GraphicsContextBase, hatch: str) -> str:
        """The id of the pattern of a hatch, which is made where it is new."""
        colour = gc.get_hatch_color()
        key = hatch, to_hex(colour, keep_alpha=True)
        places = {known: place for place, known in enumerate(self._hatches)}
        id = f"hatch-{self._name}-{places.get(key, len(places))}"
        if key not in self._hatches:
            tile = Affine2D().scale(_HATCH_SIDE).scale(1, -1).translate(0, _HATCH_SIDE)
            path = gc.get_hatch_path()
            assert path is not None
            lines = _described(path.iter_segments(tile, simplify=False))
            stroke = _attributes(
                [*_paint("line", colour, None), ("stroke-width", _number(gc.get_hatch_linewidth()))]
            )
            side = _number(_HATCH_SIDE)
            self._hatches[key] = (
                f'<pattern id="{id}" width="{side}" height="{side}" '
                f'patternUnits="userSpaceOnUse"><path d="{lines}"{stroke}/></pattern>'
            )
        return id


def _paint(what: str, colour: Any, alpha: float | None) -> Iterator[tuple[str, str]]:
    """Attributes by which something is filled or lined in a colour, none where that is clear."""
    opacity = 1.0 if colour is None else (colour[3] if len(colour) > 3 else 1.0)
    opacity = alpha if alpha is not None and colour is not None else opacity
    attribute = "fill" if what == "fill" else "stroke"
    if colour is None or opacity == 0:
        if attribute == "fill":
            yield "fill", "none"
        return
    name = COLOURS.get(to_hex(colour[:3]))
    yield ("class", f"{what}-{name}") if name else (attribute, to_hex(colour[:3]))
    if opacity < 1:
        yield f"{attribute}-opacity", _number(opacity)


def _attributes(pairs: Iterable[tuple[str, str]]) -> str:
    """Attributes as they stand in a tag, those of one name together; empty ones are left out."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if value:
            found.setdefault(name, []).append(value)
    return "".join(f' {name}="{" ".join(values)}"' for name, values in found.items())


def _described(segments: Iterable[tuple[Any, Any]]) -> str:
    parts = []
    for points, code in segments:
        if code == Path.CLOSEPOLY:
            parts.append("Z")
        elif code in _COMMANDS:
            parts.append(_COMMANDS[code] + " ".join(_number(float(value)) for value in points))
    return "".join(parts) if any(part[0] not in "MZ" for part in parts) else ""


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) >= 0.005 else "0"
