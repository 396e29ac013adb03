"""The handbook in docs/ is a book that the engine reads, checks and composes as it stands."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from composing import check_all
from imprint.read.report import Report, read_report

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handbook") / "docs"
    shutil.copytree(DOCS, folder, ignore=shutil.ignore_patterns("_output", ".imprint", ".quarto"))
    return folder


def _read(book: Path) -> Report:
    report, problems = read_report(book)
    assert problems == []
    return report


def test_every_document_is_a_chapter(book: Path) -> None:
    assert {*_read(book).chapters} == {path.name for path in DOCS.glob("*.[mq]*d")}


def test_nothing_is_wrong_with_the_handbook(book: Path) -> None:
    assert check_all(_read(book)).problems == ()


@pytest.mark.thorough
def test_the_handbook_renders(book: Path) -> None:
    """As pages and as PDF, with nothing to tell."""
    command = [sys.executable, "-m", "imprint", "render"]
    made = subprocess.run(command, cwd=book, capture_output=True, text=True, check=False)
    assert (made.returncode, "[" in made.stdout + made.stderr) == (0, False), made.stderr
    assert (book / "_output/report/imprint-handbook.pdf").is_file()
    assert "What breaks" in (book / "_output/report/checks.html").read_text("utf-8")
