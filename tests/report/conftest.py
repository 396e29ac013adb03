"""This repository's own report, rendered for the tests that look at it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from composing import examined
from imprint.core.store import FOLDER
from imprint.read.report import read_report
from reports import ROOT, ReportFolder, made_once


@pytest.fixture(scope="session")
def site() -> Path:
    """The output of this repository's own report, rendered once for all tests that look at it.

    `IMPRINT_SITE` names a folder that holds one already.
    """
    if given := os.environ.get("IMPRINT_SITE"):
        return Path(given).resolve()
    return rendered_whole() / "_output"


def rendered_whole() -> Path:
    """A copy of this repository in which its report has been rendered."""

    def make(folder: Path) -> None:
        copy_sources(folder)
        ReportFolder(folder).render()

    return made_once("whole-report", make)


def copy_sources(folder: Path) -> None:
    """Copy what this repository holds but for its tests and what is made of it."""
    unneeded = shutil.ignore_patterns(".*", "_output", "tests", "drawn", "__pycache__")
    shutil.copytree(ROOT, folder, ignore=unneeded)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the report to change, with what a render of it has kept."""
    folder = tmp_path_factory.mktemp("sources") / "report"
    copy_sources(folder)
    shutil.copytree(rendered_whole() / FOLDER, folder / FOLDER)
    # Should something not be kept that the checks need, it is from here on.
    examined(read_report(folder)[0], runs=True, keeps=True)
    return folder
