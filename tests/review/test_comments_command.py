"""`imprint comments`: listed, answered, applied where they touch plain prose alone."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from imprint.build.documents import present_documents
from imprint.core.document import Document
from imprint.review.anchoring import anchor_at
from imprint.review.comments import Anchor, Comment, to_line
from imprint.review.files import append, seen_files
from imprint.review.seen import blocks_of, to_seen
from reports import ReportFolder

CHAPTER = "chapters/riding.qmd"
TEXT = """\
# Riding {#sec-riding}

```{python}
from imprint import stat
```

The council built many paths, and "old" paths were
mended--all of them.
*Riders* told us [@KEY] that `code` helps.
Most of the rest is plain.

- One point.
- 2 points.
"""


@pytest.fixture
def reviewed(report: Callable[[str], ReportFolder]) -> ReportFolder:
    """The minimal report with a chapter of its own to comment on."""
    made = report("minimal")
    key = (made.folder / "references.bib").read_text("utf-8").partition("{")[2].partition(",")[0]
    made.write(CHAPTER, TEXT.replace("KEY", key))
    return made.edit("_quarto.yml", "chapters/outlook.qmd", CHAPTER)


def on(
    documents: tuple[Document, ...], words: str, proposed: str | None = None, id: str = "1"
) -> Comment:
    """A comment on words that stand once in the chapter."""
    document = next(it for it in documents if any(c.path == CHAPTER for c in it.chapters))
    found = [
        (n, it.text.index(words))
        for n, it in enumerate(blocks_of(document, CHAPTER))
        if words in it.text
    ]
    assert len(found) == 1, words
    number, at = found[0]
    anchor = anchor_at(document, CHAPTER, number, (at, at + len(words)))
    anchor = replace(anchor, seen=to_seen(document).digest)
    return Comment(f"urn:uuid:{id}", "Ada", "2026-03-01T09:30:00Z", "Why?", anchor, proposed)


def add(report: ReportFolder, *comments: Comment) -> None:
    """Keep comments with the text as it stands."""
    texts: dict[str, bytes] = {}
    for document in present_documents(report.folder):
        texts |= seen_files(to_seen(document))
    append(report.folder, comments, texts)


def test_comments_are_listed_answered_and_counted(reviewed: ReportFolder) -> None:
    """With the line where their words stand after an edit, and what became of them."""
    documents = present_documents(reviewed.folder)
    one = replace(on(documents, "many paths", id="aaaa"), is_blocking=True)
    two = on(documents, "the rest is plain", id="bbbb")
    add(reviewed, one, two)
    reviewed.edit(CHAPTER, "The council built", "A new line.\nThen the council built")
    reviewed.edit(CHAPTER, "Most of the rest is plain.\n", "")
    said = reviewed.run("comments").said
    assert f"{CHAPTER}:8:24: Ada, 2026-03-01 [aaaa] (blocking)\n  on: ‘many paths’\n  Why?" in said
    assert f"{CHAPTER}: detached: Ada, 2026-03-01 [bbbb]\n  on: ‘the rest is plain’" in said
    assert said.endswith("2 open, 1 of them blocking; 1 detached\n")
    assert reviewed.run("check", "--no-run").said.endswith(
        "; 2 open comments, 1 of them blocking\n"
    )
    assert reviewed.run("comments", "reply", "aa", "As told.", "--as", "Bo").code == 0
    assert reviewed.run("comments", "resolve", "bbbb", "--as", "Bo").code == 0
    told = json.loads(reviewed.run("comments", "--open", "--json").said)["comments"]
    assert [(it["id"], it["line"], it["state"]) for it in told] == [("aaaa", 8, "open")]
    assert told[0]["replies"][0]["text"] == "As told."
    assert "there is no comment 'cc'" in reviewed.run("comments", "resolve", "cc").problems
    reviewed.write("reviews/bo.jsonl", "rubbish\n")
    assert "[comment-is-read]" in reviewed.run("check", "--no-run").said


@pytest.mark.parametrize(
    ("words", "proposed", "expected"),
    [
        ("many paths", "a *few* paths", "built a \\*few\\* paths, and"),
        ("many paths", "paths", "council built paths, and"),
        ("paths were mended", "old paths were soon mended", "paths were\nsoon mended"),
        ("“old” paths", "“new” paths", '"new" paths were'),
        ("mended–all", "mended–nearly all", "mended--nearly all"),
        ("Riders told us", "Riders have told us", "*Riders* have told us"),
        ("rest is plain.", "rest is plain. So [it] is.", "rest is plain. So \\[it\\] is.\n"),
        ("One point.", "", "- \n- 2 points"),
        ("helps", "helps, we hear", "`code` helps, we hear."),
    ],
)
def test_plain_prose_is_written_into_the_chapter(
    reviewed: ReportFolder, words: str, proposed: str, expected: str
) -> None:
    """What differs is written, escaped, and all else stays as it was typed."""
    add(reviewed, on(present_documents(reviewed.folder), words, proposed))
    outcome = reviewed.run("comments", "apply", "1", "--as", "Bo")
    assert outcome.code == 0, outcome.problems
    assert expected in (reviewed.folder / CHAPTER).read_text(encoding="utf-8")
    assert reviewed.run("comments", "--open").said == "0 open; 1 resolved\n"


def test_what_is_no_plain_prose_is_left_to_the_author(reviewed: ReportFolder) -> None:
    """A citation, code, a whole figure, and words that somebody has edited since."""
    documents = present_documents(reviewed.folder)
    cited = next(it.text for it in blocks_of(documents[0], CHAPTER) if "told us" in it.text)
    citation = cited[cited.index("told us ") : cited.index(" that")]
    whole = Comment("urn:uuid:4", "Ada", "2026-03-01T09:30:00Z", "", Anchor("review", CHAPTER), "x")
    comments = [
        on(documents, citation, "told us", "1"),
        on(documents, "code helps", "cod helps", "2"),
        on(documents, "many paths", "few paths", "3"),
        whole,
        on(documents, "2 points", None, "5"),
    ]
    add(reviewed, *comments)
    before = (reviewed.folder / CHAPTER).read_bytes()
    for id, why in (("1", "a citation"), ("2", "it touches code"), ("4", "not plain prose"),
                    ("5", "proposes no words")):  # fmt: skip
        assert why in reviewed.run("comments", "apply", id, "--as", "Bo").problems
    assert (reviewed.folder / CHAPTER).read_bytes() == before
    reviewed.edit(CHAPTER, "many paths", "many good paths")
    assert "its words are gone" in reviewed.run("comments", "apply", "3", "--as", "Bo").problems
    assert reviewed.run("comments", "--open").said.count("open") == 1


def test_a_saved_file_is_taken_in_once(reviewed: ReportFolder, tmp_path: Path) -> None:
    """With the text that it was made on; what is no such file is one clear problem."""
    document = present_documents(reviewed.folder)[0]
    comment = on((document,), "many paths")
    seen = {name: it.decode() for name, it in seen_files(to_seen(document)).items()}
    items = [json.loads(to_line(comment))]
    saved = {"type": "AnnotationCollection", "items": items, "seen": seen}
    file = tmp_path / "from-ada.json"
    file.write_text(json.dumps(saved), encoding="utf-8")
    assert "1 comment added" in reviewed.run("comments", "add", str(file)).said
    assert "0 comments added; 1 here already" in reviewed.run("comments", "add", str(file)).said
    reviewed.edit(CHAPTER, "The council", "A late sentence. The council")
    assert ":7:36: Ada" in reviewed.run("comments").said
    for content in ("PK\x03\x04", "[1]", "{}", '{"type":"AnnotationCollection","items":[{}]}',
                    "[" * 100_000, "", "<p>\nA page\n</p>\n"):  # fmt: skip
        file.write_text(content, encoding="utf-8")
        outcome = reviewed.run("comments", "add", str(file))
        assert outcome.problems.count("review-file-is-read") <= 1
        assert (outcome.code == 1 and "[review-file-is-read]" in outcome.problems) or not content
    assert "cannot be read" in reviewed.run("comments", "add", str(tmp_path / "none")).problems


def test_a_release_waits_for_blocking_comments(reviewed: ReportFolder) -> None:
    """Each that is open is told."""
    git = shutil.which("git") or "git"
    blocking = replace(on(present_documents(reviewed.folder), "many paths"), is_blocking=True)
    add(reviewed, blocking)
    who = ("-c", "user.name=Bo", "-c", "user.email=bo@example.org")
    (reviewed.folder / ".gitignore").write_text(".imprint\n_output\nfigures/drawn\n", "utf-8")
    for words in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "Begin")):
        subprocess.run([git, *words], cwd=reviewed.folder, check=True)
    assert "a blocking comment is open: Ada: ‘Why?’" in reviewed.run("release").problems
