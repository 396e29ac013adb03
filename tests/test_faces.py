"""The faces of pages are parts of those that PDFs are set in."""

from __future__ import annotations

import importlib.machinery
import importlib.util
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import USE_MY_METRICS

ROOT = Path(__file__).parents[1]
FONTS = ROOT / "_extensions" / "imprint" / "assets" / "fonts"


def maker() -> object:
    """The script that makes them."""
    loader = importlib.machinery.SourceFileLoader("make_fonts", str(ROOT / "scripts/make-fonts"))
    spec = importlib.util.spec_from_loader("make_fonts", loader)
    assert spec
    made = importlib.util.module_from_spec(spec)
    loader.exec_module(made)
    return made


def test_faces_are_small_and_licensed() -> None:
    """A reader loads less than 80 kilobytes of them, and their licence stands beside them."""
    faces = sorted(FONTS.glob("*.woff2"))
    assert len(faces) == 6
    assert sum(face.stat().st_size for face in faces) < 80_000
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "sans-regular",
        *(
            pytest.param(name, marks=pytest.mark.thorough)
            for name in ("sans-italic", "sans-semibold", "serif-regular", "serif-italic")
        ),
    ],
)
def test_faces_are_cut_from_the_locked_packages(name: str) -> None:
    """What is committed is what the script makes, byte for byte."""
    made = maker()
    assert made.cut(made.FACES[name]) == (FONTS / f"{name}.woff2").read_bytes()


def test_letters_have_the_width_that_their_face_says() -> None:
    """No letter made of others takes the width of one of them, as browsers would let it."""
    for file in FONTS.glob("*.woff2"):
        glyphs = TTFont(file)["glyf"]
        made = [it for it in map(glyphs.__getitem__, glyphs.keys()) if it.isComposite()]
        parts = [part for it in made for part in it.components]
        assert parts
        assert not [it.glyphName for it in parts if it.flags & USE_MY_METRICS]
