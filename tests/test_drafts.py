"""A reviewer's draft says what it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reports import ReportFolder, copy_report, plain_words

DOUBLED = "\n\nThis sentence has has a doubled word.\n"


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """A draft of the minimal report, of which `rendered` is a release."""
    made = copy_report("minimal", tmp_path_factory.mktemp("draft") / "minimal")
    made.render("--draft")
    return made


def test_draft_says_so_on_every_page(draft: ReportFolder, rendered: ReportFolder) -> None:
    """Every page of a draft names its revision; a release has no such notice."""
    pages = sorted((draft.folder / "_output" / "review").rglob("*.html"))
    assert len(pages) > 5
    for page in pages:
        said = plain_words(page.read_text(encoding="utf-8").replace("<main", "<other"))
        assert "Draft of revision" in said, page.name
    assert "Draft of revision" not in rendered.page("review/index.html")


def test_draft_says_so_on_every_page_in_print(draft: ReportFolder, rendered: ReportFolder) -> None:
    """Every page of every PDF of a draft names its revision, the cover too; a release's do not."""

    def pages(made: ReportFolder) -> list[str]:
        files = sorted((made.folder / "_output").glob("*/*.pdf"))
        assert [file.parent.name for file in files] == ["review", "summary"]
        read = [page for file in files for page in made.pdf(str(file)).pages]
        return [" ".join(page.extract_text().split()) for page in read]

    drafted, released = pages(draft), pages(rendered)
    assert len(released) == len(drafted) >= 8
    assert all(text.count("Draft of revision unknown, not finished") == 1 for text in drafted)
    assert "Draft of revision" not in "".join(released)


def test_draft_forgives_only_what_is_unfinished(report: Callable[[str], ReportFolder]) -> None:
    """A table that nothing refers to yet is forgiven in a draft, a doubled word is not."""
    small = report("minimal")
    small.edit("chapters/findings.qmd", "@fig-answers and @tbl-answers show", "@fig-answers shows")
    assert "float-is-referred-to" in small.run("check").said + small.run("check").problems
    assert small.run("check", "--draft").code == 0
    outlook = (small.folder / "chapters/outlook.qmd").read_text(encoding="utf-8")
    small.write("chapters/outlook.qmd", outlook + DOUBLED)
    assert small.run("check", "--draft").code == 1
