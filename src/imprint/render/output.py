"""The output folder: built aside, put in place in one atomic step, described by its manifest.

While a render runs, fails or is killed, the last good `_output/` stays whole. One render at a time
may write; the lock goes with its process, however that ends.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import filelock
import pypandoc

from imprint.problems import ReportError, problem

OUTPUT = "_output"
SCRATCH = ".imprint"
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

TOOLS = ("ipykernel", "matplotlib", "nbclient", "pandas", "pybtex", "typst")


@contextmanager
def staging(root: Path, on_wait: Any = lambda: None) -> Iterator[Path]:
    """A fresh folder to build in; when the block ends well, it becomes `_output/`.

    Waits while another render of the project runs, calling `on_wait` once; gives up after
    LOCK_WAIT seconds. Raises ReportError when the output cannot be written or the disk is full.
    """
    try:
        scratch = root / SCRATCH
        scratch.mkdir(exist_ok=True)
        with _lock(scratch / "render.lock", on_wait):
            _recover(root)
            folder = scratch / "staging"
            _remove(folder)
            folder.mkdir()
            yield folder
            _put_in_place(folder, root)
            _remove(folder)
    except OSError as error:
        raise ReportError([_disk_problem(error)]) from error


@contextmanager
def _lock(path: Path, on_wait: Any) -> Iterator[None]:
    lock = filelock.FileLock(path)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        on_wait()
        try:
            lock.acquire(timeout=LOCK_WAIT)
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
    libc = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    if sys.platform == "linux" and hasattr(libc, "renameat2"):
        at_cwd, exchange = -100, 2
        return bool(libc.renameat2(at_cwd, first, at_cwd, second, exchange) == 0)
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        swap = 2
        return bool(libc.renamex_np(first, second, swap) == 0)
    return False


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _disk_problem(error: OSError) -> Any:
    where = Path(error.filename).name if error.filename else OUTPUT
    full = error.errno in (28, 122)  # ENOSPC, EDQUOT
    return problem(
        "disk-has-room" if full else "output-is-writable",
        OUTPUT,
        0,
        f"cannot write '{where}': {(error.strerror or str(error)).lower()}",
        "free some room on the disk" if full else "allow writing to the project's folder",
    )


# --- the manifest ----------------------------------------------------------------------------


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def input_digests(root: Path) -> dict[str, str]:
    """SHA-256 of every file a render may read, by path from the root."""
    files = {path for pattern in INPUTS for path in root.glob(pattern) if path.is_file()}
    return {
        path.relative_to(root).as_posix(): digest(path)
        for path in sorted(files)
        if "__pycache__" not in path.parts
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


def write_manifest(
    folder: Path, root: Path, engine: Mapping[str, str], rendered: Iterable[str], date: str
) -> None:
    """Write `manifest.json`: inputs, outputs and versions, each file with its SHA-256.

    Publications that were not rendered this time keep what the last manifest said of their inputs.
    """
    inputs = input_digests(root)
    earlier: dict[str, Any] = {}
    last = root / OUTPUT / "manifest.json"
    if last.is_file():
        earlier = json.loads(last.read_text(encoding="utf-8")).get("publications", {})
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
