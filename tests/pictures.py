"""Pictures of pages and screens, held against those someone looked at: tests/report/pictures/.

A picture holds where no square of it shows a change. Both are blurred a little first, so that
letters drawn a hair aside are none; then at most `SHARE` of the pixels in each square, of `SQUARE`
pixels a side, may differ by more than `STEP` levels of 255 in any colour. Squares, not the whole: a
lost page number is a small part of a page.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from reports import ROOT

KEPT = Path(__file__).parent / "report" / "pictures"
DIFFERING = ROOT / ".imprint" / "pictures"
"""Where a failing test puts what it saw; git leaves it out."""

BLUR = 0.8
"""Pixels."""
STEP = 32
SHARE = 0.03
SQUARE = 32

COLOURS = 48
"""In a kept picture, to keep it small."""
MOST_BYTES = 60_000


def assert_same_picture(name: str, seen: Image.Image, update: bool, share: float = SHARE) -> None:
    """Hold a picture against the kept one of that name; with `update`, keep it where it differs.

    A failure names a picture of both side by side with their differences.
    """
    kept = KEPT / f"{name}.png"
    seen = seen.convert("RGB")
    expected = Image.open(kept).convert("RGB") if kept.exists() else None
    if expected is not None and not differing_squares(expected, seen, share):
        return
    if update:
        KEPT.mkdir(exist_ok=True)
        kept.write_bytes(_small(seen))
        assert kept.stat().st_size < MOST_BYTES, f"{kept} is too large: show less, or at less size"
        return
    DIFFERING.mkdir(parents=True, exist_ok=True)
    shown = DIFFERING / f"{name}.png"
    if expected is None:
        seen.save(shown)
        raise AssertionError(f"there is no {kept}; if {shown} is right: pytest --update-pictures")
    side_by_side(expected, seen, share).save(shown)
    raise AssertionError(
        f"'{name}' looks different: {shown} shows what was expected, what there is, and the"
        " difference; if it is right: pytest --update-pictures"
    )


def differs(name: str, seen: Image.Image) -> bool:
    """Whether a picture differs from the kept one of that name. Raises OSError without one."""
    with Image.open(KEPT / f"{name}.png") as kept:
        return bool(differing_squares(kept.convert("RGB"), seen.convert("RGB")))


def differing_squares(
    expected: Image.Image, seen: Image.Image, share: float = SHARE
) -> list[tuple[int, int]]:
    """The left upper corners, in pixels, of squares that show a change."""
    if expected.size != seen.size:
        return [(0, 0)]
    changed = _changed(expected, seen)
    rows, columns = (range(0, length, SQUARE) for length in changed.shape)
    squares = {(x, y): changed[y : y + SQUARE, x : x + SQUARE] for y in rows for x in columns}
    return [at for at, square in squares.items() if square.sum() > share * SQUARE * SQUARE]


def side_by_side(expected: Image.Image, seen: Image.Image, share: float = SHARE) -> Image.Image:
    """What was expected, what there is, and what there is with its changes in red."""
    width, height = (max(pair) for pair in zip(expected.size, seen.size, strict=True))
    shown = Image.new("RGB", (3 * width + 20, height), "#888888")
    shown.paste(expected, (0, 0))
    shown.paste(seen, (width + 10, 0))
    marked = np.asarray(seen.convert("L").convert("RGB")).copy()
    if expected.size == seen.size:
        marked = 160 + marked * 3 // 8
        for x, y in differing_squares(expected, seen, share):
            marked[y : y + SQUARE, x : x + SQUARE, 1:] -= 40
        marked[_changed(expected, seen)] = (200, 0, 0)
    shown.paste(Image.fromarray(marked.astype(np.uint8)), (2 * width + 20, 0))
    return shown


def _changed(expected: Image.Image, seen: Image.Image) -> np.ndarray:
    """Whether each pixel differs."""
    first, second = (
        np.asarray(it.convert("RGB").filter(ImageFilter.GaussianBlur(BLUR)), dtype=np.int16)
        for it in (expected, seen)
    )
    return np.abs(first - second).max(axis=2) > STEP


def _small(picture: Image.Image) -> bytes:
    content = io.BytesIO()
    few = picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(content, "PNG", optimize=True)
    return content.getvalue()
