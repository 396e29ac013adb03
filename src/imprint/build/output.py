"""The output folder: built aside, put in place in one atomic step.

While a render runs, fails or is killed, the last good `_output/` stays whole. One render at a time
may write; the lock goes with its process, however that ends.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock

from imprint.core.files import OUTPUT, SCRATCH, writing
from imprint.core.problems import ReportError, problem
from imprint.core.scratch import clear_leftovers

LOCK_WAIT = 600.0
"""Seconds a second render waits for the first."""


@contextmanager
def staging(root: Path, on_wait: Callable[[], None] = lambda: None) -> Iterator[Path]:
    """A fresh folder to build in; when the block ends well, it becomes `_output/`.

    Waits while another render of the project runs, calling `on_wait` once; gives up after
    LOCK_WAIT seconds. Raises ReportError when the output cannot be written or the disk is full.
    """
    scratch = root / SCRATCH
    with writing(root), render_lock(root, on_wait):
        _recover(root)
        clear_leftovers(root)
        folder = scratch / "staging"
        try:
            _remove(folder)
            folder.mkdir()
            yield folder
            _put_in_place(folder, root)
        finally:
            _remove(folder)


@contextmanager
def render_lock(
    root: Path, on_wait: Callable[[], None], gives_up: Callable[[], bool] = lambda: False
) -> Iterator[None]:
    """Lock out every other render of the project, after waiting for one that runs.

    Calls `on_wait` once before it waits. Raises ReportError after LOCK_WAIT seconds, and once
    `gives_up` says so.
    """
    (root / SCRATCH).mkdir(exist_ok=True)
    lock = filelock.FileLock(root / SCRATCH / "render.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        on_wait()
        try:
            lock.acquire(timeout=LOCK_WAIT, cancel_check=gives_up)
        except filelock.Timeout:
            message = f"another render of this report has run for {LOCK_WAIT / 60:.0f} minutes"
            fix = "wait for it, or stop it, and render again"
            raise ReportError([problem("one-render-at-a-time", OUTPUT, 0, message, fix)]) from None
    try:
        yield
    finally:
        lock.release()


def _put_in_place(folder: Path, root: Path) -> None:
    """Let a folder become the output: where `_output` is a link, what it leads to."""
    target = (root / OUTPUT).resolve()
    if target.is_mount():
        message = "it is a mount point, which nothing can be swapped with"
        fix = "mount the folder above it, or make `_output` a link to a folder within the mount"
        raise ReportError([problem("output-is-writable", OUTPUT, 0, message, fix)])
    target.parent.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_dev != target.parent.stat().st_dev:
        # Nothing moves between disks in one step: what is made is copied beside the output first.
        beside = target.with_name(f".{target.name}.imprint-new")
        _remove(beside)
        try:
            shutil.copytree(folder, beside, symlinks=True)
            _swap(beside, target, root)
        finally:
            _remove(beside)
    else:
        _swap(folder, target, root)


def _swap(folder: Path, target: Path, root: Path) -> None:
    if not target.exists():
        folder.rename(target)
        return
    if _exchange(folder, target):
        return
    # Where no system call swaps two folders, a kill between these lines is fixed by _recover.
    aside = _aside(root, target)
    _remove(aside)
    target.rename(aside)
    folder.rename(target)
    _remove(aside)


def _aside(root: Path, target: Path) -> Path:
    """Where the last output is put for a moment: on its own disk."""
    scratch = root / SCRATCH
    if scratch.stat().st_dev == target.parent.stat().st_dev:
        return scratch / "previous"
    return target.with_name(f".{target.name}.imprint-previous")


def _recover(root: Path) -> None:
    target = (root / OUTPUT).resolve()
    if not target.exists() and target.parent.is_dir():
        aside = _aside(root, target)
        if aside.exists():
            aside.rename(target)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one system call; False where the system has none for it."""
    first, second = os.fsencode(one), os.fsencode(other)
    libc: Any = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    if sys.platform == "linux" and hasattr(libc, "renameat2"):
        at_cwd, exchange = -100, 2
        return bool(libc.renameat2(at_cwd, first, at_cwd, second, exchange) == 0)
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        swap = 2
        return bool(libc.renamex_np(first, second, swap) == 0)
    return False


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
