"""`imprint language-server`, asked as an editor asks it: one process, JSON over its pipes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from imprint.core.problems import Place, Problem
from imprint.editor.diagnostics import marked, moved, replacements
from reports import copy_report

LONGEST = 120
"""Seconds for an answer; it takes a fraction of one on a machine with nothing else to do."""


def units(text: str) -> int:
    """Columns that a text takes in an editor that counts in UTF-16."""
    return len(text.encode("utf-16-le")) // 2


class Editor:
    """An editor, as far as a language server can tell."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "imprint", "language-server"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.heard: Queue[dict[str, Any]] = Queue()
        self.count, self.marks = 0, dict[str, list[dict[str, Any]]]()
        Thread(target=self._listen, daemon=True).start()
        told = self.ask("initialize", processId=None, rootUri=None, capabilities={})
        self.capabilities = told["capabilities"]
        self.tell("initialized")

    def _listen(self) -> None:
        pipe = self.process.stdout
        assert pipe
        while header := pipe.readline():
            length = int(header.split(b":")[1])
            while pipe.readline().strip():
                pass
            self.heard.put(json.loads(pipe.read(length)))

    def _send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method: str, **params: Any) -> None:
        """Tell the server something."""
        self._send(method=method, params=params)

    def ask(self, method: str, **params: Any) -> Any:
        """What the server answers."""
        self.count += 1
        self._send(method=method, params=params, id=self.count)
        while True:
            message = self._next()
            if message.get("id") == self.count:
                assert "error" not in message, message
                return message["result"]

    def _next(self) -> dict[str, Any]:
        message = self.heard.get(timeout=LONGEST)
        if message.get("method") == "textDocument/publishDiagnostics":
            self.marks[message["params"]["uri"]] = message["params"]["diagnostics"]
        return message

    def problems(self, path: Path, code: str) -> list[dict[str, Any]]:
        """What is marked in a file by this rule, once anything is."""
        while not (found := self.marked(path, code)):
            self._next()
        return found

    def no_problems(self, path: Path, code: str) -> None:
        """Wait until nothing is marked in a file by this rule."""
        while self.marked(path, code):
            self._next()

    def marked(self, path: Path, code: str) -> list[dict[str, Any]]:
        """What is marked now."""
        return [it for it in self.marks.get(path.as_uri(), []) if it["code"] == code]

    def open(self, path: Path, text: str | None = None) -> None:
        """Open a file, with other text than is saved."""
        said = path.read_text("utf-8") if text is None else text
        document = {"uri": path.as_uri(), "languageId": "quarto", "version": 1, "text": said}
        self.tell("textDocument/didOpen", textDocument=document)

    def type(self, path: Path, text: str) -> None:
        """Let a file hold other text, unsaved."""
        document = {"uri": path.as_uri(), "version": 2}
        self.tell("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])

    def close(self, path: Path) -> None:
        """Close a file without saving it."""
        self.tell("textDocument/didClose", textDocument={"uri": path.as_uri()})

    def at(self, what: str, path: Path, line: int, character: int) -> Any:
        """Ask something of a place, counted from 0, columns in UTF-16."""
        place = {"line": line, "character": character}
        return self.ask(f"textDocument/{what}", textDocument={"uri": path.as_uri()}, position=place)

    def completed(self, path: Path, text: str) -> list[str]:
        """What is offered at the end of a text."""
        self.type(path, text)
        lines = text.split("\n")
        found = self.at("completion", path, len(lines) - 1, units(lines[-1]))
        return [it["label"] for it in found]

    def end(self) -> None:
        """Let the server end, as editors do."""
        self.ask("shutdown")
        self.tell("exit")
        assert self.process.wait(LONGEST) == 0


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    found = Editor()
    yield found
    found.end()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report that nobody has built."""
    return copy_report("minimal", tmp_path_factory.mktemp("editor") / "minimal", cold=True).folder


def test_names_are_completed_in_half_typed_text(editor: Editor, root: Path) -> None:
    """Rows within calls, works and labels after an @; text after the cursor need not make sense."""
    chapter = root / "chapters" / "findings.qmd"
    text = chapter.read_text("utf-8")
    editor.open(chapter)
    assert "smith-agree" in editor.completed(chapter, text + '`{python} stat("sm')
    assert "smith-agree" in editor.completed(chapter, text + '```{python}\nclaim("most", "')
    assert "most" in editor.completed(chapter, text + '`{python} claim("')
    assert "sentence" in editor.completed(chapter, text + '`{python} stat("smith-agree", "')
    assert editor.completed(chapter, text + '```{python}\nfigure("') == ["answers"]
    offered = editor.completed(chapter, text + "\nas 😀 [see @")
    assert {"smith_2010_notes", "box-reasons", "sec-findings", "tbl-answers"} <= {*offered}
    assert editor.completed(chapter, text + "\nwrite to me@") == []
    assert editor.completed(chapter, text + "\n::: {#box-") == []
    editor.close(chapter)


def test_hover_tells_what_a_reader_sees(editor: Editor, root: Path) -> None:
    """Value, measure, base, period and source of a row; author, year and title of a work."""
    chapter = root / "chapters" / "findings.qmd"
    said = 'Of 😀 `{python} stat("smith-agree")` say @smith_2010_notes, see @box-reasons.\n'
    text = chapter.read_text("utf-8") + said
    editor.open(chapter, text)
    line, column = text.count("\n") - 1, units('Of 😀 `{python} stat("')
    shown = editor.at("hover", chapter, line, column + 3)
    told = shown["contents"]["value"].replace("\xa0", " ")
    assert "**64 per cent** — View of the proposal: agree" in told
    assert "- Base: teachers asked" in told and "- Period: 2010" in told
    assert "- Source: Smith (2010a), p. 4" in told.replace("\\", "")
    assert shown["range"]["start"] == {"line": line, "character": column}
    row = editor.at("definition", chapter, line, column + 3)
    assert row["uri"].endswith("data/statistics.csv") and row["range"]["start"]["line"] == 1
    key = units(said[: said.index("smith_2010_notes")])
    work = editor.at("hover", chapter, line, key + 1)["contents"]["value"]
    assert "Smith" in work and "2010" in work
    assert editor.at("definition", chapter, line, key)["uri"].endswith("references.bib")
    box = units(said[: said.index("box-reasons")])
    found = editor.at("definition", chapter, line, box)
    label = text.split("\n").index("::: {#box-reasons}")
    assert found["uri"] == chapter.as_uri() and found["range"]["start"]["line"] == label
    assert editor.at("hover", chapter, 0, 3) is None
    editor.close(chapter)


def test_problems_come_while_text_is_typed(editor: Editor, root: Path) -> None:
    """An unknown row at once and a misspelt word soon, in the columns that editors count; both go
    when the text is right again, and an action writes what the fix says."""
    chapter = root / "chapters" / "findings.qmd"
    text = chapter.read_text("utf-8")
    wrong = text + '\n😀 It is recieved by `{python} stat("smith-agre")` of [@smith_2010_note].\n'
    editor.open(chapter, wrong)
    line = wrong.count("\n") - 1
    (unknown,) = editor.problems(chapter, "statistic-exists")
    start = units('😀 It is recieved by `{python} stat("')
    assert unknown["range"]["start"] == {"line": line, "character": start}
    assert "did you mean 'smith-agree'" in unknown["message"]
    (spelt,) = editor.problems(chapter, "word-is-spelt")
    assert spelt["range"] == {
        "start": {"line": line, "character": 9}, "end": {"line": line, "character": 17},
    }  # fmt: skip
    (key,) = editor.problems(chapter, "citation-resolves")
    actions = editor.ask(
        "textDocument/codeAction", textDocument={"uri": chapter.as_uri()}, range=key["range"],
        context={"diagnostics": [key]},
    )  # fmt: skip
    edits = [it["edit"]["changes"][chapter.as_uri()][0] for it in actions]
    assert {"range": key["range"], "newText": "smith_2010_notes"} in edits
    editor.type(chapter, text + '\n`{python} stat("smith-ag')
    editor.no_problems(chapter, "word-is-spelt")
    editor.type(chapter, text)
    editor.no_problems(chapter, "statistic-exists")
    assert chapter.read_text("utf-8") == text
    editor.close(chapter)


def test_broken_files_are_told_and_names_stay(editor: Editor, root: Path) -> None:
    """A table and a project file that cannot be read are marked where they break, while the names
    that were known can still be asked for."""
    rows, chapter = root / "data" / "statistics.csv", root / "chapters" / "findings.qmd"
    settings = root / "_quarto.yml"
    editor.open(rows, rows.read_text("utf-8") + 'half,"typed\n')
    editor.problems(rows, "table-is-readable")
    editor.open(settings, settings.read_text("utf-8") + "imprint:\n  colums: 2\n")
    (wrong,) = editor.problems(settings, "option-is-known")
    assert "columns" in wrong["message"]
    editor.type(settings, "project: [")
    editor.no_problems(settings, "option-is-known")
    editor.open(chapter)
    text = chapter.read_text("utf-8")
    assert "smith-agree" in editor.completed(chapter, text + '`{python} stat("')
    for path in (rows, settings, chapter):
        editor.close(path)
    editor.no_problems(rows, "table-is-readable")


def test_file_outside_a_report_is_left_alone(editor: Editor, tmp_path: Path) -> None:
    """Nothing is known of it, and nothing fails; nor of what was never saved."""
    stray = tmp_path / "stray.qmd"
    stray.write_text("# Stray\n", "utf-8")
    editor.open(stray)
    assert editor.completed(stray, "see @") == []
    assert editor.at("hover", stray, 0, 2) is None
    assert editor.at("definition", stray, 40, 200) is None


def test_renamed_chapter_leaves_no_marks(editor: Editor, root: Path) -> None:
    """What was marked under the old name goes; what the project misses is told."""
    chapter = root / "chapters" / "outlook.qmd"
    text = chapter.read_text("utf-8")
    editor.open(chapter, text + '\n`{python} stat("nobody")`\n')
    editor.problems(chapter, "statistic-exists")
    new = chapter.rename(chapter.with_name("prospects.qmd"))
    editor.close(chapter)
    editor.open(new)
    editor.no_problems(chapter, "statistic-exists")
    editor.problems(root / "_quarto.yml", "chapter-exists")
    new.rename(chapter)
    editor.close(new)
    editor.no_problems(root / "_quarto.yml", "chapter-exists")


def test_marks_move_with_their_lines() -> None:
    """What an earlier check found stays at its line, and goes with a line that has changed."""
    found = [Problem(Place("a.qmd", line, 2), "rule", f"at {line}") for line in (1, 2, 3)]
    kept = list(moved(found, "one\ntwo\nthree", "new\none\ntwos\nthree"))
    assert [(it.place.line, it.message) for it in kept] == [(2, "at 1"), (4, "at 3")]


@pytest.mark.parametrize(
    ("message", "fix", "instead"),
    [
        ("'colour' is an odd word", "write 'color'", ("color",)),
        ("'teh' is in no dictionary", "did you mean 'the' or 'tea'? If not, …", ("the", "tea")),
        ("the number 'teh' has no row", 'use `{python} stat("a")`', ('`{python} stat("a")`',)),
        ("'teh' stands twice", "delete 'teh'", ("",)),
        ("'teh' has no page", "give it: `[@a, p. 3]`", ()),
        ("'gone' is in no dictionary", "did you mean 'the'?", ()),
    ],
)
def test_replacements_are_what_fixes_say(message: str, fix: str, instead: tuple[str, ...]) -> None:
    """Only what may stand in the very place of the words that are marked."""
    line = "It is teh colour of colour."
    found = Problem(Place("a.qmd", 1, 7), "rule", message, fix)
    assert replacements(found, [line]) == instead
    if instead:
        start = 10 if "colour" in message else 6
        assert marked(found, [line])[:2] == (0, start)
