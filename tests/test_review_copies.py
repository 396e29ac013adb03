"""What is sent to reviewers: a Word document and a page that stands alone; and what comes back."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import new_window
from reports import ReportFolder, copy_report

CHAPTER = "chapters/travel.qmd"


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """The report on transport with what its reviewers get."""
    report = copy_report("transport", tmp_path_factory.mktemp("sent") / "transport")
    outcome = report.run("render", "full", "--to", "docx,review")
    assert outcome.code == 0, outcome.problems
    assert "made _output/full/northshire-transport.docx" in outcome.said
    assert "made _output/full/northshire-transport-review.html" in outcome.said
    return report


def word_of(report: ReportFolder) -> Path:
    """The Word document."""
    return report.folder / "_output" / "full" / "northshire-transport.docx"


def part(file: Path, name: str) -> str:
    """A part of a Word document."""
    with zipfile.ZipFile(file) as archive:
        return archive.read(name).decode()


def test_the_word_document_is_the_report(sent: ReportFolder) -> None:
    """Captions, links, alternative texts, header rows, ids of paragraphs, line numbers, faces."""
    text = part(word_of(sent), "word/document.xml")
    for expected in (
        '<w:bookmarkStart w:id="[0-9]+" w:name="p-distance-1"', '<w:pStyle w:val="ImageCaption"',
        '<w:pStyle w:val="TableCaption"', '<w:pStyle w:val="BoxText"', "<w:tblHeader",
        'descr="Bar chart of the length of trips', '<w:hyperlink w:anchor="sec-travel"',
        'w:name="fig-trip-lengths"', "<w:lnNumType",
    ):  # fmt: skip
        assert re.search(expected, text), expected
    named = re.search(r'w:name="(number_\d+)" /><w:r><w:t[^>]*>Figure\u00a01.1</w:t>', text)
    assert named, "the number of a caption has a name"
    assert re.search(rf"REF {named[1]} .{{,400}}Figure\u00a01.1</w:t>.{{,60}}fldChar", text)
    assert 'w:ascii="Source Serif Pro"' in part(word_of(sent), "word/styles.xml")
    assert 'name="imprint-digest"' in part(word_of(sent), "docProps/custom.xml")
    before = word_of(sent).read_bytes()
    sent.run("render", "full", "--to", "docx")
    assert word_of(sent).read_bytes() == before


def edited(file: Path, *changes: tuple[str, str]) -> bytes:
    """The document with some of its source replaced, as a reviewer's Word would."""
    made = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                text = content.decode()
                for before, after in changes:
                    assert text.count(before) == 1, before
                    text = text.replace(before, after)
                content = text.encode()
            new.writestr(name, content)
    return made.getvalue()


def test_a_reviewed_document_comes_back_to_its_lines(sent: ReportFolder, tmp_path: Path) -> None:
    """Tracked changes of the document that was sent out are at the author's file and line, applied
    where they are prose, refused where a row of the data gives the number."""
    who = 'w:id="9001" w:author="Cem" w:date="2026-03-02T10:00:00Z"'
    run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    gone = '<w:r><w:delText xml:space="preserve">{}</w:delText></w:r>'
    sentence = "The Board asked residents about their trips."
    prose = f"{run.format('The Board ')}<w:del {who}>{gone.format('asked')}</w:del>"
    prose += f"<w:ins {who}>{run.format('questioned')}</w:ins>"
    prose += run.format(" residents about their trips.")
    number = f"<w:del {who}>{gone.format('4.35')}</w:del><w:ins {who}>{run.format('4.5')}</w:ins>"
    told = re.search(r'<w:r><w:t xml:space="preserve">(4\.35[^<]*)</w:t></w:r>',
                     part(word_of(sent), "word/document.xml"))  # fmt: skip
    assert told
    file = tmp_path / "from-cem.docx"
    file.write_bytes(
        edited(
            word_of(sent),
            (run.format(sentence), prose),
            (told[0], number + run.format(told[1].removeprefix("4.35"))),
        )
    )
    outcome = sent.run("comments", "add", str(file))
    assert "2 comments added" in outcome.said, outcome.said + outcome.problems
    found = json.loads(sent.run("comments", "--json").said)["comments"]
    ours = {it["quoted"]: it for it in found if it["author"] == "Cem"}
    asked = ours["asked"]
    line = (sent.folder / CHAPTER).read_text("utf-8").split("\n").index(sentence) + 1
    assert (asked["file"], asked["line"], asked["proposed"]) == (CHAPTER, line, "questioned")
    refused = next(it for it in ours.values() if it["proposed"] == "4.5")
    assert "a number" in sent.run("comments", "apply", refused["id"], "--as", "Bo").problems
    assert sent.run("comments", "apply", asked["id"], "--as", "Bo").code == 0
    assert "The Board questioned residents" in (sent.folder / CHAPTER).read_text("utf-8")
    sent.edit(CHAPTER, "The Board questioned residents", "The Board asked residents")
    assert "0 comments added; 2 here already" in sent.run("comments", "add", str(file)).said


@pytest.fixture
def page(browser: Browser, sent: ReportFolder) -> Iterator[Page]:
    """The page that stands alone, opened from a stick; whatever it asks for fails the test."""
    page = new_window(browser)
    address = word_of(sent).with_name("northshire-transport-review.html").as_uri()
    asked: list[str] = []
    page.on("request", lambda it: asked.append(it.url))
    page.on("pageerror", lambda it: asked.append(str(it)))
    page.goto(address)
    yield page
    assert [it for it in asked if not it.startswith(("data:", "blob:", address))] == []
    page.context.close()


def test_a_page_takes_comments_offline(page: Page, sent: ReportFolder, tmp_path: Path) -> None:
    """They are saved in a file, which is taken in at the author's lines."""
    page.get_by_role("button", name="Comment on this figure").first.click()
    page.get_by_label("What you say").fill("Could buses come first?")
    page.get_by_label("Your name").fill("Dee")
    page.get_by_role("button", name="Keep this comment").click()
    expect(page.get_by_text("Could buses come first?")).to_be_visible()
    paragraph = page.locator("main p", has_text="The Board asked").first
    paragraph.locator(".permalink").focus()
    page.keyboard.press("Control+Alt+KeyM")
    page.get_by_label("The words").fill("about their trips")
    page.get_by_label("What you say").fill("</script><b>And</b> walks?")
    page.get_by_role("button", name="Keep this comment").click()
    expect(page.get_by_text("</script><b>And</b> walks?")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save comments to send").click()
    file = tmp_path / "comments-dee.json"
    saved.value.save_as(file)
    assert "2 comments added" in sent.run("comments", "add", str(file)).said
    told = json.loads(sent.run("comments", "--json").said)["comments"]
    found = {it["quoted"] or it["label"]: it for it in told if it["author"] == "Dee"}
    assert found["about their trips"]["file"] == CHAPTER
    assert found["about their trips"]["text"] == "</script><b>And</b> walks?"
    assert found["fig-trip-lengths"]["line"] > 0
    assert "0 comments added" in sent.run("comments", "add", str(file)).said
    sent.run("render", "full", "--to", "review")
    page.reload()
    page.evaluate("localStorage.clear()")
    page.reload()
    page.locator("#imprint-review .opener").click()
    expect(page.get_by_text("</script><b>And</b> walks?")).to_be_visible()
