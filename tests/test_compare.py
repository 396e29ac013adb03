"""`imprint compare`: what changed for a reader between two revisions."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdf
import pytest

from composing import examined
from data_project import write_project
from imprint.core.document import Document
from imprint.difference.documents import Difference, difference
from imprint.read.report import read_report
from reports import ReportFolder, copy_report
from thorough import cases
from versioned import git, versioned

# --- known edits -------------------------------------------------------------------------------

_SUBJECTS = ["tram", "ferry", "lorry", "bicycle", "taxi", "barge", "wagon", "coach", "glider"]
_PLACES = ["Aberdeen", "Bolton", "Carlisle", "Derby", "Exeter", "Falkirk", "Glasgow", "Hull"]
_NUMBERS = ["time-to-work", "budget", "recording", "investment"]


@dataclass
class Text:
    """Chapters as paragraphs of sentences, each written once."""

    chapters: list[list[list[str]]]

    def markdown(self) -> dict[str, str]:
        """The chapters' files."""
        return {
            f"chapters/{'ab'[at]}.qmd": f"# Chapter {'AB'[at]} {{#sec-{'ab'[at]}}}\n\n"
            + "\n\n".join("\n".join(paragraph) for paragraph in chapter) + "\n"
            for at, chapter in enumerate(self.chapters)
        }  # fmt: skip

    def copy(self) -> Text:
        """The same, to be edited."""
        return Text([[list(paragraph) for paragraph in chapter] for chapter in self.chapters])


def a_text(dice: random.Random) -> Text:
    """Two chapters of plain sentences, some with a number or a citation."""
    count = 0

    def sentence() -> str:
        nonlocal count
        count += 1
        subject, place = dice.choice(_SUBJECTS), dice.choice(_PLACES)
        end = dice.choice(
            ["", " [@ofsted_2010]", f' at `{{python}} stat("{dice.choice(_NUMBERS)}")`']
        )
        return f"The {subject} of {place} ran on day {count} with number{count}{end}."

    return Text([[[sentence() for _ in range(3)] for _ in range(4)] for _ in range(2)])


@dataclass
class Expected:
    """What an edit changes, as the comparison is to tell it."""

    words: int = 0
    numbers: tuple[tuple[str, str], ...] = ()
    citations: tuple[tuple[str, str], ...] = ()
    moves: int = 0


Edit = Callable[[Text, random.Random], Expected]


def _at(
    text: Text, dice: random.Random, holding: str = "", lacking: str = "\0"
) -> tuple[list[str], int]:
    """The paragraph and place of some sentence."""
    found = [
        (paragraph, at) for chapter in text.chapters for paragraph in chapter
        for at, sentence in enumerate(paragraph) if holding in sentence and lacking not in sentence
    ]  # fmt: skip
    return dice.choice(found)


def _uses(sentence: str, *, gone: bool) -> dict[str, Any]:
    """The numbers and citations that come or go with a sentence."""
    said = {"numbers": (), "citations": ()}
    for kind, mark in (("numbers", "stat("), ("citations", "[@")):
        if mark in sentence:
            said[kind] = (("gone", "") if gone else ("", "come"),)
    return said


def word_changed(text: Text, dice: random.Random) -> Expected:
    paragraph, at = _at(text, dice)
    paragraph[at] = paragraph[at].replace("ran on", "stood still on")
    return Expected(words=1)


def sentence_deleted(text: Text, dice: random.Random) -> Expected:
    paragraph, at = _at(text, dice)
    return Expected(words=1, **_uses(paragraph.pop(at), gone=True))


def sentence_written(text: Text, dice: random.Random) -> Expected:
    paragraph, at = _at(text, dice)
    paragraph.insert(at, 'Nothing like it was ever heard of at `{python} stat("budget")` before.')
    return Expected(words=1, numbers=(("", "come"),))


def sentence_moved(text: Text, dice: random.Random) -> Expected:
    paragraph, at = _at(text, dice)
    others = [it for chapter in text.chapters for it in chapter if it is not paragraph]
    dice.choice(others).insert(1, paragraph.pop(at))
    return Expected(moves=1)


def sentences_swapped(text: Text, dice: random.Random) -> Expected:
    paragraph, _ = _at(text, dice)
    paragraph[0], paragraph[1] = paragraph[1], paragraph[0]
    return Expected(moves=1)


def paragraph_moved(text: Text, dice: random.Random) -> Expected:
    old, new = dice.choice([(0, 1), (1, 0)])
    text.chapters[new].insert(2, text.chapters[old].pop(dice.randrange(4)))
    return Expected(moves=1)


def paragraph_moved_and_edited(text: Text, dice: random.Random) -> Expected:
    paragraph = text.chapters[0].pop(1)
    paragraph[2] = paragraph[2].replace("ran on", "stood still on")
    text.chapters[1].insert(2, paragraph)
    return Expected(moves=1, words=1)


def paragraph_deleted(text: Text, dice: random.Random) -> Expected:
    gone = text.chapters[0].pop(dice.randrange(4))
    return Expected(
        words=1,
        numbers=tuple(("gone", "") for it in gone if "stat(" in it),
        citations=tuple(("gone", "") for it in gone if "[@" in it),
    )


def paragraphs_joined(text: Text, dice: random.Random) -> Expected:
    chapter = dice.choice(text.chapters)
    joined = chapter.pop(1)
    chapter[0] += joined
    return Expected(moves=len(joined))


def paragraph_divided(text: Text, dice: random.Random) -> Expected:
    chapter = dice.choice(text.chapters)
    chapter.insert(1, [chapter[0].pop()])
    return Expected(moves=1)


def number_of_another_row(text: Text, dice: random.Random) -> Expected:
    paragraph, at = _at(text, dice, "stat(", "time-to-work")
    start = paragraph[at].index('stat("') + 6
    end = paragraph[at].index('"', start)
    paragraph[at] = paragraph[at][:start] + "time-to-work" + paragraph[at][end:]
    return Expected(words=1, numbers=(("gone", "come"),))


def citation_dropped(text: Text, dice: random.Random) -> Expected:
    paragraph, at = _at(text, dice, "[@")
    paragraph[at] = paragraph[at].replace(" [@ofsted_2010]", "")
    return Expected(words=1, citations=(("gone", ""),))


def locator_changed(text: Text, dice: random.Random) -> Expected:
    paragraph, at = _at(text, dice, "[@")
    paragraph[at] = paragraph[at].replace("[@ofsted_2010]", "[@ofsted_2010, p. 7]")
    return Expected(words=1, citations=(("gone", "come"),))


def heading_renamed(text: Text, dice: random.Random) -> Expected:
    text.chapters[0].insert(2, ["## A heading that was not there {#sec-new}"])
    return Expected(words=1)


def lines_broken_elsewhere(text: Text, dice: random.Random) -> Expected:
    paragraph, at = _at(text, dice)
    paragraph[at] = paragraph[at].replace(" ran", "\nran")
    return Expected()


EDITS: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (
        word_changed,
        sentence_deleted,
        sentence_written,
        sentence_moved,
        sentences_swapped,
        paragraph_moved,
        paragraph_moved_and_edited,
        paragraph_deleted,
        paragraphs_joined,
        paragraph_divided,
        number_of_another_row,
        citation_dropped,
        locator_changed,
        heading_renamed,
        lines_broken_elsewhere,
    )
}
BIBLIOGRAPHY = "@book{ofsted_2010, author = {Ofsted}, title = {A}, publisher = {B}, year = 2010}\n"
BOOK = """\
project: {type: book}
book: {title: Rides, chapters: [index.qmd, chapters/a.qmd, chapters/b.qmd]}
bibliography: references.bib
"""


def document(root: Path, text: Text) -> Document:
    """The text as a publication."""
    files: dict[str, str | bytes] = {**text.markdown()}
    write_project(root, files | {
        "_quarto.yml": BOOK, "index.qmd": "# Rides\n\nHello.\n", "references.bib": BIBLIOGRAPHY,
    })  # fmt: skip
    report, _ = read_report(root)
    return examined(report).documents[0]


def assert_tells(found: Difference, expected: Expected) -> None:
    """Every number, citation and move is told, and nothing else."""
    assert len(found.places) == expected.moves, found.places
    assert len(found.words) == expected.words, found.words
    for runs, wanted in ((found.numbers, expected.numbers), (found.citations, expected.citations)):
        assert [(bool(it.old), bool(it.new)) for it in runs] == [
            (bool(old), bool(new)) for old, new in wanted
        ], runs


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("seed", cases({str(seed): seed for seed in range(10)}, ["0"]))
def test_every_known_edit_is_told_and_nothing_else(edit: Edit, seed: int, tmp_path: Path) -> None:
    """A hundred and fifty edits in the thorough profile, one of each kind otherwise."""
    dice = random.Random(f"{edit.__name__} {seed}")
    old = a_text(dice)
    new = old.copy()
    expected = edit(new, dice)
    assert_tells(difference(document(tmp_path, old), document(tmp_path, new)), expected)


# --- the command -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """The minimal report as it was tagged `v1`, and edited since."""
    made = copy_report("minimal", tmp_path_factory.mktemp("compare") / "report")
    versioned(made)
    git(made.folder, "tag", "v1")
    made.edit("data/statistics.csv", "agree,64,", "agree,65,")
    made.edit("data/statistics.csv", "64 per cent agreed", "65 per cent agreed")
    made.edit("chapters/method.qmd", "# Method", "# How it was done")
    return made


def test_a_changed_row_is_told_wherever_it_is_read(compared: ReportFolder) -> None:
    """The number where it is printed, the claim on it, its row, and the figure that draws it."""
    told = json.loads(compared.run("compare", "v1", "--json").said)
    numbers = [it for found in told["publications"] for it in found["numbers"]]
    assert {(it["old"], it["new"], *it["ids"]) for it in numbers if it["kind"] == "number"} == {
        ("64\u00a0per cent", "65\u00a0per cent", "smith-agree")
    }
    assert {it["place"]["file"] for it in numbers} == {"chapters/_finding.qmd"}
    row = {"value": {"old": "64", "new": "65"}}
    assert [(it["name"], it["kind"], it["cells"]["value"]) for it in told["rows"]] == [
        ("smith-agree", "changed", row["value"])
    ]
    assert [(it["name"], it["kind"]) for it in told["figures"]] == [("answers", "changed")]
    assert told["works"] == []
    headings = [(it["old"], it["new"]) for found in told["publications"] for it in found["words"]
                if it["kind"] == "heading"]  # fmt: skip
    assert headings == [("Method", "How it was done")]


def test_the_page_and_the_redline_show_words_where_they_are_read(
    compared: ReportFolder, tmp_path: Path
) -> None:
    """Struck and added words; the page asks nobody for anything and runs no script."""
    page, pdf = tmp_path / "changes.html", tmp_path / "changes.pdf"
    said = compared.run("compare", "v1", "--page", str(page), "--redline", str(pdf)).said
    assert "64\u00a0per cent -> 65\u00a0per cent (smith-agree)" in said
    html = page.read_text(encoding="utf-8")
    assert "<del>Method</del><ins>How it was done</ins>" in html
    assert "<del>64</del><ins>65</ins>" in html
    assert "<script" not in html and "http" not in html.replace("http-equiv", "")
    words = "".join(it.extract_text() for it in pypdf.PdfReader(pdf).pages)
    assert "What changed" in words and "How it was done" in words


def test_alike_versions_are_said_to_be_alike(compared: ReportFolder) -> None:
    """A revision compared with itself."""
    outcome = compared.run("compare", "v1", "main")
    assert (outcome.code, outcome.problems) == (0, "")
    assert "Nothing that a reader sees has changed." in outcome.said


def test_what_cannot_be_compared_is_one_problem(compared: ReportFolder, tmp_path: Path) -> None:
    """A misspelt tag, a shallow clone, a merge in progress, no repository, a broken revision."""
    assert (
        "v2: there is no such revision [revision-exists]" in compared.run("compare", "v2").problems
    )
    assert "did you mean 'main'?" in compared.run("compare", "mian").problems
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{compared.folder}", "shallow")
    shallow = ReportFolder(tmp_path / "shallow").run("compare", "v0.9")
    assert "git fetch --unshallow --tags" in shallow.problems
    (tmp_path / "shallow/.git/MERGE_HEAD").write_text("x")
    merging = ReportFolder(tmp_path / "shallow").run("compare", "HEAD")
    assert "a merge is in progress" in merging.problems
    alone = copy_report("minimal", tmp_path / "alone").run("compare", "HEAD")
    assert "in no git repository" in alone.problems
    git(compared.folder, "checkout", "-q", "-b", "broken", "v1")
    compared.edit("chapters/method.qmd", "# How it was done", "# How @nobody_2000 did it")
    git(compared.folder, "commit", "-qam", "Cite nobody")
    git(compared.folder, "checkout", "-q", "-f", "main")
    broken = compared.run("compare", "broken").problems
    assert "chapters/method.qmd" in broken and ", in broken (" in broken
    for outcome in (shallow, merging, alone):
        assert outcome.code == 1 and "Traceback" not in outcome.problems
