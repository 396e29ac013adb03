"""Panels of numbers, the pages of statistics and sources, permanent links."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest

from imprint.write.site.evidence_pages import tell_apart
from imprint.write.site.row_facts import measure_of
from reports import ReportFolder

CopyReport = Callable[[str], ReportFolder]
EVIL = '</script><script>alert("x")</script><img src=x onerror=alert(1)>'


def parsed(path: Path) -> Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(path.read_text(encoding="utf-8"))


def words(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


@pytest.fixture
def review(rendered: ReportFolder) -> Path:
    return rendered.folder / "_output" / "review"


def panel_data(root: Element) -> dict[str, Any]:
    found = root.find(".//script[@id='panels']")
    assert found is not None
    data: dict[str, Any] = json.loads(found.text or "")
    return data


def test_a_number_links_to_its_row(review: Path) -> None:
    """Without JavaScript a number is a link to its row on the page of statistics."""
    page = parsed(review / "chapters" / "findings.html")
    number = page.find(".//a[@class='stat']")
    assert number is not None
    assert words(number) == "64 per cent"
    assert number.get("href") == "../statistics.html#stat-smith-agree"


def test_a_page_holds_the_rows_of_its_own_numbers(review: Path) -> None:
    """The panel's data are those of the numbers on the page, with source and base."""
    rows = panel_data(parsed(review / "chapters" / "findings.html"))
    assert set(rows) == {"smith-agree", "smith-disagree", "smith-asked"}
    assert rows["smith-agree"] == {
        "measure": "View of the proposal: agree",
        "value": "64\N{NO-BREAK SPACE}per cent",
        "facts": [
            ["As reported", "‘64 per cent agreed’"],
            ["Base", "teachers asked"],
            ["Survey", "Survey of teachers"],
            ["Period", "2010"],
        ],
        "source": "Smith (2010a), A survey of teachers",
        "key": "smith_2010_survey",
        "page": "p. 4",
    }
    assert parsed(review / "chapters" / "method.html").find(".//script[@id='panels']") is None


def test_all_rows_are_listed_with_every_use(review: Path) -> None:
    """Each row names base, wording, source and page, and links to every place that prints it."""
    page = parsed(review / "statistics.html")
    rows = {row.find(".//div[@id]").get("id"): row for row in page.iterfind(".//tr[@class='row']")}
    assert set(rows) == {"stat-smith-agree", "stat-smith-disagree", "stat-smith-asked"}
    said = words(rows["stat-smith-agree"])
    for text in ("64 per cent", "teachers asked", "‘64 per cent agreed’", "p. 4", "Figure 1.1"):
        assert text in said, text
    links = [found.get("href") for found in rows["stat-smith-agree"].iterfind(".//dd//li/a")]
    assert links == [
        "chapters/summary.html#use-smith-agree-1",
        "chapters/findings.html#use-smith-agree-1",
        "chapters/findings.html#use-smith-agree-2",
        "../summary/index.html#use-smith-agree-1",
        "chapters/findings.html#fig-answers",
    ]
    assert "30 to 33.3 per cent. The source’s words are not exact" in words(
        rows["stat-smith-disagree"]
    )
    assert "smith-agree" not in said, "what editors call it"


def test_rows_to_take_away_are_those_of_the_publication(rendered: ReportFolder) -> None:
    """The summary prints one of three rows, and gives that one alone."""
    for publication, count in (("review", 3), ("summary", 1)):
        folder = rendered.folder / "_output" / publication
        with (folder / "statistics.csv").open(encoding="utf-8", newline="") as file:
            ids = [f"stat-{row['id']}" for row in csv.DictReader(file)]
        rows = parsed(folder / "statistics.html").iterfind(".//tr[@class='row']//div[@id]")
        assert ids == [row.get("id") for row in rows]
        assert len(ids) == count


def test_rows_that_measure_the_same_say_of_whom() -> None:
    """An answer that the measure gives is not said twice; of other rows the base is not said."""
    alike = {"measure": "training is up to date", "response": "up to date"}
    rows = [
        {"measure": measure_of(row), "facts": [("Base", base)]}
        for row, base in ((alike, "nurses"), (alike, "surgeons"), ({"measure": "time"}, "doctors"))
    ]
    tell_apart(rows)
    assert [row["measure"] for row in rows] == [
        "Training is up to date (nurses)", "Training is up to date (surgeons)", "Time",
    ]  # fmt: skip


def test_works_are_listed_with_what_comes_from_them(review: Path) -> None:
    """A work has its entry as printed, the places that cite it and its numbers."""
    page = parsed(review / "sources.html")
    work = page.find(".//div[@id='source-smith_2010_survey']")
    assert work is not None
    assert "Smith, A. (2010a)." in words(work.find("p"))
    labels = [words(found) for found in work.iterfind("p[@class='label']")]
    assert labels == ["Cited 4 times", "3 numbers"]
    assert "In one survey, 64 per cent of teachers agreed (Smith, 2010a, p.4)." in words(work)


def test_links_of_the_pages_of_evidence_resolve(rendered: ReportFolder) -> None:
    """Whatever page or anchor they name is there, in this publication or the other."""
    output = rendered.folder / "_output"
    anchors: dict[Path, set[str | None]] = {}
    for publication in ("review", "summary"):
        for name in ("statistics.html", "sources.html"):
            path = output / publication / name
            for link in parsed(path).iterfind(".//article//a[@href]"):
                target, _, anchor = str(link.get("href")).partition("#")
                if target.startswith("http"):
                    continue
                file = (path.parent / target).resolve() if target else path
                if file.suffix != ".html":
                    assert file.is_file()
                    continue
                if file not in anchors:
                    anchors[file] = {
                        found.get("id") for found in parsed(file).iterfind(".//*[@id]")
                    }
                assert not anchor or anchor in anchors[file], f"{path}: {link.get('href')}"


def test_every_publication_leads_to_its_evidence(rendered: ReportFolder) -> None:
    """Footers link to both pages, from whatever folder."""
    for path, up in (("review/chapters/findings.html", "../"), ("summary/index.html", "")):
        footer = parsed(rendered.folder / "_output" / path).find(".//footer")
        assert footer is not None
        links = [found.get("href") for found in footer.iterfind(".//li/a")]
        names = ("statistics.html", "statistics.csv", "sources.html")
        assert links == [f"{up}{name}" for name in names]


def test_every_paragraph_has_a_permanent_link(review: Path) -> None:
    """Paragraphs, items and a box's text link to themselves, by names that numbers do not move."""
    page = parsed(review / "chapters" / "findings.html")
    links = page.findall(".//main//a[@class='permalink']")
    assert [link.get("id") for link in links] == [
        "p-findings-1",
        "p-findings-2",
        "p-why-it-matters-1",
        "p-box-reasons-1",
        "p-box-reasons-2",
        "p-box-reasons-3",
    ]
    assert all(link.get("href") == f"#{link.get('id')}" for link in links)
    assert all(link.get("aria-label") for link in links)


def test_identifiers_are_unique_on_every_page(rendered: ReportFolder) -> None:
    """No two elements of a page share an identifier."""
    for path in (rendered.folder / "_output").rglob("*.html"):
        ids = [found.get("id") for found in parsed(path).iterfind(".//*[@id]")]
        assert len(ids) == len(set(ids)), path


def test_script_in_data_is_shown_not_run(report: CopyReport) -> None:
    """Markup in a CSV value or a BibTeX field is text, on pages and in panels."""
    made = report("minimal")
    made.edit(
        "data/statistics.csv",
        "smith-asked,smith_2010_survey,Survey of teachers,teachers,",
        f'smith-asked,smith_2010_survey,Survey of teachers,"{EVIL.replace(chr(34), chr(34) * 2)}",',
    )
    made.edit("references.bib", "{A Survey of Teachers}", "{<script>alert(2)</script>}")
    made.render("review", "--to", "html", "--draft")
    review = made.folder / "_output" / "review"
    for name in ("statistics.html", "sources.html", "chapters/findings.html"):
        page = parsed(review / name)
        scripts = [found for found in page.iterfind(".//script") if not found.get("src")]
        types = [found.get("type") for found in scripts]
        assert types == ["application/ld+json", "application/json"], name
        assert page.find(".//img[@onerror]") is None, name
    assert EVIL in words(parsed(review / "statistics.html").find(".//main"))
    works = words(parsed(review / "sources.html").find(".//main"))
    assert "<script>alert(2)</script>" in works.lower(), "titles are printed with a capital"
    rows = panel_data(parsed(review / "chapters" / "findings.html"))
    assert ["Base", EVIL] in rows["smith-asked"]["facts"]
