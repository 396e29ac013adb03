"""The harness in which a test tells a short story: write, render, look, change, render again."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import filelock
import pypdf
from markupsafe import escape

from imprint.cli import main
from imprint.compose.words.phrases import phrases_request
from imprint.core.document import Phrase
from imprint.core.model import Publication
from imprint.core.store import FOLDER
from kept_server import keeping_the_server

REPORTS = Path(__file__).with_name("reports")
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it said."""

    code: int
    said: str
    problems: str


@dataclass(frozen=True)
class ReportFolder:
    """A report in a folder of its own."""

    folder: Path

    def run(self, *words: str) -> Outcome:
        """Run one `imprint` command in the report's folder; renders that name no engine are the
        embedded one's, whether Quarto is installed or not."""
        if words[:1] == ("render",) and not {"--engine", "--help"} & set(words):
            words = (*words, "--engine", "embedded")
        said, problems = io.StringIO(), io.StringIO()
        before = Path.cwd()
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        os.chdir(self.folder)
        try:
            with (
                contextlib.redirect_stdout(said),
                contextlib.redirect_stderr(problems),
                keeping_the_server(),
            ):
                try:
                    code = main(words)
                except SystemExit as stopped:
                    code = int(stopped.code or 0)
        finally:
            os.chdir(before)
            if epoch is None:
                os.environ.pop("SOURCE_DATE_EPOCH", None)
            else:
                os.environ["SOURCE_DATE_EPOCH"] = epoch
        return Outcome(code, said.getvalue(), problems.getvalue())

    def render(self, *words: str) -> Outcome:
        """Render with the embedded engine; the test fails with the problems if there are any."""
        outcome = self.run("render", "--engine", "embedded", *words)
        assert outcome.code == 0, outcome.problems
        return outcome

    def write(self, path: str, text: str) -> ReportFolder:
        """Write a file of the report."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return self

    def edit(self, path: str, old: str, new: str) -> ReportFolder:
        """Replace text that stands once in a file."""
        text = (self.folder / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        return self.write(path, text.replace(old, new))

    def page(self, path: str) -> str:
        """The HTML of a built page, by its path in `_output/`."""
        return (self.folder / "_output" / path).read_text(encoding="utf-8")

    def words(self, path: str) -> str:
        """The words of a built page as a reader sees them, spaces made plain."""
        return plain_words(self.page(path))

    def pdf(self, path: str) -> pypdf.PdfReader:
        """A built PDF, by its path in `_output/`."""
        return pypdf.PdfReader(self.folder / "_output" / path)


def copy_report(name: str, folder: Path, *, cold: bool = False) -> ReportFolder:
    """Copy tests/reports/NAME to a folder, with the extension and style, ready to render.

    It has what one render of it has kept, so that another makes only what differs; one that is to
    run all of its code is `cold`. What somebody who rendered it in its place has left is no part.
    """
    left = shutil.ignore_patterns(".imprint", "_output", "drawn", "__pycache__")
    shutil.copytree(REPORTS / name, folder, ignore=left)
    shutil.copytree(ROOT / "_extensions", folder / "_extensions")
    (folder / "styles").mkdir(exist_ok=True)
    shutil.copy(ROOT / "styles" / "imprint.csl", folder / "styles")
    if not cold:
        kept = rendered_once(name).folder
        shutil.copytree(kept / FOLDER, folder / FOLDER)
        (folder / FOLDER / "last-render").unlink()
    return ReportFolder(folder)


def rendered_once(name: str) -> ReportFolder:
    """tests/reports/NAME, rendered once for all tests that only look at it."""
    return ReportFolder(made_once(name, lambda to: copy_report(name, to, cold=True).render()))


def problems_of(report: ReportFolder) -> str:
    """What the checks say of a report; empty where it is clean, with no exception either."""
    outcome = report.run("check")
    clean = outcome.code == 0 and "\n" not in outcome.said.strip()
    return "" if clean else outcome.said + outcome.problems


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """A folder that `make` fills once for all processes of a test run; tests only look at it."""
    folder, done = _shared[0] / name, _shared[0] / f"{name}.done"
    with filelock.FileLock(_shared[0] / f"{name}.lock"):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            done.touch()
    return folder


def share(folder: Path) -> None:
    """Let the processes of a test run share what they make, in this folder."""
    _shared[:] = [folder]


_shared: list[Path] = []


def phrases_of(publication: Publication) -> dict[str, Phrase]:
    """What a publication says of itself where none of it is markup."""
    texts = phrases_request(publication).request["texts"]
    return {name: Phrase(str(escape(text)), text) for name, text in texts.items()}


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def plain_words(html: str) -> str:
    """HTML without its tags, character references and runs of space."""
    import html as entities

    main_part = re.search(r"<main.*?</main>", html, re.DOTALL)
    text = re.sub(r"<[^>]+>", "", main_part[0] if main_part else html)
    return " ".join(entities.unescape(text).split())


def pdf_words(reader: pypdf.PdfReader) -> str:
    """All words of a PDF, hyphenation undone as far as a reader would, spaces made plain."""
    text = " ".join(page.extract_text() for page in reader.pages)
    return re.sub(r"(?<=\w)[-\u00ad‐] (?=[a-z])", "", " ".join(text.split()))
