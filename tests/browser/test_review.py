"""Comments in the browser: written, shown, answered and settled, by mouse and by keyboard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from browsing import new_window
from previews import Preview, previewed
from reports import ReportFolder, copy_report

PAGE = "review/chapters/findings.html"
SELECT = """(words) => {
  const article = document.querySelector("main article");
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0 || node.parentElement.closest("svg")) continue;
    getSelection().setBaseAndExtent(node, at, node, at + words.length);
    node.parentElement.scrollIntoView({ block: "center" });
    return;
  }
}"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """The minimal report, with a paragraph to comment on."""
    report = copy_report("minimal", tmp_path_factory.mktemp("review") / "minimal")
    file = report.folder / "chapters" / "findings.qmd"
    return report.write(
        "chapters/findings.qmd",
        f"{file.read_text('utf-8')}\n\nThe council 🚲🚲🚲 counted every rider.\n",
    )


@pytest.fixture(scope="module")
def preview(small: ReportFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """One preview in which readers comment."""
    with previewed(small.folder, tmp_path_factory.mktemp("t"), "--review") as running:
        running.wait(PAGE, lambda told: told["stage"] == "current")
        yield running


@pytest.fixture
def page(browser: Browser, preview: Preview) -> Iterator[Page]:
    """A window on the chapter."""
    page = new_window(browser, viewport={"width": 1300, "height": 800})
    page.goto(preview.address + PAGE)
    yield page
    page.context.close()


def lines(report: ReportFolder) -> list[dict[str, str]]:
    """What stands in the files of comments."""
    files = sorted(Path(report.folder, "reviews").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def keep(page: Page, text: str, author: str) -> None:
    """Fill the form in and send it."""
    page.get_by_label("What you say").fill(text)
    page.get_by_label("Your name").fill(author)
    page.get_by_role("button", name="Keep this comment").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


def test_words_are_commented_on_and_answered(page: Page, small: ReportFolder) -> None:
    """Markup in a comment is words; another reader sees it at once, answers and settles it."""
    other = page.context.new_page()
    other.goto(page.url)
    page.evaluate(SELECT, "every rider")
    page.get_by_role("button", name="Comment", exact=True).click()
    page.get_by_label("Propose other words").check()
    page.get_by_label("These words instead").fill("each rider")
    keep(page, "<img src=x onerror=alert(1)>", "Ada")
    expect(page.locator("ins")).to_have_text(" each rider")
    other.bring_to_front()
    other.get_by_role("button", name="1 comment", exact=True).click()
    expect(other.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    other.get_by_role("button", name="Answer").click()
    other.get_by_label("Your answer").fill("Yes.")
    other.get_by_label("Your name").fill("Bo")
    other.get_by_role("button", name="Settle").click()
    expect(other.get_by_text("No comment waits on this page.")).to_be_visible()
    other.get_by_label("Show what is settled").check()
    expect(other.get_by_text("Yes. (settled)")).to_be_visible()
    assert [it["creator"] for it in lines(small)] == [
        {"type": "Person", "name": "Ada"}, {"type": "Person", "name": "Bo"},
    ]  # fmt: skip
    assert "‘every rider’" in small.run("comments").said


def test_the_keyboard_does_all_of_it(page: Page) -> None:
    """A number with the focus is commented on, and Escape leads back to it."""
    number = page.locator("main [data-stat]").first
    number.focus()
    page.keyboard.press("Control+Alt+KeyM")
    expect(page.get_by_label("What you say")).to_be_focused()
    page.keyboard.type("Of whom?")
    page.get_by_label("Your name").fill("Ada")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Of whom?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(number).to_be_focused()
    mark = page.locator(".imprint-review-mark").first
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#imprint-review .thread").first).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panel_can_be_used_by_everyone(page: Page, scheme: str) -> None:
    """On a phone, in the light and in the dark: axe finds nothing wrong, nothing is cut off."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#imprint-review .opener").click()
    page.get_by_role("button", name="Comment on this page").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    ours = [
        it for it in found.response["violations"] if "imprint-review" in json.dumps(it["nodes"])
    ]
    assert ours == []
