"""The chapters of this report as notebooks."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from imprint.read.chapters.convert import to_document, to_notebook
from reports import ROOT

CHAPTERS = sorted([ROOT / "index.qmd", *(ROOT / "chapters").rglob("*.qmd")])


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_chapter_comes_back_to_the_byte(path: Path) -> None:
    text = path.read_bytes().decode()
    assert to_document(to_notebook(text, path.name), path.name) == text


def test_converted_chapter_runs_in_its_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QUARTO_PROJECT_DIR", raising=False)
    for folder in ("chapters", "data", "figures"):
        ignored = shutil.ignore_patterns("drawn", "*.ipynb", "__pycache__")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    shutil.copy(ROOT / "_quarto.yml", tmp_path)
    text = (ROOT / "chapters" / "training.qmd").read_text(encoding="utf-8")
    text += '\n```{python}\nstat("cqc-training-budget")\n```\n'
    text += '\n```{python}\ntable("search_databases", columns={"name": "Database"})\n```\n'
    made = nbformat.reads(to_notebook(text, "training.qmd"), 4)
    NotebookClient(
        made, timeout=60, resources={"metadata": {"path": str(tmp_path / "chapters")}}
    ).execute()
    shown = [
        output["data"]["text/markdown"]
        for cell in made.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]
    assert shown[-2].endswith('{.stat data-stat="cqc-training-budget"}')
    assert shown[-1].startswith("| Database |")
    assert (tmp_path / "figures" / "drawn" / "training_up_to_date.svg").exists()
