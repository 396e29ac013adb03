"""Figures on a page: sizes, downloads, the rows behind them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from imprint.compose.addresses import image_size
from imprint.core.document import Page, PageFigure
from imprint.write.site.page_figures import (
    DisplayNames,
    body_alone,
    body_with_data,
    read_table,
)
from imprint.write.site.site import environment

NAMES = DisplayNames({"laming_2009": "Laming (2009)"}, {"training": "Training"}, "sources.html")
FIGURE, MORE = '<figure id="fig-time">…</figure>', "<p>More.</p>"
PAGE = Page(
    "chapters/training.qmd",
    "chapters/training.html",
    "chapter",
    "2",
    "Training",
    "Training",
    f"{FIGURE}\ue0071\ue008\n{MORE}",
    (),
    figures=(PageFigure("Figure\u00a02.1", "figures/drawn/time.svg"),),
)
SVG = '<?xml version="1.0"?>\n<svg width="90pt" height="30pt" viewBox="0 0 90 30"></svg>'


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """A folder of drawn figures."""
    folder = tmp_path / "figures" / "drawn"
    folder.mkdir(parents=True)
    (folder / "time.svg").write_text(SVG)
    (folder / "time.csv").write_text(
        "id,label,value,unit,wording,source,note\n"
        "a,<b>Nurses</b>,64.0,percent,64 per cent,laming_2009,\n"
    )
    return folder


def test_sizes_of_images(tmp_path: Path) -> None:
    """PNG and SVG tell their size, points become pixels; others do not."""
    (tmp_path / "points.svg").write_text(SVG)
    (tmp_path / "a.png").write_bytes(
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (300).to_bytes(4, "big") + (200).to_bytes(4, "big")
    )
    (tmp_path / "a.svg").write_text('<svg viewBox="0 0 10 20"/>')
    (tmp_path / "a.gif").write_bytes(b"GIF89a")
    names = ("a.png", "a.svg", "points.svg", "a.gif")
    found = [image_size((tmp_path / name).read_bytes()) for name in names]
    assert found == [(300, 200), (10, 20), (120, 40), None]


def test_rows_are_words_for_readers(drawn: Path) -> None:
    """Columns for machines and empty ones are left out; a source is a link by its name."""
    table = read_table(drawn / "time.csv", NAMES, "../")
    assert table.headings == ("Shown", "Value", "Source")
    assert table.rows[0][1:] == (
        ("64 per cent", ""),
        ("Laming (2009)", "../sources.html#source-laming_2009"),
    )


def test_marks_are_yes_and_no(tmp_path: Path) -> None:
    """In a figure of marks 1 and 0 say yes and no; in one of counts they are numbers."""
    rows = tmp_path / "map.csv"
    rows.write_text("label,training\nA,1\nB,0\n")
    assert [row[1][0] for row in read_table(rows, NAMES).rows] == ["yes", "no"]
    rows.write_text("label,all,training\nA,1,1\nB,1,0\n")
    assert [row[2][0] for row in read_table(rows, NAMES).rows] == ["1", "0"]


def test_figure_offers_files_and_rows(tmp_path: Path, drawn: Path) -> None:
    """After the figure stand its downloads and table, everything escaped."""
    body = body_with_data(PAGE, "../", tmp_path, NAMES, environment())
    for kind in ("svg", "png", "csv"):
        assert f'href="../../figures/time.{kind}" download' in body
    assert "&lt;b&gt;Nurses&lt;/b&gt;" in body
    assert "of Figure\u00a02.1</span>" in body
    assert body.index("</figure>") < body.index("figure-data") < body.index("<p>More.</p>")


def test_figures_without_rows_stay(tmp_path: Path, drawn: Path) -> None:
    """What was not drawn from data gets nothing, nor does anything on a page that stands alone."""
    assert body_alone(PAGE, tmp_path) == f"{FIGURE}\n{MORE}"
    (drawn / "time.csv").unlink()
    assert body_with_data(PAGE, "../", tmp_path, NAMES, environment()) == f"{FIGURE}\n{MORE}"


def test_drawings_stand_in_the_place_of_the_image(tmp_path: Path, drawn: Path) -> None:
    """One for each kind of column, under one description; the image where there is none."""
    image = '<img src="time.svg" alt="a">'
    figure = PageFigure("Figure\u00a02.1", "figures/drawn/time.svg", 'Nurses, "64 per cent"')
    page = replace(PAGE, body=f"<p>\ue00a1\ue008{image}\ue00b</p>", figures=(figure,))
    assert body_alone(page, tmp_path) == f"<p>{image}</p>"
    (drawn / "time.wide.svg").write_text("<svg>W</svg>")
    (drawn / "time.narrow.svg").write_text("")
    alone = '<span class="wide"><svg>W</svg></span>'
    opening = '<span class="drawing" role="img" aria-label="Nurses, &#34;64 per cent&#34;">'
    assert body_alone(page, tmp_path) == f"<p>{opening}{alone}</span></p>"
    (drawn / "time.narrow.svg").write_text("<svg>N</svg>")
    both = body_with_data(page, "../", tmp_path, NAMES, environment())
    assert both == f'<p>{opening}{alone}<span class="narrow"><svg>N</svg></span></span></p>'
