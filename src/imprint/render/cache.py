"""Results of chapters, kept in `.imprint/cache/` for as long as nothing that they used has changed.

An entry holds what was asked of a chapter's kernel, what it answered, which files it made, and what
it read, each thing with its digest (`imprint.reads` says what is noted). It holds good while the
chapter asks the same and every digest is the same now. Entries may be deleted at any time; one that
is damaged is as good as none.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from imprint import digests
from imprint.reads import Read
from imprint.render.conversation import Answer
from imprint.render.current import Current
from imprint.render.transcripts import Question, from_json, to_json

FOLDER = ".imprint/cache"
MOST_BYTES = 200 * 1024 * 1024
"""Size to which the cache is cut, oldest entries first."""
MOST_ENTRIES = 12
"""Results of one chapter that are kept: of other branches, or of before an edit that is undone."""

NEVER_RUN = "no earlier result is kept"
DAMAGED = "the files that it made are no longer kept"


@dataclass(frozen=True)
class Kept:
    """A result that still holds."""

    answers: tuple[Answer, ...]
    because: tuple[str, ...]
    """What made the chapter run when this result came about."""


@dataclass(frozen=True)
class Changed:
    """No result holds."""

    because: tuple[str, ...]
    """What has changed since the last one, in words."""


@dataclass(frozen=True)
class Inquiry:
    """A chapter of which a result is wanted."""

    path: str
    execute_dir: str
    questions: tuple[Question, ...]


def look_up(current: Current, wanted: Inquiry, *, restores: bool = True) -> Kept | Changed:
    """Find a result that holds and, if it `restores`, put the files it made in their places.

    Raises OSError where they cannot be written.
    """
    setting = _setting(current, wanted)
    changed: Changed | None = None
    for path in _newest_first(_folder(current.root, wanted.path)):
        entry = _read(path)
        if entry is None:
            continue
        because = tuple(_changes(entry, setting, wanted, current))
        if not because and (not restores or _restore(current.root, entry["written"])):
            if restores:
                _touch(path)
            answers = tuple(from_json(answer) for answer in entry["answers"])
            return Kept(answers, tuple(entry["because"]))
        changed = changed or Changed(because or (DAMAGED,))
    return changed or Changed((NEVER_RUN,))


def keep(
    current: Current,
    wanted: Inquiry,
    answers: Sequence[Answer],
    noted: Mapping[str, Any],
    because: Sequence[str],
) -> None:
    """Keep a result. `noted` is what `listen.told` told; `because`, what made the chapter run.

    Nothing is kept where the disk has no room: a cache is worth no failure.
    """
    entry = {
        "because": list(because),
        "setting": _setting(current, wanted),
        "questions": wanted.questions,
        "reads": noted["reads"],
        "unfollowed": noted["unfollowed"],
        "written": noted["written"],
        "answers": [] if noted["unfollowed"] else [to_json(answer) for answer in answers],
    }
    with contextlib.suppress(OSError):
        for name, digest in noted["written"].items() if not noted["unfollowed"] else ():
            content = (current.root / name).read_bytes()
            if digests.of_bytes(content) != digest:
                return
            _write(_blob(current.root, digest), content)
        text = json.dumps(entry, ensure_ascii=False, sort_keys=True).encode()
        digest = digests.of_bytes(text)
        folder = _folder(current.root, wanted.path)
        _write(folder / f"{digest[:32]}.json", digest.encode() + b"\n" + text)
        for old in _newest_first(folder)[MOST_ENTRIES:]:
            old.unlink(missing_ok=True)


def prune(root: Path, most: int = MOST_BYTES) -> None:
    """Delete the oldest files until the cache has no more bytes than `most`."""
    found = []
    with contextlib.suppress(OSError):
        for path in (root / FOLDER).rglob("*"):
            if path.is_file():
                state = path.stat()
                found.append((state.st_mtime_ns, state.st_size, path))
        size = sum(bytes for _, bytes, _ in found)
        for _, bytes, path in sorted(found):
            if size <= most:
                return
            path.unlink(missing_ok=True)
            size -= bytes


def _setting(current: Current, wanted: Inquiry) -> dict[str, str]:
    return {**current.setting, "execute-dir": wanted.execute_dir}


# --- one entry ---------------------------------------------------------------------------------


def _changes(
    entry: Mapping[str, Any], setting: Mapping[str, str], wanted: Inquiry, current: Current
) -> Iterator[str]:
    """What stands against an entry, in words; nothing where it holds."""
    if entry["unfollowed"]:
        yield f"its reads cannot be followed: {entry['unfollowed']}"
    before = entry["setting"]
    yield from (f"changed: {name}" for name in setting if before.get(name) != setting[name])
    asked = [(code, tuple(expressions)) for code, expressions in entry["questions"]]
    if asked != list(wanted.questions):
        yield _new_code(asked, wanted.questions)
    for kind, name, detail, digest in entry["reads"]:
        read: Read = (kind, name, detail)
        if current.digest(read) != digest:
            yield f"changed: {current.describe(read)}"


def _new_code(before: Sequence[Question], now: Sequence[Question]) -> str:
    new = next((question for question in now if question not in before), None)
    if new is None:
        return "changed: its code, of which some was taken out or moved"
    lines = " ".join([new[0], *new[1]]).strip().splitlines()
    return f"changed: its code, `{lines[0][:60]}`" if lines else "changed: its code"


def _restore(root: Path, written: Mapping[str, str]) -> bool:
    """Put files in their places that are not there as they were made; False where one is lost."""
    missing = {}
    for name, digest in written.items():
        if digests.of_file(root / name) != digest:
            try:
                missing[name] = _blob(root, digest).read_bytes()
            except OSError:
                return False
            if digests.of_bytes(missing[name]) != digest:
                return False
        with contextlib.suppress(OSError):
            _touch(_blob(root, digest))
    for name, content in missing.items():
        _write(root / name, content)
    return True


def _read(path: Path) -> dict[str, Any] | None:
    """An entry; None where it is damaged."""
    try:
        digest, _, text = path.read_bytes().partition(b"\n")
        if digests.of_bytes(text).encode() != digest:
            return None
        entry: dict[str, Any] = json.loads(text)
    except (OSError, ValueError):
        return None
    return entry


# --- on disk -----------------------------------------------------------------------------------


def _folder(root: Path, chapter: str) -> Path:
    """Where a chapter's entries are, by a name that no other chapter has on any disk."""
    name = f"{PurePosixPath(chapter).stem}-{digests.of_value(chapter)[:12]}"
    return root / FOLDER / "chapters" / name


def _blob(root: Path, digest: str) -> Path:
    return root / FOLDER / "files" / digest


def _newest_first(folder: Path) -> list[Path]:
    found = []
    for path in folder.glob("*.json"):
        with contextlib.suppress(OSError):
            found.append((path.stat().st_mtime_ns, path))
    return [path for _, path in sorted(found, reverse=True)]


def _touch(path: Path) -> None:
    """Make it the youngest."""
    with contextlib.suppress(OSError):
        os.utime(path)


_parts = itertools.count(1)


def _write(path: Path, content: bytes) -> None:
    """Write a file in one step, whoever else writes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}-{next(_parts)}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
