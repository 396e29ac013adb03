"""Which Imprint this is, and what its wheel holds besides modules. In a checkout the same stands at
the repository's top, where Quarto and people look for it."""

from __future__ import annotations

import sys
from pathlib import Path

import font_source_sans_pro
import font_source_serif_pro

VERSION = "0.1.0"
"""The package is built with this number, and the extension bears it too."""
DISTRIBUTION = "imprint-reports"
"""What the package is called where packages are installed from."""

PACKAGE = Path(__file__).parents[1]
CHECKOUT = PACKAGE.parents[1]


def packaged(packed: str, in_checkout: str) -> Path:
    """A file or folder by its path in the installed package, or by that from a checkout's top."""
    found = PACKAGE / packed
    return found if found.exists() else CHECKOUT / in_checkout


def own_extension() -> Path:
    """The folder of the extension that belongs to this version of the package."""
    return packaged("extension", "_extensions/imprint")


PROVENANCE_SCHEMA, DOCUMENT_SCHEMA = (
    packaged(f"read/{name}.schema.json", f"docs/{name}.schema.json")
    for name in ("provenance", "document")
)
"""What `provenance.json` and `document.json` hold."""
SANS, SERIF = (Path(it.__file__).parent for it in (font_source_sans_pro, font_source_serif_pro))
FONTS = (SANS, SERIF)
"""Folders of the faces that every machine has, in which Typst and real Quarto look for them."""


def installed() -> list[str]:
    """Names and versions of the installed packages, as their folders give them."""
    return sorted(
        entry.name
        for folder in {Path(path) for path in sys.path}
        if folder.is_dir()
        for entry in folder.iterdir()
        if entry.suffix in {".dist-info", ".egg-info"}
    )
