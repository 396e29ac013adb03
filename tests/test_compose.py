"""An edited chapter alone is composed anew, and what its change reaches elsewhere is right."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest

from imprint.compose import stages
from imprint.compose.pandoc import Pandocs
from imprint.core.store import FOLDER
from reports import ReportFolder, copy_report, tree
from thorough import THOROUGH

OUTLOOK, FINDINGS, METHOD = (f"chapters/{name}.qmd" for name in ("outlook", "findings", "method"))
PAGES = {"index.qmd", "chapters/summary.qmd", FINDINGS, OUTLOOK, "chapters/references.qmd", METHOD}
REVIEW, SUMMARY = "_quarto.yml", "_quarto-summary.yml"

NOTES = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0">
  <info><title>Notes</title><id>notes</id><updated>2020-01-01T00:00:00+00:00</updated></info>
  <citation><layout delimiter="; " suffix="."><choose>
    <if position="ibid"><text value="the same"/></if>
    <else><text variable="title"/></else>
  </choose></layout></citation>
  <bibliography><layout><text variable="title"/></layout></bibliography>
</style>
"""


@pytest.fixture(scope="module")
def rendered_once(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """The minimal report, rendered, of which everything is kept."""
    made = copy_report("minimal", tmp_path_factory.mktemp("compose") / "report")
    made.render("--draft")
    shutil.copytree(made.folder, made.folder.with_name("as-rendered"))
    return made


@pytest.fixture
def small(rendered_once: ReportFolder) -> Iterator[ReportFolder]:
    """The same, put back afterwards as it was: what is kept is kept for its folder."""
    yield rendered_once
    folder = rendered_once.folder
    shutil.rmtree(folder)
    shutil.copytree(folder.with_name("as-rendered"), folder)


@pytest.fixture
def ran(small: ReportFolder, monkeypatch: pytest.MonkeyPatch) -> Callable[[], set[tuple[str, str]]]:
    """Render again; which stages ran for which files."""
    run = stages._answered
    noted: set[tuple[str, str]] = set()

    def noting(pandocs: Pandocs, ask: stages.StageRequest) -> bytes:
        noted.add((ask.stage, ask.file))
        return run(pandocs, ask)

    def again() -> set[tuple[str, str]]:
        noted.clear()
        small.render("--draft")
        return set(noted)

    monkeypatch.setattr(stages, "_answered", noting)
    return again


def assert_as_from_nothing(report: ReportFolder) -> None:
    """The output is what composing everything anew makes, byte for byte; no code runs for it."""
    kept = tree(report.folder / "_output")
    for path in (report.folder / FOLDER).iterdir():
        if path.is_dir() and path.name not in ("chapters", "files"):
            shutil.rmtree(path)
    (report.folder / FOLDER / "last-render").unlink(missing_ok=True)
    said = report.render("--draft").said
    assert "composing" in said and "executed" not in said
    assert tree(report.folder / "_output") == kept


def test_edited_chapter_alone_is_composed_anew(
    small: ReportFolder, ran: Callable[[], set[tuple[str, str]]]
) -> None:
    """A new sentence has one chapter read and written; all pages are right."""
    assert ran() == set()
    small.edit(OUTLOOK, "looks ahead.", "looks far ahead.")
    assert ran() == {("read", OUTLOOK), ("write", OUTLOOK)}
    assert "looks far ahead" in small.words("review/chapters/outlook.html")
    assert_as_from_nothing(small)


def test_numbers_ripple_to_whoever_refers_to_them(
    small: ReportFolder, ran: Callable[[], set[tuple[str, str]]]
) -> None:
    """A new chapter before others changes their numbers without having any of them read."""
    small.write("chapters/before.qmd", "# Before {#sec-before}\n\nNothing yet.\n")
    small.edit(
        "_quarto.yml", f"    - {FINDINGS}\n", f"    - chapters/before.qmd\n    - {FINDINGS}\n"
    )
    done = ran()
    assert {file for stage, file in done if stage == "read"} == {"chapters/before.qmd"}
    # The appendix keeps its letter, but refers to a chapter whose number has changed.
    written = {file for stage, file in done if stage == "write"}
    assert written == {"chapters/before.qmd", FINDINGS, OUTLOOK, METHOD, "index.qmd"}
    assert "told in Chapter 2" in small.words("review/index.html").replace("\u00a0", " ")
    assert "Box 2.1 gives" in small.words("review/chapters/findings.html").replace("\u00a0", " ")
    assert_as_from_nothing(small)


def test_a_box_that_moves_changes_only_who_names_it(
    small: ReportFolder, ran: Callable[[], set[tuple[str, str]]]
) -> None:
    """A new box changes numbers in its own chapter and in the one that refers to them."""
    box = "::: {#box-first}\nFirst of all.\n\nWhat comes first\n:::\n\nSee @box-first.\n\n"
    small.edit(FINDINGS, "@box-reasons gives", f"{box}@box-reasons gives")
    assert ran() == {("read", FINDINGS), ("write", FINDINGS), ("write", OUTLOOK)}
    assert "After Box 1.2" in small.words("review/chapters/outlook.html").replace("\u00a0", " ")
    if THOROUGH:
        assert_as_from_nothing(small)


def test_a_new_work_gives_old_ones_new_letters(
    small: ReportFolder, ran: Callable[[], set[tuple[str, str]]]
) -> None:
    """Year letters are right everywhere after an entry has come before the others."""
    entry = "@book{smith_2010_first,\n  author = {Smith, Ann},\n  title = {A First},\n"
    entry += (
        "  keywords = {1},\n  year = {2010},\n  publisher = {Press},\n  address = {Leeds},\n}\n\n"
    )
    bibliography = (small.folder / "references.bib").read_text(encoding="utf-8")
    later = bibliography.replace("keywords = {2}", "keywords = {3}")
    small.write("references.bib", entry + later.replace("keywords = {1}", "keywords = {2}"))
    done = ran()
    assert {(stage, file) for stage, file in done if stage in ("read", "cite")} >= {
        ("cite", REVIEW),
        ("cite", SUMMARY),
    }
    assert "2010c" in small.page("review/chapters/references.html")
    if THOROUGH:
        assert_as_from_nothing(small)


def test_a_citation_written_before_is_not_set_again(
    small: ReportFolder, ran: Callable[[], set[tuple[str, str]]]
) -> None:
    """A citation that stands elsewhere already needs no citing; a new one does."""
    small.edit(OUTLOOK, "looks ahead.", "looks ahead [@smith_2010_survey, p. 4].")
    assert ("cite", REVIEW) not in ran()
    assert "Smith, 2010" in small.words("review/chapters/outlook.html").replace("\u00a0", " ")
    small.edit(OUTLOOK, ", p. 4]", ", p. 5]")
    assert ("cite", REVIEW) in ran()
    if THOROUGH:
        assert_as_from_nothing(small)


def test_styles_that_cite_in_notes_know_what_stands_before(small: ReportFolder) -> None:
    """A style that cites by place gets each chapter whole: the second citation is `the same`."""
    small.write("styles/imprint.csl", NOTES)
    small.edit(
        OUTLOOK, "looks ahead.", "looks ahead [@smith_2010_survey]. So it was [@smith_2010_survey]."
    )
    small.render("--draft")
    page = small.words("review/chapters/outlook.html")
    assert "A survey of teachers." in page
    assert "The same." in page
    assert "A survey of teachers" in small.words("review/chapters/references.html")


def test_list_of_another_publication_stands_where_it_is_shown(small: ReportFolder) -> None:
    """A list written so that Quarto passes over it is the summary's, under its own heading."""
    small.edit(
        "chapters/summary.qmd",
        "Only the summary says this.",
        "Only the summary says this [@smith_2010_notes].\n\n## Works\n\n"
        "::: {.references #refs}\n:::\n\n## After\n\nThe end.",
    )
    small.render("--draft")
    summary = small.page("summary/index.html")
    assert 'class="references csl-bib-body' in summary
    assert summary.index("Works</h") < summary.index("csl-entry") < summary.index("The end.")
    assert 'id="refs"' not in small.page("review/chapters/summary.html")
    assert "csl-entry" in small.page("review/chapters/references.html")


def test_images_stand_in_the_size_of_their_files(
    small: ReportFolder, ran: Callable[[], set[tuple[str, str]]]
) -> None:
    """Nothing moves when they arrive; what authors want stays. A new size has the chapter written
    anew, a new picture of the same size does not."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} 20">{}</svg>'
    images = ("![A](/plain.svg)", "![B](../plain.svg){width=50%}", "![C](/plain.svg){height=40}")
    small.write("plain.svg", svg.format(30, ""))
    small.edit(OUTLOOK, "looks ahead.", f"looks ahead. {' '.join(images)} {{.unnumbered}}")
    ran()

    def shown(alt: str) -> str:
        page = small.page("review/chapters/outlook.html")
        return (
            page.partition(f'alt="{alt}"')[0].rpartition("<img")[2]
            + page.partition(f'alt="{alt}"')[2].partition("/>")[0]
        )

    assert 'width="30" height="20"' in shown("A")
    assert 'width="30" height="20"' in shown("B") and 'style="width:50%"' in shown("B")
    assert "width=" not in shown("C") and 'height="40"' in shown("C")
    small.write("plain.svg", svg.format(30, "<g/>"))
    assert ran() == set()
    small.write("plain.svg", svg.format(60, ""))
    assert ran() == {("write", OUTLOOK)}
    assert 'width="60" height="20"' in shown("A")


def test_link_to_another_publications_chapter_leads_to_its_page(small: ReportFolder) -> None:
    """A summary can lead to the review; the chapter's source is not copied beside its page."""
    text = "# Summary {.unnumbered}\n\nMore of the [method](method.qmd).\n"
    small.write("chapters/summary.qmd", text)
    small.render("--draft", "--to", "html")
    page = (small.folder / "_output/summary/index.html").read_text(encoding="utf-8")
    assert 'href="../review/chapters/method.html"' in page
    assert not list((small.folder / "_output/summary").rglob("*.qmd"))
    page = (small.folder / "_output/review/chapters/summary.html").read_text(encoding="utf-8")
    assert 'href="../chapters/method.html"' in page
