"""Throwaway files: folders that go with their owner, and what a killed owner could not clear away.

A folder says inside whose it is: its token, which is also in its name, and the process that made
it, which holds a lock there for as long as it lives. Whoever makes the next folder beside it
deletes those of its own user whose process is gone, without following any link.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

PREFIX = "imprint-"
_UNFINISHED = f"{PREFIX}new-"
"""Begins the name of a folder that has no owner yet."""
_OURS = re.compile(rf"{PREFIX}(?:new-)?(?P<token>[0-9a-f]{{16}})")
_LOCK, _OWNER = "owner.lock", "owner"
_SAYS = re.compile(r"imprint (?P<token>[0-9a-f]{16}) process (?P<process>\d+)\n")
"""What the file `owner` holds."""
_LONG_AGO = 60.0
"""Seconds after which a folder that is still empty will never have an owner."""
_PART = re.compile(r"\..+\.(?P<process>\d+)(?:-\d+\.part)?")
"""A file that is being written: hidden, under the number of the process that writes it."""


@contextmanager
def scratch_folder(base: Path | None = None) -> Iterator[Path]:
    """A folder that goes with the block; by default where temporary files belong."""
    base = Path(tempfile.gettempdir()) if base is None else base
    token = secrets.token_hex(8)
    unfinished, folder = base / f"{_UNFINISHED}{token}", base / f"{PREFIX}{token}"
    # Whoever closes it may be another thread than whoever opened it.
    lock = filelock.FileLock(unfinished / _LOCK, thread_local=False)
    try:
        unfinished.mkdir(0o700)
        (unfinished / _OWNER).write_text(f"imprint {token} process {os.getpid()}\n")
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
        named = _OURS.fullmatch(folder.name)
        # Others may delete the same folder.
        with contextlib.suppress(OSError):
            if named:
                _delete_if_dead(folder, named["token"], now)


def _delete_if_dead(folder: Path, token: str, now: float) -> None:
    if os.name != "posix":
        return  # no link can be told from a folder while it is open; the system clears up itself
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        state = os.fstat(opened)
        if state.st_uid != os.getuid():
            return
        names = [entry.name for entry in os.scandir(opened)]
        if not names:
            if now - state.st_mtime > _LONG_AGO or not folder.name.startswith(_UNFINISHED):
                folder.rmdir()
        elif _is_dead(opened, token):
            for name in sorted(names, key=lambda name: (name in (_LOCK, _OWNER), name == _OWNER)):
                _remove(name, opened)
            folder.rmdir()
    finally:
        os.close(opened)


def _is_dead(folder: int, token: str) -> bool:
    """Whether an open folder says that it is ours and of a process that runs no more."""
    file = os.open(_OWNER, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    try:
        said = _SAYS.fullmatch(os.read(file, 200).decode(errors="replace"))
    finally:
        os.close(file)
    if not said or said["token"] != token or _runs(int(said["process"])):
        return False
    return not _is_locked(folder)


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


def _delete(folder: Path, lock: filelock.BaseFileLock) -> None:
    """The lock goes last, and then what says whose it is: what cannot be deleted now, or is not for
    a kill, is then nobody's."""
    try:
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name not in (_LOCK, _OWNER):
                path.unlink()
    finally:
        lock.release()
    (folder / _LOCK).unlink(missing_ok=True)
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
