"""`manifest.json`: what a build was made from and with, each file with its SHA-256."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pypandoc

from imprint.core import digests
from imprint.core.commit import revision
from imprint.core.files import OUTPUT, write_json
from imprint.read.packaged import PROVENANCE_SCHEMA, VERSION
from imprint.read.schema import load_schema, read_back_file

INPUTS = (
    "_quarto*.yml",
    "*.qmd",
    "*.bib",
    "chapters/**/*.qmd",
    "chapters/**/*.ipynb",
    "data/**/*.csv",
    "data/**/*.json",
    "figures/*.py",
    "styles/**/*",
    "_extensions/**/*",
    "src/imprint/**/*",
    "uv.lock",
)
"""What a render may read, as patterns from the root."""

_SCHEMA = load_schema(Path(__file__).with_name("manifest.schema.json"))

# Stopped by Ctrl-C together with us, pandoc would be told of with a traceback.
logging.getLogger("pypandoc").setLevel(logging.CRITICAL)

TOOLS = ("ipykernel", "matplotlib", "nbclient", "pandas", "pybtex", "typst")


@dataclass(frozen=True)
class MadeWith:
    """The programs that made an output."""

    engine: Mapping[str, str]
    """Its name and, where it is not ours, its version."""
    tools: Mapping[str, str] = field(default_factory=dict)
    """Versions of the programs that the engine brought and ran in place of ours."""


def input_digests(root: Path, named: Iterable[str] = ()) -> dict[str, str]:
    """SHA-256 of every file a render may read, by path from the root.

    `named` are files that sources name, wherever they lie: included texts, images, bibliographies.
    """
    found = {path.relative_to(root) for pattern in INPUTS for path in root.glob(pattern)}
    kept = {
        path.as_posix()
        for path in found
        if not any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    }
    return {
        path: _digest(root / path) for path in sorted({*kept, *named}) if (root / path).is_file()
    }


def _digest(path: Path) -> str:
    return digests.bytes_digest(path.read_bytes())


def versions() -> dict[str, str]:
    """Versions of everything that has a hand in the output."""
    found = {name: version(name) for name in TOOLS}
    found["imprint"] = VERSION
    found["pandoc"] = str(pypandoc.get_pandoc_version())
    found["python"] = ".".join(str(part) for part in sys.version_info[:3])
    return dict(sorted(found.items()))


def read_last(root: Path, name: str) -> dict[str, Any]:
    """What the last output's `manifest.json` or `provenance.json` says of publications and the
    rest; empty without one, and where somebody has given it another shape."""
    wanted = load_schema(PROVENANCE_SCHEMA) if name == "provenance.json" else _SCHEMA
    return read_back_file(root / OUTPUT / name, wanted) or {}


def write_manifest(
    folder: Path,
    root: Path,
    made_with: MadeWith,
    rendered: Iterable[str],
    date: str,
    inputs: Mapping[str, str],
) -> None:
    """Write `manifest.json`: inputs (of `input_digests`), outputs and versions, each file with its
    SHA-256.

    Publications that were not rendered this time keep what the last manifest said of their inputs.
    """
    earlier = read_last(root, "manifest.json").get("publications", {})
    names = set(rendered)
    publications = {
        name: {"inputs": inputs} if name in names else earlier.get(name, {"inputs": {}})
        for name in sorted({*names, *earlier})
        if (folder / name).is_dir()
    }
    outputs = {
        path.relative_to(folder).as_posix(): _digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    write_json(
        folder / "manifest.json",
        {
            "date": date,
            "engine": dict(made_with.engine),
            "outputs": outputs,
            "publications": publications,
            "revision": revision(root),
            "versions": dict(sorted({**versions(), **made_with.tools}.items())),
        },
    )
