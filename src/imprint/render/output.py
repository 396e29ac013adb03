"""The output folder: built aside, put in place in one atomic step, described by its manifest.

While a render runs, fails or is killed, the last good `_output/` stays whole. One render at a time
may write; the lock goes with its process, however that ends.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import filelock
import pypandoc

from imprint.problems import Problem, ReportError, problem
from imprint.render import store
from imprint.render.scratch import clear_parts

OUTPUT = "_output"
SCRATCH = ".imprint"
DRAWN = ("figures/drawn", "figures/cells")
"""Where chapters' figures come to stand."""
LOCK_WAIT = 600.0
"""Seconds a second render waits for the first."""

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

# Stopped by Ctrl-C together with us, pandoc would be told of with a traceback.
logging.getLogger("pypandoc").setLevel(logging.CRITICAL)

TOOLS = ("ipykernel", "matplotlib", "nbclient", "pagefind-bin", "pandas", "pybtex", "typst")


@contextmanager
def staging(root: Path, on_wait: Callable[[], None] = lambda: None) -> Iterator[Path]:
    """A fresh folder to build in; when the block ends well, it becomes `_output/`.

    Waits while another render of the project runs, calling `on_wait` once; gives up after
    LOCK_WAIT seconds. Raises ReportError when the output cannot be written or the disk is full.
    """
    scratch = root / SCRATCH
    with writing(root), alone(root, on_wait):
        _recover(root)
        clear_parts(root / place for place in (store.FOLDER, *DRAWN))
        folder = scratch / "staging"
        try:
            _remove(folder)
            folder.mkdir()
            yield folder
            _put_in_place(folder, root)
        finally:
            _remove(folder)


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Tell what the disk refuses as a problem of the file. Raises ReportError for any OSError."""
    try:
        yield
    except OSError as error:
        raise ReportError([_disk_problem(error, root)]) from error


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step: it is the old one or the new one, never half of it."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def alone(
    root: Path, on_wait: Callable[[], None], gives_up: Callable[[], bool] = lambda: False
) -> Iterator[None]:
    """Hold off every other render of the project, and wait for one that runs.

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
            raise ReportError(
                [
                    problem(
                        "one-render-at-a-time",
                        OUTPUT,
                        0,
                        f"another render of this report has run for {LOCK_WAIT / 60:.0f} minutes",
                        "wait for it, or stop it, and render again",
                    )
                ]
            ) from None
    try:
        yield
    finally:
        lock.release()


def _put_in_place(folder: Path, root: Path) -> None:
    target = root / OUTPUT
    if not target.exists():
        folder.rename(target)
        return
    if _exchange(folder, target):
        return
    # Where no system call swaps two folders, a kill between these lines is mended by _recover.
    aside = root / SCRATCH / "previous"
    _remove(aside)
    target.rename(aside)
    folder.rename(target)
    _remove(aside)


def _recover(root: Path) -> None:
    aside, target = root / SCRATCH / "previous", root / OUTPUT
    if aside.exists() and not target.exists():
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


def _disk_problem(error: OSError, root: Path) -> Problem:
    """Name the file as the author sees it: what is staged would have stood in the output."""
    path = Path(error.filename or root / OUTPUT)
    for base, shown in ((root / SCRATCH / "staging", OUTPUT), (root, "")):
        if path.is_relative_to(base):
            path = shown / path.relative_to(base)
            break
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    if error.errno == errno.ENOENT:
        mend = "restore it, or render again, which makes what was drawn anew"
        return problem("file-exists", path.as_posix(), 0, "it is not there any more", mend)
    return problem(
        "disk-has-room" if full else "output-is-writable",
        path.as_posix(),
        0,
        f"it cannot be written: {(error.strerror or str(error)).lower()}",
        "free some room on the disk" if full else "allow writing to the project's folder",
    )


# --- the manifest ----------------------------------------------------------------------------


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def input_digests(root: Path, named: Iterable[str] = ()) -> dict[str, str]:
    """SHA-256 of every file a render may read, by path from the root.

    `named` are files that the chapters name: included texts and images.
    """
    found = {path.relative_to(root) for pattern in INPUTS for path in root.glob(pattern)}
    kept = {
        path.as_posix()
        for path in found
        if not any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    }
    return {
        path: digest(root / path) for path in sorted({*kept, *named}) if (root / path).is_file()
    }


def versions() -> dict[str, str]:
    """Versions of everything that has a hand in the output."""
    found = {name: version(name) for name in TOOLS}
    found["imprint"] = version("imprint")
    found["pandoc"] = str(pypandoc.get_pandoc_version())
    found["python"] = ".".join(str(part) for part in sys.version_info[:3])
    return dict(sorted(found.items()))


def write_json(path: Path, value: Any) -> None:
    """Write sorted, indented JSON with a final newline."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_last(root: Path, name: str) -> dict[str, Any]:
    """What the last output's `manifest.json` or `provenance.json` says; empty without one."""
    try:
        said = json.loads((root / OUTPUT / name).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def write_manifest(
    folder: Path,
    root: Path,
    engine: Mapping[str, str],
    rendered: Iterable[str],
    date: str,
    named: Iterable[str] = (),
) -> None:
    """Write `manifest.json`: inputs, outputs and versions, each file with its SHA-256.

    Publications that were not rendered this time keep what the last manifest said of their inputs.
    """
    inputs = input_digests(root, named)
    earlier = read_last(root, "manifest.json").get("publications", {})
    names = set(rendered)
    publications = {
        name: {"inputs": inputs} if name in names else earlier.get(name, {"inputs": {}})
        for name in sorted({*names, *earlier})
        if (folder / name).is_dir()
    }
    outputs = {
        path.relative_to(folder).as_posix(): digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    write_json(
        folder / "manifest.json",
        {
            "date": date,
            "engine": dict(engine),
            "outputs": outputs,
            "publications": publications,
            "versions": versions(),
        },
    )
