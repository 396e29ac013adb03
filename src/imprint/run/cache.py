"""Results of chapters, kept in `.imprint/cache/` for as long as nothing that they used has changed.

They hold in any folder that the report is copied to, but for those that have to do with the folder.

An entry holds what was asked of a chapter's kernel, what it answered, which files it made, and what
it read, each thing with its digest (`imprint.author.dependencies` says what is noted). It holds
good while the chapter asks the same and every digest is the same now. Entries may be deleted at any
time; one that is damaged is as good as none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from imprint.author.dependencies import PLACE, Dependency
from imprint.core import digests, store
from imprint.core.files import AS_ESCAPES, write_atomically
from imprint.core.model import Reads
from imprint.run.current import Current
from imprint.run.kernel_client import Answer
from imprint.run.place import names_place
from imprint.run.transcripts import Question, from_json, to_json

VERSION = 3
"""Of the form of entries."""
MOST_ENTRIES = 12
"""Results of one chapter that are kept: of other branches, or of before an edit that is undone."""

NEVER_RUN = "no earlier result is kept"
DAMAGED = "the files that it made are no longer kept"


@dataclass(frozen=True)
class CachedRun:
    """A result that still holds."""

    name: str
    """Of its entry in the store."""
    answers: tuple[Answer, ...]
    reasons: tuple[str, ...]
    """What made the chapter run when this result came about."""
    reads: Reads
    written: Mapping[str, str]
    """Digests of the files that its code made, by path from the root."""


@dataclass(frozen=True)
class Changed:
    """No result holds."""

    reasons: tuple[str, ...]
    """What has changed since the last one, in words."""


@dataclass(frozen=True)
class RunRequest:
    """A chapter of which a result is wanted."""

    path: str
    execute_dir: str
    questions: tuple[Question, ...]


def look_up(current: Current, request: RunRequest) -> CachedRun | Changed:
    """Find a result that holds; `restore` then puts the files that it made in their places."""
    root, setting = current.root, _setting(current, request)
    changed: Changed | None = None
    for name in store.names(root, _folder(request.path)):
        entry = _read(root, name)
        if entry is None:
            continue
        reasons = tuple(_changes(entry, setting, request, current))
        if not reasons:
            answers = tuple(from_json(answer) for answer in entry["answers"])
            reads = _reads(entry)
            return CachedRun(name, answers, tuple(entry["reasons"]), reads, entry["written"])
        changed = changed or Changed(reasons)
    return changed or Changed((NEVER_RUN,))


def restore(root: Path, run: CachedRun) -> bool:
    """Put the files of a result in their places where they are not as they were made; False where
    one is lost. Raises OSError where they cannot be written."""
    missing = []
    for name, digest in run.written.items():
        if digests.file_digest(root / name) != digest:
            content = store.get(root, _file(digest))
            if content is None:
                return False
            missing.append((root / name, content))
        store.touch(root, _file(digest))
    write_atomically(*missing)
    store.touch(root, run.name)
    return True


def keep(
    current: Current,
    request: RunRequest,
    answers: Sequence[Answer],
    noted: Mapping[str, Any],
    reasons: Sequence[str],
) -> Reads | None:
    """Keep a result and return what its code read; None where that cannot be followed. `noted` is
    what `recorder.notes_as_json` gave, `reasons` why the chapter ran.

    Nothing is kept where the disk has no room: a cache is worth no failure.
    """
    root, written = current.root, noted["written"] if not noted["unfollowed"] else {}
    written_answers = [] if noted["unfollowed"] else [to_json(answer) for answer in answers]
    has_place = names_place(_text([request.questions, written_answers]).replace(r"\\", "\\"), root)
    for name, digest in written.items():
        content = _content(root / name)
        if content is None or digests.bytes_digest(content) != digest:
            return None
        has_place = has_place or str(root).encode() in content
        store.put(root, _file(digest), content)
    place = [*PLACE, current.digest(PLACE)]
    entry = {
        "version": VERSION,
        "reasons": list(reasons),
        "setting": _setting(current, request),
        "questions": request.questions,
        "reads": [*noted["reads"], *([place] if has_place and place not in noted["reads"] else [])],
        "unfollowed": noted["unfollowed"],
        "written": written,
        "answers": written_answers,
    }
    text = _text(entry).encode(errors=AS_ESCAPES)
    folder = _folder(request.path)
    store.put(root, f"{folder}/{digests.bytes_digest(text)[:32]}", text)
    store.drop(root, store.names(root, folder)[MOST_ENTRIES:])
    return None if noted["unfollowed"] else _reads(entry)


def _setting(current: Current, request: RunRequest) -> dict[str, str]:
    return {**current.setting, "execute-dir": request.execute_dir}


# --- one entry ---------------------------------------------------------------------------------


def _changes(
    entry: Mapping[str, Any], setting: Mapping[str, str], request: RunRequest, current: Current
) -> Iterator[str]:
    """What stands against an entry, in words; nothing where it holds."""
    if entry["unfollowed"]:
        yield f"its reads cannot be followed: {entry['unfollowed']}"
    before = entry["setting"]
    yield from (f"changed: {name}" for name in setting if before.get(name) != setting[name])
    asked = [(code, tuple(expressions)) for code, expressions in entry["questions"]]
    if asked != list(request.questions):
        yield _new_code(asked, request.questions)
    for kind, name, detail, digest in entry["reads"]:
        read: Dependency = (kind, name, detail)
        if current.digest(read) != digest:
            yield f"changed: {current.describe(read)}"


def _new_code(before: Sequence[Question], now: Sequence[Question]) -> str:
    new = next((question for question in now if question not in before), None)
    if new is None:
        return "changed: its code, of which some was taken out or moved"
    lines = " ".join([new[0], *new[1]]).strip().splitlines()
    return f"changed: its code, `{lines[0][:60]}`" if lines else "changed: its code"


def _reads(entry: Mapping[str, Any]) -> Reads:
    return tuple((kind, of, detail, digest) for kind, of, detail, digest in entry["reads"])


def _read(root: Path, name: str) -> dict[str, Any] | None:
    """An entry; None where it is damaged or of another form."""
    text = store.get(root, name)
    try:
        entry = json.loads(text or b"{}")
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and entry.get("version") == VERSION else None


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _folder(chapter: str) -> str:
    """Where a chapter's entries are, by a name that no other chapter has on any disk."""
    return f"chapters/{PurePosixPath(chapter).stem}-{digests.value_digest(chapter)[:12]}"


def _file(digest: str) -> str:
    return f"files/{digest}"
