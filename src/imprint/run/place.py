"""In a kernel: note what a chapter's code asks the system, of which no audit event tells.

Where the report's folder is: what code makes of that may be printed in a form in which no path is
to be seen, such as its length. Whether there is a file, its size and times; what the machine is
called and has.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Collection
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any

from imprint.author import dependencies
from imprint.author.dependencies import PLACE, Notes

LEAD_TO_PLACE = frozenset({"QUARTO_PROJECT_DIR", "MPLCONFIGDIR"})
"""Variables that hold the report's folder."""
_PATHS = frozenset({
    "os", "posixpath", "ntpath", "genericpath", "pathlib", "_collections_abc", "glob", "platform",
    "socket", "multiprocessing",
})  # fmt: skip
"""Modules that ask on behalf of whoever calls them."""
_NOTING = ("imprint.run.recorder", __name__)
_LOOKS = frozenset({
    "exists", "lexists", "isfile", "isdir", "islink", "ismount", "is_file", "is_dir", "is_symlink",
    "is_mount",
})  # fmt: skip
"""Functions of theirs that tell whether something is there, and of which kind."""
_MAKES_WHOLE = frozenset({"realpath", "_joinrealpath", "resolve", "makedirs", "mkdir", "getcwd"})
"""Functions that look at folders on the way to what they are asked for."""

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


def watch_system(name_of: Callable[[Notes, Any], str | None]) -> None:
    """Note what the report's own code asks of files and the machine; `name_of` says what notes call
    a path."""

    def of_path(ask: Callable[..., Any], aspect: str) -> Callable[..., Any]:
        def asked(path: Any, *arguments: Any, **more: Any) -> Any:
            by_folder = more.get("dir_fd") is not None
            notes = dependencies.taken()
            through = report_calls(notes) if notes and (aspect or by_folder) else None
            if notes and through is not None:
                with dependencies.unseen():
                    if by_folder:
                        notes.give_up("it names files from a folder that it has opened")
                    else:
                        _note_path(notes, name_of(notes, path), through, aspect)
            return ask(path, *arguments, **more)

        return asked

    def of_machine(ask: Callable[..., Any], aspect: str) -> Callable[..., Any]:
        def asked(*arguments: Any, **more: Any) -> Any:
            notes = dependencies.taken()
            if notes and report_calls(notes) is not None:
                with dependencies.unseen():
                    notes.add("machine", aspect)
            return ask(*arguments, **more)

        return asked

    for name, aspect in (("stat", "state"), ("lstat", "state"), ("access", "state"),
                         ("readlink", "link"), ("open", "")):  # fmt: skip
        _replace(os, name, of_path(getattr(os, name), aspect))
    for name, aspect in (("uname", "name"), ("cpu_count", "processors"),
                         ("sched_getaffinity", "processors"), ("umask", "umask")):  # fmt: skip
        if hasattr(os, name):
            _replace(os, name, of_machine(getattr(os, name), aspect))
    _replace(socket, "gethostname", of_machine(socket.gethostname, "name"))


def _replace(module: ModuleType, name: str, watched: Callable[..., Any]) -> None:
    """Put a function in another's place, also among those of which Python says what they can."""
    original = getattr(module, name)
    setattr(module, name, wraps(original)(watched))
    for able in (os.supports_dir_fd, os.supports_effective_ids, os.supports_fd,
                 os.supports_follow_symlinks):  # fmt: skip
        if original in able:
            able.add(watched)


def _note_path(notes: Notes, name: str | None, through: Collection[str], aspect: str) -> None:
    if name is None or name in notes.written or _MAKES_WHOLE & set(through):
        return
    aspect = "kind" if _LOOKS & set(through) else aspect
    notes.add("state", name, aspect)


def note_place() -> None:
    """Note that the place was asked for, if a cell or a module of the report called the caller."""
    notes = dependencies.taken()
    if notes and report_calls(notes) is not None:
        notes.add(*PLACE)


def report_calls(notes: Notes) -> frozenset[str] | None:
    """Functions of the standard library through which the report's own code, a cell or a module of
    it, asks for what is being noted; None where anybody else asks."""
    frame, through = sys._getframe(1), set()
    while frame.f_back and _asks_for_others(frame.f_globals.get("__name__", "")):
        through.add(frame.f_code.co_name)
        frame = frame.f_back
    file = frame.f_code.co_filename
    is_of_report = file.startswith(f"{notes.root}{os.sep}") and not file.startswith(_installed)
    is_cell = frame.f_globals.get("__name__") == "__main__"
    return frozenset(through) if is_of_report or is_cell else None


def _asks_for_others(module: str) -> bool:
    return module.partition(".")[0] in _PATHS or module in _NOTING
