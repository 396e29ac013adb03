"""Every download is there and is what it is called."""

from __future__ import annotations

import csv

import pytest
from playwright.sync_api import Page

from browsing import Reader

BEGINS = {
    "pdf": b"%PDF-",
    "png": b"\x89PNG",
    "svg": b"<?xml",
    "csv": b"",
    "bib": b"@report{imprint_2026",
}


def test_every_download_arrives(reader: Reader) -> None:
    """All links to files of all pages answer with a file of their kind."""
    links = reader.in_each_page(
        "(page, address) => [...page.querySelectorAll('a[href]')]"
        ".map((link) => new URL(link.getAttribute('href'), address).href.split('#')[0])"
        ".filter((href) => /\\.(pdf|png|svg|csv|bib)$/.test(href)"
        " && href.startsWith(location.origin))"
    )
    offered = {address for found in links.values() for address in found}
    kinds = {address.rsplit(".", 1)[1] for address in offered}
    assert kinds == set(BEGINS)
    page = reader.sit_down()
    for address in sorted(offered):
        answer = page.request.get(address)
        assert answer.ok, address
        assert answer.body().startswith(BEGINS[address.rsplit(".", 1)[1]]), address
        assert len(answer.body()) > 80, address


def save(page: Page, name: str) -> str:
    with page.expect_download() as started:
        page.get_by_role("link", name=name, exact=True).first.click()
    return started.value.suggested_filename


@pytest.mark.parametrize("kind", ["SVG", "PNG", "CSV"])
def test_figures_are_saved(reader: Reader, kind: str) -> None:
    """A click saves a figure under its own name."""
    page = reader.open("review/chapters/training.html")
    assert save(page, f"{kind} of Figure 2.1") == f"practitioner_survey.{kind.lower()}"


def test_entry_for_reference_managers_is_saved(reader: Reader) -> None:
    """Each publication gives its BibTeX entry."""
    page = reader.open("summary/index.html")
    assert save(page, "BibTeX entry of this publication") == "cite.bib"


def test_rows_of_statistics_are_saved(reader: Reader) -> None:
    """Every page gives the rows behind all numbers: as many as the page of statistics shows."""
    page = reader.open("review/chapters/training.html")
    with page.expect_download() as started:
        page.get_by_role("link", name="Statistics as data (CSV)").click()
    assert started.value.suggested_filename == "statistics.csv"
    with started.value.path().open(encoding="utf-8", newline="") as file:
        saved = {row["id"] for row in csv.DictReader(file)}
    page.goto(reader.address + "review/statistics.html")
    shown = page.locator("tr.row .facts").evaluate_all("all => all.map((row) => row.id.slice(5))")
    assert len(saved) > 100
    assert saved == set(shown)
