"""Pictures of pages and screens: what counts as a change, and what whoever made one is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw

import pictures
from pictures import KEPT, MOST_BYTES, assert_same_picture, differing_squares


def page(words: str = "12", colour: str = "#0b4a58", width: int = 140) -> Image.Image:
    """A page with some lines, a bar and a number at its foot."""
    made = Image.new("RGB", (200, 280), "white")
    draw = ImageDraw.Draw(made)
    for line in range(20, 180, 12):
        draw.text((20, line), "Teachers said so twice.", fill="#1c2529")
    draw.rectangle((20, 200, 20 + width, 220), fill=colour)
    draw.text((160, 260), words, fill="#56646b")
    return made


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pictures, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(pictures, "DIFFERING", tmp_path / "differing")
    return tmp_path


@pytest.mark.parametrize(
    "changed",
    [
        page(words=""),
        page(colour="#8c2f39"),
        page(width=120),
        ImageChops.offset(page(), 0, 4),
        page().resize((200, 281)),
    ],
    ids=["lost number", "other colour", "shorter bar", "moved lines", "other size"],
)
def test_what_a_reader_would_see_is_a_change(changed: Image.Image) -> None:
    """A lost page number, another colour, a shorter bar, lines that moved, another size."""
    assert differing_squares(page(), changed)


def test_what_no_reader_would_see_is_none() -> None:
    """A shade of colour or a softer edge is no change."""
    assert differing_squares(page(), page(colour="#124f5d")) == []
    soft = page().resize((400, 560), Image.Resampling.BICUBIC).resize((200, 280))
    assert differing_squares(page(), soft) == []


def test_failure_shows_what_differs(folders: Path) -> None:
    """Expected, seen and difference stand side by side in the file that the failure names."""
    assert_same_picture("bar", page(), update=True)
    assert_same_picture("bar", page(), update=False)
    with pytest.raises(AssertionError) as failed:
        assert_same_picture("bar", page(width=90), update=False)
    shown = folders / "differing" / "bar.png"
    assert str(shown) in str(failed.value)
    with Image.open(shown) as picture:
        assert picture.width >= 3 * 200
        assert picture.getpixel((420 + 140, 210)) == (200, 0, 0)


def test_picture_without_a_kept_one_is_a_failure(folders: Path) -> None:
    """A test cannot pass for want of a picture."""
    with pytest.raises(AssertionError, match="--update-pictures"):
        assert_same_picture("new", page(), update=False)


def test_update_leaves_what_holds(folders: Path) -> None:
    """Only pictures that differ are written anew."""
    assert_same_picture("bar", page(), update=True)
    before = (folders / "kept" / "bar.png").read_bytes()
    assert_same_picture("bar", page(colour="#124f5d"), update=True)
    assert (folders / "kept" / "bar.png").read_bytes() == before
    assert_same_picture("bar", page(width=90), update=True)
    assert (folders / "kept" / "bar.png").read_bytes() != before


def test_kept_picture_holds_rare_colours(folders: Path) -> None:
    """A thin mark in a colour of its own is kept as it is, however many shades the rest has."""
    shades = Image.radial_gradient("L").resize((600, 600)).convert("RGB")
    ImageDraw.Draw(shades).rectangle((20, 20, 90, 23), fill="#d9902f")
    assert_same_picture("mark", shades, update=True)
    with Image.open(folders / "kept" / "mark.png") as kept:
        assert ImageChops.difference(kept.convert("RGB"), shades).crop(
            (20, 20, 90, 23)
        ).getextrema() == ((0, 0), (0, 0), (0, 0))
    assert_same_picture("mark", shades, update=False)


def test_kept_pictures_are_small() -> None:
    """The repository stays light: 60 kB for a picture, 600 kB for all."""
    sizes = {path.name: path.stat().st_size for path in KEPT.glob("*.png")}
    assert all(size < MOST_BYTES for size in sizes.values()), sizes
    assert sum(sizes.values()) < 600_000
