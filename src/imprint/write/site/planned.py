"""Files of a site, planned before they are made, so that who has them already need not make them
again; what they are made with: templates and assets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from imprint.compose.extension import Extension
from imprint.core import digests
from imprint.core.escaping import templates
from imprint.write.site.policy import POLICY

TEMPLATES = Path(__file__).with_name("templates")
ASSETS = Path(__file__).with_name("assets")


@dataclass(frozen=True)
class PlannedFile:
    """A file of the site, and how to make it."""

    path: str
    """In the publication's folder."""
    made_from: Any
    """All that it is made from: as long as that is equal, so is the file."""
    make: Callable[[], bytes]


def write(planned: Iterable[PlannedFile], folder: Path) -> None:
    """Make files in `folder`. Raises OSError."""
    for file in planned:
        target = folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.make())


def look(extension: Extension, ours: Iterable[str]) -> Iterator[PlannedFile]:
    """The extension's style sheets and fonts, and style sheets and scripts of our own."""
    for asset in (*extension.assets, *(ASSETS / name for name in ours)):
        yield copied(asset, f"assets/{asset.name}")
    for font in extension.fonts:
        yield copied(font, f"assets/fonts/{font.name}")


def copied(source: Path, path: str) -> PlannedFile:
    """A file that is a copy of another."""
    return PlannedFile(path, digests.file_digest(source), source.read_bytes)


@cache
def environment() -> Environment:
    """The templates; everything put into them is escaped."""
    made = templates(TEMPLATES)
    made.globals["policy"] = POLICY
    return made
