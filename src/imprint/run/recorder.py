"""In a kernel: note every file, folder, module and variable that a chapter's code reads.

Python's audit events tell of them, and `place` of what code asks the system. Nothing tells of the
clock, of random numbers, or of files that a library opens without Python's knowledge.

Results serve other copies of the report too, in other folders, unless the chapter's code asks where
its own folder is: that is noted as well.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import sysconfig
from collections.abc import Callable, Collection
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any

from imprint.author import dependencies
from imprint.author.dependencies import PLACE, Notes
from imprint.core import digests
from imprint.core.digests import PACKAGE
from imprint.run.place import (
    LEAD_TO_PLACE,
    names_place,
    note_place,
    report_calls,
    watch_place,
    watch_system,
)

_loaded: dict[Path, str] = {}
_imported: set[str] = set()
"""Modules that were looked for, whether they were found or not."""
_scratch: tuple[str, ...] = ()
_kept = ""
"""Where renders keep what they have made: it counts for code of the report's own alone."""
_variables: frozenset[str] = frozenset()


def remember_loaded() -> None:
    """Keep the digests of this package's modules as they are now, imported ahead of need."""
    _loaded.update({path: digests.file_digest(path) for path in _own_files()})


def listen(root: Path, variables: Collection[str], scratch: Collection[str]) -> None:
    """Take notes from now on, in this process, of what is read.

    `variables` are those of the environment that differ from machine to machine; files in the
    folders `scratch` do not count.
    """
    global _kept, _scratch, _variables
    notes = Notes(root.resolve())
    ignored = {*scratch, "/dev", "/proc", "/sys", *_library_folders()}
    _kept = f"{notes.root / '.imprint'}{os.sep}"
    _scratch = tuple(f"{path}{os.sep}" for path in ignored)
    _variables = frozenset(variables)
    for path in _own_files():
        notes.add("code", _own(path), digest=_loaded.get(path))
    dependencies.take(notes)
    sys.addaudithook(_hear)
    _watch_variables()
    watch_place((*_scratch, f"{PACKAGE}{os.sep}"))
    watch_system(_name)


def notes_as_json() -> str:
    """The notes so far as JSON: `reads`, `written` with digests, `unfollowed`."""
    notes = dependencies.taken()
    if notes is None:
        return "{}"
    with dependencies.unseen():
        for table, position, cells in notes.rows:
            if columns := sorted(cells.seen):
                digest = digests.cells_digest(cells.values_by_column, columns)
                notes.add("cells", table, json.dumps([position, columns]), digest)
        names = sorted(_imported.union(name.partition(".")[0] for name in sys.modules))
        named = [name for name in names if name not in sys.stdlib_module_names]
        for folder in _import_folders(notes):
            notes.add("modules", folder, " ".join(named))
        written = {name: digests.file_digest(notes.root / name) for name in sorted(notes.written)}
    for name in written:
        if ("file", name, "") in notes.reads:
            notes.give_up(f"it reads and rewrites {name}")
    return json.dumps(
        {
            "reads": [[*read, digest] for read, digest in notes.reads.items()],
            "written": {name: digest for name, digest in written.items() if digest},
            "unfollowed": notes.unfollowed,
        }
    )


def _own_files() -> list[Path]:
    """The source files of this package that have been imported."""
    files = (
        getattr(module, "__file__", None)
        for name, module in sorted(sys.modules.items())
        if name.partition(".")[0] == "imprint"
    )
    paths = (Path(file) for file in files if file)
    return [path for path in paths if path.is_relative_to(PACKAGE)]


def _own(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _library_folders() -> set[str]:
    """Where installed packages and the standard library are; their versions tell what they hold."""
    known = sysconfig.get_paths()
    return {known[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")} | {
        path for path in sys.path if Path(path).name in {"site-packages", "dist-packages"}
    }


def _import_folders(notes: Notes) -> list[str]:
    """Folders below the root from which modules are imported, the working folder among them."""
    places = [Path(path).absolute() for path in sys.path]
    return [
        place.relative_to(notes.root).as_posix()
        for place in places
        if place.is_relative_to(notes.root)
        and not f"{place}{os.sep}".startswith((*_scratch, _kept))
    ]


# --- what Python tells -------------------------------------------------------------------------

_CHANGES = os.O_WRONLY | os.O_RDWR


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    """The audit hook."""
    heard = _EVENTS.get(event)
    notes = dependencies.taken() if heard else None
    if heard is None or notes is None:
        return
    # The import system looks into folders; what it finds there it opens too.
    if event == "os.listdir" and "importlib" in sys._getframe(1).f_code.co_filename:
        return
    with dependencies.unseen():
        try:
            heard(notes, *arguments)
        except Exception as error:
            notes.give_up(f"{event} could not be noted ({error})")


def _opened(notes: Notes, path: Any, _mode: Any, flags: int) -> None:
    name = _name(notes, path)
    if name is None:
        return
    changes = bool(flags & _CHANGES)
    begins_anew = bool(flags & (os.O_TRUNC | os.O_EXCL))
    if name not in notes.written and not (changes and begins_anew):
        _note_file(notes, name)
    if changes:
        _note_written(notes, name)


def _note_file(notes: Notes, name: str) -> None:
    path = notes.root / name
    if _is_bytecode(name):
        path = Path(source_from_cache(path))
        name = _name(notes, path) or name
    if path.is_dir():
        return
    kind, name = ("code", _own(path)) if path.is_relative_to(PACKAGE) else ("file", name)
    notes.add(kind, name)
    if kind == "file" and path.suffix == ".py" and path.is_relative_to(notes.root):
        with contextlib.suppress(OSError):
            if names_place(path.read_text(encoding="utf-8", errors="replace"), notes.root):
                notes.add(*PLACE)


def _note_written(notes: Notes, name: str) -> None:
    if not Path(name).is_absolute() and not _is_bytecode(name):
        notes.written.add(name)


def _is_bytecode(name: str) -> bool:
    return Path(name).parent.name == "__pycache__"


def _renamed(notes: Notes, source: Any, target: Any, *_: Any) -> None:
    before, after = _name(notes, source), _name(notes, target)
    if before is not None and before not in notes.written and not _is_bytecode(before):
        notes.give_up(f"it moves {before}")
    notes.written.discard(before or "")
    if after is not None:
        _note_written(notes, after)


def _removed(notes: Notes, path: Any, *_: Any) -> None:
    name = _name(notes, path)
    if name is not None and name not in notes.written and (notes.root / name).exists():
        notes.give_up(f"it deletes {name}")
    notes.written.discard(name or "")


def _listed(notes: Notes, path: Any = None) -> None:
    name = _name(notes, "." if path is None else path)
    if name is not None:
        notes.add("folder", name)


def _looked_for(_: Notes, module: str, *__: Any) -> None:
    _imported.add(module.partition(".")[0])


def _unfollowed(why: str) -> Callable[..., None]:
    def give_up(notes: Notes, *_: Any) -> None:
        notes.give_up(why)

    return give_up


_EVENTS: dict[str, Callable[..., None]] = {
    "open": _opened,
    "import": _looked_for,
    "os.rename": _renamed,
    "os.remove": _removed,
    "os.listdir": _listed,
    "os.scandir": _listed,
    "sqlite3.connect": _unfollowed("it opens a database"),
    **dict.fromkeys(["os.link", "os.symlink", "os.truncate"], _unfollowed("it changes files")),
    **dict.fromkeys(
        ["subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork",
         "os.forkpty", "pty.spawn", "os.startfile"], _unfollowed("it starts a program")),
    **dict.fromkeys(
        ["socket.connect", "socket.getaddrinfo", "socket.sendto"],
        _unfollowed("it uses the network")),
}  # fmt: skip


def _name(notes: Notes, path: Any) -> str | None:
    """A path as notes call it; None where it does not count."""
    if isinstance(path, int):
        return None
    # Links stay as they are: a file counts under the name by which the code knows it.
    whole = Path(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100
    if str(whole).startswith(_scratch):
        return None
    if str(whole).startswith(_kept) and report_calls(notes) is None:
        return None
    if whole.is_relative_to(notes.root):
        return whole.relative_to(notes.root).as_posix()
    if not Path(os.fsdecode(path)).is_absolute():
        notes.add(*PLACE)
    return str(whole)


def _watch_variables() -> None:
    """Note which variables of the environment are asked for."""
    environment: Any = type(os.environ)
    get, each = environment.__getitem__, environment.__iter__

    def getitem(self: Any, key: Any) -> Any:
        if isinstance(key, (str, bytes)):
            _note_variable(os.fsdecode(key))
            if os.fsdecode(key) in LEAD_TO_PLACE:
                note_place()
        return get(self, key)

    def iterate(self: Any) -> Any:
        for name in _variables:
            _note_variable(name)
        note_place()
        return each(self)

    environment.__getitem__, environment.__iter__ = getitem, iterate


def _note_variable(name: str) -> None:
    notes = dependencies.taken()
    if notes is not None and name in _variables:
        with dependencies.unseen():
            notes.add("variable", name)
