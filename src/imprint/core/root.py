"""Where a report is: the nearest folder upwards that holds `_quarto.yml`."""

from __future__ import annotations

from pathlib import Path

from imprint.core.problems import Place, Problem, ReportError

PROJECT_FILE = "_quarto.yml"
VARIABLE = "QUARTO_PROJECT_DIR"
"""Names a project's root to the code of its chapters."""


def from_root(path: Path, root: Path) -> str:
    """A path as it is called from `root`, the same wherever that is; others stay as they are."""
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def find_root(start: Path) -> Path:
    """The nearest folder from `start` upwards that holds `_quarto.yml`.

    Raises ReportError where there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    message = f"there is no {PROJECT_FILE} here or in any folder above"
    fix = "go to the report's folder"
    raise ReportError([Problem(Place(start.as_posix()), "project-exists", message, fix)])
