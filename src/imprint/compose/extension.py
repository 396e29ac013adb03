"""The look: `_extensions/imprint/_extension.yml` -> filters, Typst partials and assets, as files.

Quarto reads the same file, so both engines run the same filters in the same order and set the same
template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imprint.core.problems import ReportError, problem
from imprint.read.file_names import is_file
from imprint.read.project.extensions import OWN as NAME
from imprint.read.project.extensions import described_extension


@dataclass(frozen=True)
class Extension:
    """What the extension contributes, as paths on disk."""

    html_filters: tuple[Path, ...]
    typst_filters: tuple[Path, ...]
    typst_partials: tuple[Path, ...]
    assets: tuple[Path, ...]
    """Style sheets of the content elements."""
    fonts: tuple[Path, ...] = ()
    """What these call for, in a folder `fonts` beside them."""


def read_extension(root: Path) -> Extension:
    """Read the project's extension, or the package's own where the project has none.

    Raises ReportError when its description cannot be read or names a file that does not exist.
    """
    folder, described, problems = described_extension(root)
    if problems:
        raise ReportError(problems)
    contributes = described.plain()["contributes"]
    formats = contributes["formats"]
    common, html, typst = (formats.get(name) or {} for name in ("common", "html", "typst"))
    shared = _files(folder, common, "filters") + _files(folder, contributes, "filters")
    sheets = _files(folder, html, "css")
    extension = Extension(
        html_filters=shared + _files(folder, html, "filters"),
        typst_filters=shared + _files(folder, typst, "filters"),
        typst_partials=_files(folder, typst, "template-partials"),
        assets=sheets,
        fonts=tuple(sorted({it for sheet in sheets for it in sheet.parent.glob("fonts/*")})),
    )
    missing = [
        path
        for path in {*extension.html_filters, *extension.typst_filters, *extension.typst_partials}
        if not is_file(folder, str(path))
    ]
    if missing:
        raise ReportError(
            problem(
                "extension-is-whole",
                f"_extensions/{NAME}/_extension.yml",
                0,
                f"it names '{path.name}', which is not there",
                "restore the file or take its line out",
            )
            for path in missing
        )
    return extension


def _files(folder: Path, options: Mapping[str, Any], key: str) -> tuple[Path, ...]:
    """The files one option lists, each written as a path or as `{path: …, at: …}`."""
    listed = options.get(key) or []
    if isinstance(listed, str):
        listed = [listed]
    return tuple(
        folder / (item["path"] if isinstance(item, Mapping) else item)
        for item in listed
        if item != "quarto"
    )
