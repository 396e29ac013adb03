"""Throwaway files: folders that go with their owner, and what a killed owner could not clear away.

An owner holds a lock in its folder for as long as it lives. Whoever makes the next folder beside it
deletes those that nobody holds any more.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

PREFIX = "imprint-"
_UNFINISHED = f"{PREFIX}new-"
"""Begins the name of a folder that has no owner yet."""
_OURS = re.compile(rf"{PREFIX}[a-z0-9_]+")
_OWNER = "owner.lock"
_LONG_AGO = 60.0
"""Seconds after which a folder that still has no owner will never have one."""
_PART = re.compile(r"\..+\.(?P<process>\d+)(?:-\d+\.part)?")
"""A file that is being written: hidden, under the number of the process that writes it."""


@contextmanager
def scratch_folder(base: Path | None = None) -> Iterator[Path]:
    """A folder that goes with the block; by default where temporary files belong."""
    base = Path(tempfile.gettempdir()) if base is None else base
    name = secrets.token_hex(8)
    unfinished, folder = base / f"{_UNFINISHED}{name}", base / f"{PREFIX}{name}"
    # Whoever closes it may be another thread than whoever opened it.
    lock = filelock.FileLock(unfinished / _OWNER, thread_local=False)
    try:
        unfinished.mkdir(0o700)
        lock.acquire(timeout=0)
        now = unfinished.stat().st_mtime
        unfinished.rename(folder)
        _clear_after_the_dead(base, now)
        yield folder
    finally:
        left = folder if folder.exists() else unfinished
        try:
            _delete(left, lock)
        except BaseException as error:
            # Ctrl-C counts once, so that what it has cut off can be ended.
            with contextlib.suppress(OSError):
                _delete(left, lock)
            if not isinstance(error, OSError):
                raise


def clear_parts(folders: Iterable[Path]) -> None:
    """Delete what processes that run no more have left half written in these folders."""
    for top in folders:
        for folder, _, names in os.walk(top):
            for name in names:
                part = _PART.fullmatch(name) if name.startswith(".") else None
                if part and not _runs(int(part["process"])):
                    with contextlib.suppress(OSError):
                        Path(folder, name).unlink()


def _clear_after_the_dead(base: Path, now: float) -> None:
    for folder in base.glob(f"{PREFIX}*"):
        # Others may delete the same folder, or it may be another user's.
        with contextlib.suppress(OSError):
            if folder.name.startswith(_UNFINISHED):
                if now - folder.stat().st_mtime > _LONG_AGO:
                    shutil.rmtree(folder)
            elif _OURS.fullmatch(folder.name):
                _delete_if_dead(folder)


def _delete_if_dead(folder: Path) -> None:
    if not (folder / _OWNER).is_file():
        # Killed when all was deleted but this.
        folder.rmdir()
        return
    lock = filelock.FileLock(folder / _OWNER)
    with contextlib.suppress(filelock.Timeout):
        lock.acquire(timeout=0)
        _delete(folder, lock)


def _delete(folder: Path, lock: filelock.BaseFileLock) -> None:
    """The lock goes last: what cannot be deleted now, or is not for a kill, is then nobody's."""
    try:
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != _OWNER:
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
    except OSError:
        return True
    return True
