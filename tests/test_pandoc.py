"""pandoc processes that stay: what one chapter's filters do reaches no other chapter."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pypandoc
import pytest

from imprint.compose.pandoc import PandocError, Pandocs
from imprint.core.problems import ReportError, nearest
from imprint.read.csl import PLAIN_STYLE, read_csl
from imprint.read.pandoc import pandoc_command, why_it_ended
from reports import ReportFolder, copy_report

FILTERS = "_extensions/imprint/filters/"


@pytest.fixture
def pandocs(tmp_path: Path) -> Iterator[Pandocs]:
    """Processes that end with the test."""
    made = Pandocs(tmp_path, tmp_path)
    yield made
    made.end()


@pytest.fixture
def report(tmp_path: Path) -> ReportFolder:
    """The minimal report with another filter for both formats."""
    made = copy_report("minimal", tmp_path / "report")
    return made.edit(
        "_extensions/imprint/_extension.yml",
        "contributes:\n",
        "contributes:\n  filters:\n    - filters/trial.lua\n",
    )


def request(title: str, template: str = "$title$$body$") -> bytes:
    """Asks for the frame of a document in which its title alone stands."""
    asked = {
        "stage": "frame",
        "metadata": {"title": title},
        "template": template,
        "parts": [],
        "mark": "!",
    }
    return json.dumps(asked, ensure_ascii=False).encode()


def test_one_process_answers_one_request_after_another(pandocs: Pandocs) -> None:
    """Answers come in the order of the requests, whatever characters are in them."""
    for title in ("First\u2028line", "Second\u0085 and third", "word " * 20_000 + "end"):
        assert json.loads(pandocs.answer(request(title)))["text"] == f"{title}!"
    assert len(pandocs._idle) == 1


def test_pandoc_that_stumbles_is_reported_and_the_next_begins(pandocs: Pandocs) -> None:
    """The message is that of the request at hand; the process is gone, and others answer."""
    pandocs.answer(request("good"))
    with pytest.raises(PandocError, match="template") as first:
        pandocs.answer(request("bad", template="$if("))
    with pytest.raises(PandocError, match="require") as second:
        pandocs.answer(b'{"stage": "unheard of"}')
    assert str(first.value) not in str(second.value)
    assert pandocs._idle == []
    assert json.loads(pandocs.answer(request("good again")))["text"] == "good again!"


def test_filter_leaves_nothing_behind_for_other_chapters(report: ReportFolder) -> None:
    """What it sets for all to see is gone, and what it prints is no part of any page."""
    report.write(
        FILTERS + "trial.lua",
        'assert(FORMAT == "html" or FORMAT == "typst")\n'
        'if left then error("left behind") end\n'
        "left = true\n"
        'print("{}", nil)\n'
        'io.write("{}\\n")\n'
        'io.stdout:write("{}\\n")\n'
        "return {}\n",
    )
    report.render("--draft", "--jobs", "1")
    assert "looks ahead" in report.words("review/chapters/outlook.html")


def test_filter_that_fails_is_reported_with_its_file(report: ReportFolder) -> None:
    """Every chapter it fails for is named, and the filter's line with it."""
    report.write(FILTERS + "trial.lua", '\nerror("no such luck")\n')
    outcome = report.run("render", "--engine", "embedded", "--draft")
    assert outcome.code == 1
    for chapter in ("outlook", "findings"):
        assert f"chapters/{chapter}.qmd: pandoc could not compose it" in outcome.problems
    assert "trial.lua:2: no such luck" in outcome.problems


@pytest.mark.parametrize(
    ("code", "said", "told"),
    [
        (-9, "", "it was ended by signal 9, as by a system that is short of memory"),
        (
            1,
            "error: C stack overflow\nCallStack (from HasCallStack)",
            "what it reads is nested too",
        ),
        (1, "Error\n at x", "Error at x"),
        (1, "", "no message"),
    ],
)
def test_authors_are_told_why_pandoc_ended(code: int, said: str, told: str) -> None:
    """In words of theirs, whoever or whatever ended it."""
    assert why_it_ended(code, said).startswith(told)


def test_nobody_is_asked_whether_they_meant_what_they_wrote() -> None:
    """The same word, which is known elsewhere, is no advice."""
    assert nearest("alpha", ["alpha", "alpine"]) == "did you mean 'alpine'?"
    assert nearest("alpha", ["alpha"]) == ""


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("kill -9 $$", "pandoc: it does not run: it was ended by signal 9"),
        ("echo no libgmp >&2; exit 127", "pandoc: it does not run: no libgmp"),
        (None, "pandoc: no pandoc was found"),
        ("[ -e $0.asked ] || { touch $0.asked; kill -9 $$; }", ""),
    ],
)
def test_a_pandoc_that_does_not_run_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, told: str
) -> None:
    """Killed, broken or missing are three things; one that was killed once is asked again."""
    pandoc = tmp_path / "pandoc"
    if script:
        pandoc.write_text(f"#!/bin/sh\n{script}\n")
        pandoc.chmod(0o755)
    monkeypatch.setattr(pypandoc, "__pandoc_path", None)
    monkeypatch.setenv("PYPANDOC_PANDOC", str(pandoc))
    if not told:
        assert pandoc_command() == [str(pandoc)]
        return
    with pytest.raises(ReportError) as refused:
        pandoc_command()
    assert told in str(refused.value)


def test_a_pandoc_killed_over_works_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is told of the bibliography is why nothing could be read of it; the next reading, of the
    same file in the same process, finds its works."""
    texts = {"a.bib": "@misc{a_1, title = {Never asked before}}"}
    with monkeypatch.context() as patch:
        patch.setattr("imprint.read.csl.pandoc_command", lambda: ["sh", "-c", "kill -9 $$"])
        _, [refused] = read_csl(tmp_path, texts, PLAIN_STYLE)
    assert "ended by signal 9" in refused.message
    assert "render again" in refused.fix
    found, refusals = read_csl(tmp_path, texts, PLAIN_STYLE)
    assert (list(found.works), refusals) == (["a_1"], [])


@pytest.mark.skipif(os.name != "posix", reason="a shell stands in for pandoc")
def test_a_pandoc_that_is_killed_leaves_no_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It makes one for its history of lines whenever it runs a script, here that of works."""
    temporary, killed = tmp_path / "temporary", tmp_path / "pandoc"
    temporary.mkdir()
    killed.write_text('#!/bin/sh\nmkdir "$TMPDIR/pandoc-hist1-0"\nkill -9 $$\n')
    killed.chmod(0o755)
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr("imprint.read.csl.pandoc_command", lambda: [str(killed)])
    _, [told] = read_csl(tmp_path, {"a.bib": "@misc{a, title = {A killed reading}}"}, PLAIN_STYLE)
    assert "signal 9" in told.message
    assert list(temporary.iterdir()) == []
