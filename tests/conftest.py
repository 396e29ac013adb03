"""Small real reports for the tests: copied to a temporary folder, rendered, looked at."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from reports import Report

PROJECTS = Path(__file__).with_name("projects")
ROOT = Path(__file__).parent.parent


@pytest.fixture
def report(tmp_path: Path) -> Callable[[str], Report]:
    """`report("minimal")`: a copy of tests/projects/minimal with the extension, ready to render."""

    def copy(name: str) -> Report:
        folder = tmp_path / name
        shutil.copytree(PROJECTS / name, folder)
        shutil.copytree(ROOT / "_extensions", folder / "_extensions")
        (folder / "styles").mkdir(exist_ok=True)
        shutil.copy(ROOT / "styles" / "imprint.csl", folder / "styles")
        return Report(folder)

    return copy
