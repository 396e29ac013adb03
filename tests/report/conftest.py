"""This repository's own report, rendered for the tests that look at it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from reports import ROOT, ReportFolder, made_once


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of this repository's own report, rendered once for all tests that look at it.

    `IMPRINT_SITE` names a folder that holds one already.
    """
    if given := os.environ.get("IMPRINT_SITE"):
        return Path(given).resolve()
    unneeded = shutil.ignore_patterns(".*", "_output", "tests", "drawn", "__pycache__")

    def make(folder: Path) -> None:
        shutil.copytree(ROOT, folder, ignore=unneeded)
        ReportFolder(folder).render()

    return made_once(tmp_path_factory, "whole-report", make) / "_output"
