"""Small real reports for the tests: copied to a temporary folder, rendered, looked at."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pictures import assert_same_picture
from processor_time import ProcessorTime
from reports import ReportFolder, copy_report, made_once, rendered_once, share
from thorough import THOROUGH

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def pytest_configure(config: pytest.Config) -> None:
    """Hear Ctrl-C where the caller has it ignored, as shells do for commands in the background:
    programs that tests start would ignore it too. Measure tests where that is asked for."""
    if file := config.getoption("--processor-time"):
        config.pluginmanager.register(ProcessorTime(Path(file)))
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def report(tmp_path: Path) -> Callable[[str], ReportFolder]:
    """`report("minimal")`: a copy of tests/reports/minimal with the extension, ready to render."""
    return lambda name: copy_report(name, tmp_path / name)


@pytest.fixture(scope="session", autouse=True)
def _shared(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    share(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)
    # Python tells modules apart by size and second, and tests change them faster.
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"


@pytest.fixture(scope="session")
def rendered() -> ReportFolder:
    """The minimal report, rendered once for all tests that only look at it."""
    return rendered_once("minimal")


@pytest.fixture(scope="session")
def begun() -> ReportFolder:
    """A new report, begun and rendered once for all tests that only look at it."""

    def make(folder: Path) -> None:
        begins = ReportFolder(folder.parent).run(
            "new", folder.name, "--title", "Cycling in Milford"
        )
        assert begins.code == 0, begins.problems
        ReportFolder(folder).render()

    return ReportFolder(made_once("begun", make))


@pytest.fixture(scope="session")
def transport() -> ReportFolder:
    """The report on another subject, rendered once for all tests that only look at it."""
    return rendered_once("transport")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-docs` and `--update-pictures` write what tests make instead of comparing it."""
    parser.addoption("--processor-time", metavar="FILE", help="write what each test takes")
    parser.addoption("--update-docs", action="store_true", help="write generated parts of docs/")
    parser.addoption("--update-pictures", action="store_true", help="write tests/report/pictures/")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked `thorough` unless HYPOTHESIS_PROFILE=thorough asks for it."""
    left_out = [] if THOROUGH else [item for item in items if item.get_closest_marker("thorough")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]


@pytest.fixture
def same_picture(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`same_picture(name, image)`: it looks as the one in tests/report/pictures/."""
    update = bool(request.config.getoption("--update-pictures"))
    return lambda name, seen, **tolerance: assert_same_picture(name, seen, update, **tolerance)


@pytest.fixture(scope="module")
def browser(rendered: ReportFolder) -> Iterator[Browser]:
    """One browser for the tests of a file.

    Playwright keeps an event loop running while it is open, so it is closed before other tests,
    which run kernels in an event loop of their own, get their turn; and what copies of the small
    report have kept is made before.
    """
    from browsing import launched

    with launched() as started:
        yield started
