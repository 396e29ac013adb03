"""The preview in the browser: edits come in, the reader stays, problems are shown over the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from browsing import new_window
from previews import Preview, previewed
from reports import ReportFolder, copy_report

FINDINGS = "chapters/findings.qmd"
PAGE = "review/chapters/findings.html"
LONG = "\n\n".join(f"Paragraph {number} of a long text." for number in range(60))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """The minimal report with a long chapter."""
    report = copy_report("minimal", tmp_path_factory.mktemp("preview") / "minimal")
    text = (report.folder / FINDINGS).read_text(encoding="utf-8")
    return report.write(FINDINGS, f"{text}\n{LONG}\n")


@pytest.fixture(scope="module")
def preview(small: ReportFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """One preview for the tests of this file; each leaves the sources as they were."""
    with previewed(small.folder, tmp_path_factory.mktemp("t")) as running:
        running.wait(PAGE, lambda told: told["stage"] == "current")
        yield running


@pytest.fixture
def page(browser: Browser, preview: Preview) -> Iterator[Page]:
    """A window on the long chapter, marked so that a reload would show."""
    page = new_window(browser, viewport={"width": 1000, "height": 700})
    page.goto(preview.address + PAGE)
    # the checks of the edit before have ended too, and found nothing
    expect(status(page)).to_have_text("Up to date")
    page.evaluate("window.isTheSame = true")
    yield page
    page.context.close()


def status(page: Page) -> Locator:
    return page.get_by_role("region", name="Preview").get_by_role("status")


def problems(page: Page) -> Locator:
    return page.locator("#imprint-preview").get_by_role("dialog")


def place_of(page: Page, text: str) -> float:
    """Where a text stands in the window, in pixels from its upper edge."""
    box = page.get_by_text(text, exact=True).bounding_box()
    assert box
    return box["y"]


def test_edit_comes_in_where_one_reads(page: Page, small: ReportFolder) -> None:
    """A paragraph added above what is read moves nothing: same page, same place, same focus."""
    page.get_by_text("Paragraph 40 of").scroll_into_view_if_needed()
    before = place_of(page, "Paragraph 40 of a long text.")
    small.edit(FINDINGS, "Paragraph 3 of a long text.", "Three.\n\nParagraph 3 of a long text.")
    expect(page.get_by_text("Three.", exact=True)).to_be_attached()
    assert abs(place_of(page, "Paragraph 40 of a long text.") - before) < 2
    small.edit(FINDINGS, "Three.\n\nParagraph 3", "Paragraph 3")
    expect(page.get_by_text("Three.", exact=True)).not_to_be_attached()
    assert abs(place_of(page, "Paragraph 40 of a long text.") - before) < 2
    assert page.evaluate("window.isTheSame")


def test_scripts_know_what_came_in(page: Page, small: ReportFolder) -> None:
    """Numbers and figures of an edited paragraph open as those that were there before."""
    small.edit("data/statistics.csv", "agree,64,", "agree,70,")
    number = page.locator("a.stat", has_text="70").first
    expect(number).to_be_attached()
    number.click()
    expect(page.get_by_role("dialog", name="About the number")).to_contain_text("70")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Enlarge").click()
    expect(page.locator("dialog.enlarged")).to_be_visible()
    page.keyboard.press("Escape")
    small.edit("data/statistics.csv", "agree,70,", "agree,64,")
    expect(number).not_to_be_attached()
    assert page.evaluate("window.isTheSame")


def test_broken_edit_is_shown_and_goes_when_fixed(
    page: Page, small: ReportFolder, preview: Preview
) -> None:
    """File, line and fix stand over the page, which stays as the focus does; the keyboard closes
    and opens them."""
    link = page.locator("article a").first
    link.focus()
    small.edit(FINDINGS, "@smith_2010_notes", "@smyth_2010_notes")
    expect(problems(page)).to_be_visible()
    expect(problems(page)).to_contain_text("chapters/findings.qmd:9")
    expect(problems(page)).to_contain_text("smith_2010_notes")
    # what the checks find after the render would open the problems again
    preview.wait(PAGE, lambda told: told["stage"] == "current" and bool(told["problems"]))
    expect(status(page)).to_have_text("Not up to date, 1 problem")
    assert link.evaluate("link => link === document.activeElement")
    assert "Paragraph 40 of a long text." in page.locator("main").inner_text()
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Escape")
    expect(problems(page)).to_be_hidden()
    assert link.evaluate("link => link === document.activeElement")
    page.get_by_role("button", name="1 problem").press("Enter")
    expect(problems(page)).to_be_visible()
    small.edit(FINDINGS, "@smyth_2010_notes", "@smith_2010_notes")
    expect(problems(page)).to_be_hidden()
    expect(status(page)).to_contain_text("Up to date")
    assert page.evaluate("window.isTheSame")


def test_style_sheet_is_swapped(page: Page, small: ReportFolder) -> None:
    """A changed style is seen at once, without the page being loaded again."""
    sheet = "_extensions/imprint/assets/imprint.css"
    text = (small.folder / sheet).read_text(encoding="utf-8")
    small.write(sheet, text + "\nhtml body { background: rgb(1, 2, 3); }\n")
    body = page.locator("body")
    expect(body).to_have_css("background-color", "rgb(1, 2, 3)")
    small.write(sheet, text)
    expect(body).not_to_have_css("background-color", "rgb(1, 2, 3)")
    assert page.evaluate("window.isTheSame")


def test_reader_who_comes_back_catches_up(page: Page, small: ReportFolder) -> None:
    """A window whose connection was cut shows what changed meanwhile, once it is back."""
    page.context.set_offline(True)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    small.edit(FINDINGS, "Paragraph 3 of a long text.", "A third paragraph.")
    expect(status(page)).to_contain_text("does not answer")
    page.context.set_offline(False)
    expect(page.get_by_text("A third paragraph.")).to_be_attached()
    small.edit(FINDINGS, "A third paragraph.", "Paragraph 3 of a long text.")
    expect(page.get_by_text("A third paragraph.")).not_to_be_attached()
    assert page.evaluate("window.isTheSame")


def test_pdfs_are_made_when_asked_for(page: Page) -> None:
    """The line under the page has the PDFs made, and says when they are there."""
    bar = page.get_by_role("region", name="Preview")
    bar.get_by_role("button", name="Make PDF").click()
    expect(bar).to_contain_text("PDF:")
    link = bar.get_by_role("link", name="Review")
    assert page.request.get(link.evaluate("a => a.href")).body().startswith(b"%PDF")


@pytest.mark.parametrize("width", [320, 1000])
def test_line_hides_nothing(page: Page, width: int) -> None:
    """The preview's line fits the window, and the page's last line can be scrolled above it."""
    page.set_viewport_size({"width": width, "height": 640})
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    bar = page.get_by_role("region", name="Preview").bounding_box()
    last = page.locator("footer").bounding_box()
    assert bar and last
    assert bar["x"] >= 0 and bar["x"] + bar["width"] <= width
    assert last["y"] + last["height"] <= bar["y"] + 1
