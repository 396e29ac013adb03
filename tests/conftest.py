"""Small real reports for the tests: copied to a temporary folder, rendered, looked at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pictures import assert_same_picture
from reports import ROOT, ReportFolder, copy_report, made_once


@pytest.fixture
def report(tmp_path: Path) -> Callable[[str], ReportFolder]:
    """`report("minimal")`: a copy of tests/projects/minimal with the extension, ready to render."""
    return lambda name: copy_report(name, tmp_path / name)


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """The minimal report, rendered once for all tests that only look at it."""
    return ReportFolder(
        made_once(tmp_path_factory, "minimal", lambda to: copy_report("minimal", to).render())
    )


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """A new report, begun and rendered once for all tests that only look at it."""

    def make(folder: Path) -> None:
        begins = ReportFolder(folder.parent).run(
            "new", folder.name, "--title", "Cycling in Milford"
        )
        assert begins.code == 0, begins.problems
        ReportFolder(folder).render()

    return ReportFolder(made_once(tmp_path_factory, "begun", make))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-docs` and `--update-pictures` write what tests make instead of comparing it."""
    parser.addoption("--update-docs", action="store_true", help="write generated parts of docs/")
    parser.addoption("--update-pictures", action="store_true", help="write tests/pictures/")


@pytest.fixture
def same_picture(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`same_picture(name, image)`: it looks as the one kept under that name in tests/pictures/."""
    update = bool(request.config.getoption("--update-pictures"))
    return lambda name, seen, **tolerance: assert_same_picture(name, seen, update, **tolerance)


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
