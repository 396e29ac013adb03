"""The way in: the landing page and what its search reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from imprint.write.site.landing import reading_time
from reports import ReportFolder


def index_of(folder: Path) -> dict[str, Any]:
    """What a publication hands to the search."""
    script = (folder / "search-index.js").read_text(encoding="utf-8")
    head = "(globalThis.imprintIndex ??= []).push("
    assert script.startswith(head) and script.endswith(");\n")
    index: dict[str, Any] = json.loads(script.removeprefix(head).removesuffix(");\n"))
    return index


def test_landing_page_leads_to_every_publication(rendered: ReportFolder) -> None:
    """Each publication stands there with its title, its pages and its PDF."""
    page = rendered.page("index.html")
    for address in ("review/index.html", "review/small-report.pdf", "summary/index.html"):
        assert f'href="{address}"' in page
    assert 'action="search.html"' in page


def test_index_holds_text_and_sections(rendered: ReportFolder) -> None:
    """A chapter is found by its sections, with their numbers, without what surrounds its text."""
    index = index_of(rendered.folder / "_output" / "review")
    assert (index["label"], index["folder"]) == ("Review", "review")
    chapter = {it[1]: it for it in index["entries"] if it[1].startswith("chapters/findings")}
    kind, _, page, title, text = chapter["chapters/findings.html"]
    assert (kind, page, title) == (0, "1 Findings", "")
    assert "64 per cent of teachers agreed" in text
    assert chapter["chapters/findings.html#why-it-matters"][3] == "1.1 Why it matters"
    whole = json.dumps(chapter)
    assert "Contents" not in whole and "Enlarge" not in whole


def test_index_holds_rows_and_works(rendered: ReportFolder) -> None:
    """Numbers and works are found as they stand on the pages of statistics and sources."""
    entries = index_of(rendered.folder / "_output" / "summary")["entries"]
    rows = {it[1]: it for it in entries if it[0] == 2}
    assert rows["statistics.html#stat-smith-agree"][2:4] == [
        "Statistics",
        "64\N{NO-BREAK SPACE}per cent",
    ]
    assert "teachers asked" in rows["statistics.html#stat-smith-agree"][4]
    works = {it[1]: it for it in entries if it[0] == 3}
    assert works["sources.html#source-smith_2010_survey"][3] == "Smith (2010a)"


def test_reading_times_are_round() -> None:
    """A few minutes are told as they are, more in steps of five."""
    assert [reading_time(it) for it in (1, 9, 12, 60, 88)] == [
        "1 minute to read",
        "9 minutes to read",
        "10 minutes to read",
        "1 hour to read",
        "1 hour 30 minutes to read",
    ]


def test_landing_says_for_whom_and_what_was_found(tmp_path: Path, rendered: ReportFolder) -> None:
    """Each publication tells how long it takes; its audience and findings stand with it."""
    page = rendered.page("index.html")
    assert page.count(" to read</p>") == 2
