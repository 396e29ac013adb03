"""In a kernel: note when a chapter's code asks where the report's folder is.

What it makes of that may be printed in a form in which no path is to be seen, such as its length.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from imprint.author import dependencies

LEAD_TO_PLACE = frozenset({"QUARTO_PROJECT_DIR", "MPLCONFIGDIR"})
"""Variables that hold the report's folder."""
_PATHS = frozenset({"os", "posixpath", "ntpath", "genericpath", "pathlib", "_collections_abc"})
"""Modules that ask on behalf of whoever calls them."""

_installed: tuple[str, ...] = ()


def names_place(text: str, root: Path) -> bool:
    """Whether code, or what came of it, has the report's folder in it or asks for it."""
    return "__file__" in text or str(root) in text


def watch_place(installed: tuple[str, ...]) -> None:
    """Note when the report's own code asks for the working folder; libraries, which stand in the
    folders `installed`, ask all the time."""
    global _installed
    _installed = installed

    def watched(ask: Callable[[], Any]) -> Callable[[], Any]:
        def asked() -> Any:
            note_place()
            return ask()

        return asked

    os.getcwd, os.getcwdb = watched(os.getcwd), watched(os.getcwdb)


def note_place() -> None:
    """Note that the place was asked for, if a cell or a module of the report called the caller."""
    notes = dependencies.taken()
    if notes is None:
        return
    frame = sys._getframe(2)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] in _PATHS:
        frame = frame.f_back
    file = frame.f_code.co_filename
    is_of_report = file.startswith(f"{notes.root}{os.sep}") and not file.startswith(_installed)
    if is_of_report or frame.f_globals.get("__name__") == "__main__":
        notes.add_place()
