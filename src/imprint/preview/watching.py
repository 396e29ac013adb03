"""Edits of a project's sources, told once for each burst of saves."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator
from pathlib import Path

from watchfiles import awatch

from imprint.core import digests
from imprint.core.files import MADE_IMAGES, is_folder

NOT_WATCHED = {"_output", "_site", "_book", "node_modules", "__pycache__"}
"""Folders that hold what is made, wherever they are; hidden ones are left out too."""
COMMENTS = "reviews"
"""Folder of the root that no build reads."""
NOT_SOURCES = ("~", ".swp", ".tmp", ".part", ".pyc", ".bak", "4913")
"""How the names of editors' own files end; vim tries out a folder with a file called 4913."""

QUIET = 25
"""Milliseconds without a save that end a burst."""
LONGEST = 400
"""Milliseconds after which a burst is reported though it still goes on."""
_LOOK = 250
"""Milliseconds between looks at files that are not watched."""
_TICK = 500
"""Milliseconds between looks at whether folders have come or gone."""

Edited = Callable[[frozenset[str]], None]
States = dict[str, tuple[int, int]]


async def watch(root: Path, begun: States, edited: Edited) -> None:
    """Call `edited` with the paths of what has changed, from the root, until cancelled.

    `begun` is what `states` gave before the first build: what was edited since then, while the
    watch was being set up, is reported too. What is written without being changed is not reported.
    """
    known: dict[str, str] = {}
    polls = False
    while True:
        folders = watched_folders(root)
        try:
            async for paths in _changes(root, folders, polls=polls):
                if begun:
                    paths |= {path for path, _ in begun.items() ^ states(root).items()}
                    begun = {}
                changed = _really_changed(root, paths, known)
                if changed:
                    edited(changed)
                if watched_folders(root) != folders:
                    break
        except FileNotFoundError:
            await asyncio.sleep(QUIET / 1000)
        except OSError:
            # The system gives no more watches; without them, files are looked at now and then.
            if polls:
                raise
            polls = True
        # Files may have come with a folder before it was watched: whatever is there counts.
        begun = {"": (0, 0)}


async def watch_elsewhere(root: Path, named: Callable[[], States], edited: Edited) -> None:
    """Call `edited` with the paths of changed files that `watch` does not see, until cancelled.

    `named` gives the files, as they were when they were last read. They are few: looking at them
    now and then finds an edit on whatever disk they lie, and however an editor saves.
    """
    told: States = {}
    while True:
        await asyncio.sleep(_LOOK / 1000)
        read = named()
        now = states_of(root, read)
        changed = {path for path in read if now[path] not in (read[path], told.get(path))}
        told = now
        if changed:
            edited(frozenset(changed))


def is_watched(root: Path, path: str) -> bool:
    """Whether `watch` tells of edits of the file at a path from the root: it tells of none outside
    the project, in hidden folders and environments, or behind links."""
    folders = [root / folder for folder in Path(path).parents]
    return (
        is_source(path)
        and (root / path).resolve() == root.resolve() / path
        and not any((folder / "pyvenv.cfg").exists() for folder in folders if folder != root)
    )


def watched_folders(root: Path) -> dict[Path, int]:
    """The folders just below the root that may hold sources, with what tells a new one from one of
    the same name that is gone."""
    with os.scandir(root) as entries:
        found = [entry for entry in entries if is_folder(entry) and _is_watched(entry)]
        return {Path(entry.path): entry.inode() for entry in found}


def is_source(path: str) -> bool:
    """Whether a path from the root, with forward slashes, may be a source."""
    parts = path.split("/")
    return not (
        any(part.startswith(".") or part in NOT_WATCHED for part in parts)
        or "/".join(parts[:2]) in MADE_IMAGES
        or parts[0] == COMMENTS
        or path.endswith(NOT_SOURCES)
    )


def states(root: Path) -> States:
    """When each source was written, and its size, by its path from the root."""
    return states_of(root, _below(root, root))


def states_of(root: Path, paths: Iterable[str]) -> States:
    """The same of these files; zeros for one that is not there."""
    found = dict.fromkeys(paths, (0, 0))
    for path in found:
        with contextlib.suppress(OSError):
            state = (root / path).stat()
            found[path] = (state.st_mtime_ns, state.st_size)
    return found


def _is_watched(entry: os.DirEntry[str]) -> bool:
    return is_source(entry.name) and not Path(entry.path, "pyvenv.cfg").exists()


def _below(root: Path, folder: Path) -> Iterator[str]:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            path = Path(entry.path).relative_to(root).as_posix()
            if not is_source(path):
                continue
            if Path(entry.path).is_file():
                yield path
            elif entry.is_dir(follow_symlinks=False) and _is_watched(entry):
                yield from _below(root, Path(entry.path))


async def _changes(
    root: Path, folders: Collection[Path], *, polls: bool
) -> AsyncIterator[set[str]]:
    """Paths from the root that were written to; an empty set now and then."""
    queue: asyncio.Queue[set[str] | BaseException] = asyncio.Queue()

    async def listen(places: Collection[Path], *, recursive: bool) -> None:
        try:
            async for changes in awatch(
                *places,
                watch_filter=None,
                debounce=LONGEST,
                step=QUIET,
                rust_timeout=_TICK,
                yield_on_timeout=True,
                recursive=recursive,
                force_polling=polls or None,
            ):
                told = (Path(path) for _, path in changes)
                paths = {path.relative_to(root).as_posix() for path in told if path != root}
                queue.put_nowait({path for path in paths if is_source(path)})
        except Exception as error:
            queue.put_nowait(error)

    listeners = [asyncio.create_task(listen([root], recursive=False))]
    if folders:
        listeners.append(asyncio.create_task(listen(folders, recursive=True)))
    try:
        while True:
            found = await queue.get()
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        for listener in listeners:
            listener.cancel()
        await asyncio.gather(*listeners, return_exceptions=True)


def _really_changed(root: Path, paths: set[str], known: dict[str, str]) -> frozenset[str]:
    """Those of the paths that hold something else than when they were last told; notes it."""
    changed = set()
    for path in paths:
        if (root / path).is_dir():
            changed.add(path)
            continue
        digest = digests.file_digest(root / path)
        if known.get(path) != digest:
            known[path] = digest
            changed.add(path)
    return frozenset(changed)
