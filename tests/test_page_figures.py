"""Figures on a page: sizes, downloads, the rows behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from imprint.write.site.page_figures import DisplayNames, image_size, read_table, sized, with_data
from imprint.write.site.site import environment

NAMES = DisplayNames({"laming_2009": "Laming (2009)"}, {"training": "Training"}, "sources.html")
FIGURE = (
    '<figure id="fig-time" class="quarto-float quarto-float-fig">\n'
    '<img src="../figures/drawn/time.svg" alt="Bars">\n<figcaption>\n'
    '<span class="float-number">Figure 2.1:</span> Time.\n</figcaption>\n</figure>\n<p>More.</p>'
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


def test_images_get_their_size(tmp_path: Path, drawn: Path) -> None:
    """Points become pixels; an image that is not there stays as it is."""
    body = sized(FIGURE + '<img src="../none.png" alt="">', tmp_path, "chapters/training.html")
    assert 'time.svg" width="120" height="40" alt' in body
    assert '<img src="../none.png" alt="">' in body


def test_sizes_of_other_images(tmp_path: Path) -> None:
    """PNG and SVG in pixels tell their size, other files do not."""
    (tmp_path / "a.png").write_bytes(
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (300).to_bytes(4, "big") + (200).to_bytes(4, "big")
    )
    (tmp_path / "a.svg").write_text('<svg viewBox="0 0 10 20"/>')
    (tmp_path / "a.gif").write_bytes(b"GIF89a")
    found = [image_size(tmp_path / name) for name in ("a.png", "a.svg", "a.gif")]
    assert found == [(300, 200), (10, 20), None]


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


def test_figure_offers_files_and_rows(drawn: Path) -> None:
    """After the figure stand its downloads and table, everything escaped."""
    body = with_data(FIGURE, "../", drawn, NAMES, environment())
    for kind in ("svg", "png", "csv"):
        assert f'href="../../figures/time.{kind}" download' in body
    assert "&lt;b&gt;Nurses&lt;/b&gt;" in body
    assert body.index("</figure>") < body.index("figure-data") < body.index("<p>More.</p>")


def test_figures_without_rows_stay(drawn: Path) -> None:
    """An image that was not drawn from data gets nothing."""
    (drawn / "time.csv").unlink()
    assert with_data(FIGURE, "../", drawn, NAMES, environment()) == FIGURE
