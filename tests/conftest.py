"""Small real reports for the tests: copied to a temporary folder, rendered, looked at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reports import Report, copy_report


@pytest.fixture
def report(tmp_path: Path) -> Callable[[str], Report]:
    """`report("minimal")`: a copy of tests/projects/minimal with the extension, ready to render."""
    return lambda name: copy_report(name, tmp_path / name)


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The minimal report, rendered once for all tests that only look at it."""
    made = copy_report("minimal", tmp_path_factory.mktemp("rendered") / "minimal")
    made.render()
    return made


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-docs` writes what tests make for docs/ instead of comparing it."""
    parser.addoption("--update-docs", action="store_true", help="write generated parts of docs/")
