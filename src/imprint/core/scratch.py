"""Throwaway files: folders that go with their owner, and what a killed owner could not clear away.

The name of a folder says which process made it, which holds a lock there for as long as it lives.
Whoever makes the next folder beside it deletes those of its own user whose process is gone, without
following any link.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from imprint.core.files import MADE_IMAGES, SCRATCH
from imprint.core.store import FOLDER

if TYPE_CHECKING:
    from filelock import BaseFileLock

SHORT = Path("/tmp")
"""Where folders are whose paths must be short, on systems that have it."""
PREFIX = "imprint-"
_OURS = re.compile(rf"{PREFIX}(?P<process>\d+)-[0-9a-f]{{16}}")
_LOCK = "owner.lock"
_PART = re.compile(r"\..+\.(?P<process>\d+)(?:-\d+\.part)?")
"""A file that is being written: hidden, under the number of the process that writes it."""


@contextmanager
def scratch_folder(base: Path | None = None) -> Iterator[Path]:
    """A folder that goes with the block; by default where temporary files belong."""
    import filelock  # not needed where nothing is rendered

    base = Path(tempfile.gettempdir()) if base is None else base
    folder = base / f"{PREFIX}{os.getpid()}-{secrets.token_hex(8)}"
    # Whoever closes it may be another thread than whoever opened it.
    lock = filelock.FileLock(folder / _LOCK, thread_local=False)
    try:
        folder.mkdir(0o700)
        # Where processes bear other numbers, as in a container, it alone tells that we are alive.
        lock.acquire(timeout=0)
        clear_after_the_dead(base)
        yield folder
    finally:
        try:
            _delete(folder, lock)
        except BaseException as error:
            # Ctrl-C counts once, so that what it has cut off can be ended.
            with contextlib.suppress(OSError):
                _delete(folder, lock)
            if not isinstance(error, OSError):
                raise


def clear_leftovers(root: Path) -> None:
    """Delete what renders of the report at `root` have left behind that were killed: folders of
    theirs, and files half written."""
    for base in {Path(tempfile.gettempdir()), SHORT, root / SCRATCH}:
        clear_after_the_dead(base)
    for top in (root / place for place in (FOLDER, *MADE_IMAGES)):
        for folder, _, names in os.walk(top):
            for name in names:
                part = _PART.fullmatch(name) if name.startswith(".") else None
                if part and not _runs(int(part["process"])):
                    with contextlib.suppress(OSError):
                        Path(folder, name).unlink()


def clear_after_the_dead(base: Path) -> None:
    """Delete the folders that processes which run no more have left in another."""
    for folder in base.glob(f"{PREFIX}*"):
        named = _OURS.fullmatch(folder.name)
        # Others may delete the same folder.
        with contextlib.suppress(OSError):
            if named and not _runs(int(named["process"])):
                _delete_unlocked(folder)


def _delete_unlocked(folder: Path) -> None:
    """Delete a folder of a process that runs no more, unless one that bears another number does."""
    if os.name != "posix":
        return  # no link can be told from a folder while it is open; the system clears up itself
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(opened).st_uid != os.getuid() or _is_locked(opened):
            return
        names = [entry.name for entry in os.scandir(opened)]
        for name in sorted(names, key=lambda name: name == _LOCK):
            _remove(name, opened)
        folder.rmdir()
    finally:
        os.close(opened)


def _is_locked(folder: int) -> bool:
    """Whether somebody holds the lock: a process that bears another number where it was begun."""
    import fcntl

    try:
        lock = os.open(_LOCK, os.O_RDWR | os.O_NOFOLLOW, dir_fd=folder)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _remove(name: str, folder: int) -> None:
    if stat.S_ISDIR(os.lstat(name, dir_fd=folder).st_mode):
        shutil.rmtree(name, dir_fd=folder)
    else:
        os.unlink(name, dir_fd=folder)


def _delete(folder: Path, lock: BaseFileLock) -> None:
    """The lock goes last: what cannot be deleted now, or is not for a kill, is then nobody's."""
    try:
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != _LOCK:
                path.unlink()
    finally:
        lock.release()
    shutil.rmtree(folder)


def _runs(process: int) -> bool:
    """Whether a process of this number runs; where that cannot be asked, it may."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
