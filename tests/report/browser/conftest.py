"""This report in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browsing import TRAINING, Reader, reading, served


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The address at which the report is served."""
    with served(site) as found:
        yield found


@pytest.fixture
def reader(browser: Browser, address: str, site: Path) -> Iterator[Reader]:
    """A reader of the report. The test fails when a page complains or asks another host."""
    with reading(browser, address, site) as sitting:
        yield sitting


@pytest.fixture
def chapter(reader: Reader) -> Callable[..., Page]:
    """`chapter()`: a window with the chapter on training, which has a bit of everything."""
    return lambda width=1440, **preferences: reader.open(TRAINING, width, **preferences)
