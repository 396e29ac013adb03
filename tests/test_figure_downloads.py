"""Figures for download: pixels of what was drawn, made again only where that has changed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from imprint.compose.addresses import image_size
from imprint.write import downloads
from imprint.write.downloads import figure_files, figures_among

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt" viewBox="0 0 72 36">
<rect width="36" height="36" fill="{}"/></svg>
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in which two figures were drawn, one of them without rows."""
    drawn = tmp_path / "figures" / "drawn"
    drawn.mkdir(parents=True)
    (drawn / "red.svg").write_text(SVG.format("#ff0000"))
    (drawn / "red.csv").write_text("id\nx\n")
    (drawn / "blue.svg").write_text(SVG.format("#0000ff"))
    return tmp_path


def made(project: Path, *names: str, keeps: bool = False) -> dict[str, bytes]:
    """The files by path."""
    return {file.path: file.make() for file in figure_files(project, names, keeps=keeps)}


def test_pixels_show_what_was_drawn_in_the_size_in_which_it_is_printed(project: Path) -> None:
    """An inch is 200 pixels, and the file says so; where nothing is drawn, it is white."""
    files = made(project, "red", "blue")
    for name, colour in (("red", (255, 0, 0)), ("blue", (0, 0, 255))):
        with Image.open(io.BytesIO(files[f"figures/{name}.png"])) as picture:
            assert picture.size == (200, 100)
            assert picture.info["dpi"] == pytest.approx((200, 200), abs=0.01)
            shown = picture.convert("RGB")
            assert shown.getpixel((50, 50)) == colour
            assert shown.getpixel((150, 50)) == (255, 255, 255)
    assert image_size((project / "figures/drawn/red.svg").read_bytes()) == (96, 48), (
        "as pages show it"
    )


def test_a_figure_comes_with_its_drawing_and_rows_as_they_are(project: Path) -> None:
    """What is not there is left out: rows of a figure without any, figures that nobody shows."""
    files = made(project, "red", "blue", "never-shown")
    endings = ["blue.png", "blue.svg", "red.csv", "red.png", "red.svg"]
    assert sorted(files) == [f"figures/{ending}" for ending in endings]
    assert files["figures/red.csv"] == b"id\nx\n"
    assert files["figures/red.svg"].decode() == SVG.format("#ff0000")
    assert made(project) == {}


def test_only_what_was_drawn_anew_is_made_anew(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept is taken, byte for byte; a spoilt entry is as good as none."""
    anew: list[list[str]] = []
    in_pixels = downloads.in_pixels

    def noting(root: Path, drawn: dict[str, Path]) -> dict[str, bytes]:
        anew.append(list(drawn))
        return in_pixels(root, drawn)

    monkeypatch.setattr(downloads, "in_pixels", noting)
    first = made(project, "red", "blue", keeps=True)
    assert made(project, "red", "blue", keeps=True) == first
    (project / "figures/drawn/red.svg").write_text(SVG.format("#ffff00"))
    assert made(project, "red", "blue", keeps=True) != first
    for entry in (project / ".imprint").rglob("pixels/*"):
        entry.write_bytes(entry.read_bytes()[:-9])
    made(project, "blue", keeps=True)
    assert anew == [["blue", "red"], [], ["red"], ["blue"]]


def test_figures_are_told_from_other_images() -> None:
    """An image of the author's is none."""
    images = ["figures/drawn/red.svg", "figures/photo.png", "figures/drawn/blue.svg"]
    assert figures_among(images) == {"red", "blue"}
