"""`reviews/*.jsonl` <-> comments and replies: a file for each author, to which lines are added.

Lines are never changed, so that branches of two reviewers merge without a conflict.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from imprint.core.commit import git, iso_time
from imprint.core.document import Document
from imprint.core.escaping import slug
from imprint.core.files import SCRATCH, write_atomically
from imprint.core.problems import Problem, ReportError, problem
from imprint.review.comments import Comment, Reply, from_line, to_line
from imprint.review.seen import Seen, from_seen

FOLDER = "reviews"
_LARGEST = 64 * 2**20
"""Bytes of a file of comments."""
_LOCK_WAIT = 30.0
"""Seconds for which another writer is waited for."""
_ATTRIBUTES = "*.jsonl merge=union\n"
_FIX = "delete the line, or restore it from git"


@dataclass(frozen=True)
class Thread:
    """A comment with what was answered, in the order of time."""

    comment: Comment
    replies: tuple[Reply, ...]

    @property
    def is_open(self) -> bool:
        """Whether nobody has settled it, or somebody has opened it again since."""
        states = [reply.state for reply in self.replies if reply.state]
        return not states or states[-1] == "open"


@dataclass(frozen=True)
class Reviews:
    """All that reviewers have said."""

    threads: tuple[Thread, ...]
    """In the order of time."""
    problems: tuple[Problem, ...]

    @property
    def open(self) -> tuple[Thread, ...]:
        """Those that wait for an answer."""
        return tuple(thread for thread in self.threads if thread.is_open)

    def thread(self, id: str) -> Thread:
        """The thread of a comment, by its id or how that begins. Raises ReportError."""
        exact = [it for it in self.threads if it.comment.id == id]
        found = exact or [it for it in self.threads if short_id(it.comment.id).startswith(id)]
        if len(found) == 1 and id:
            return found[0]
        several = f"'{id}' begins the ids of several comments"
        message = several if found else f"there is no comment '{id}'"
        fix = "`imprint comments` lists them"
        raise ReportError([problem("comment-exists", FOLDER, 0, message, fix)])


def short_id(id: str) -> str:
    """The id without what all have in common."""
    return id.removeprefix("urn:uuid:")


def read_reviews(root: Path) -> Reviews:
    """Everything in `reviews/`; a problem for each line that is neither a comment nor a reply."""
    comments: dict[str, Comment] = {}
    replies: dict[str, list[Reply]] = {}
    problems: list[Problem] = []
    lines: dict[str, bytes] = {}
    for file in sorted((root / FOLDER).glob("*.jsonl")):
        name = f"{FOLDER}/{file.name}"
        content = _content(file)
        if content is None:
            message = "this is not a file of comments: a link, a folder, too large or unreadable"
            problems.append(problem("comment-is-read", name, 0, message, "take it away"))
            continue
        for number, line in enumerate(content.split(b"\n"), 1):
            if not line.strip():
                continue
            try:
                entry = from_line(line)
            except ValueError as error:
                message = f"this line is not a comment: {error}"
                problems.append(problem("comment-is-read", name, number, message, _FIX))
                continue
            if entry.id in lines:
                same = lines[entry.id] == line
                message = f"{'this line stands' if same else 'its id stands'} in `reviews/` twice"
                problems.append(problem("comment-id-is-unique", name, number, message, _FIX))
                if same:
                    continue
            lines.setdefault(entry.id, line)
            if isinstance(entry, Reply):
                replies.setdefault(entry.about, []).append(entry)
            elif entry.id not in comments:
                comments[entry.id] = entry
            else:
                # Nothing is lost: it is shown under an id of its own.
                twin = f"{entry.id}:{uuid.uuid5(uuid.NAMESPACE_URL, line.decode()).hex[:8]}"
                comments[twin] = replace(entry, id=twin)
    problems += _without_comment(replies, comments)
    threads = (Thread(it, _ordered(replies.get(id, ()))) for id, it in comments.items())
    ordered = sorted(threads, key=lambda it: (it.comment.created, it.comment.id))
    return Reviews(tuple(ordered), tuple(problems))


def _content(file: Path) -> bytes | None:
    """What a file of comments holds; None where it is none that can be read."""
    try:
        is_ours = not file.is_symlink() and file.is_file() and file.stat().st_size <= _LARGEST
        return file.read_bytes() if is_ours else None
    except OSError:
        return None


def _ordered(replies: Iterable[Reply]) -> tuple[Reply, ...]:
    return tuple(sorted(replies, key=lambda it: (it.created, it.id)))


def _without_comment(
    replies: Mapping[str, Sequence[Reply]], comments: Mapping[str, Comment]
) -> Iterator[Problem]:
    for about, found in replies.items():
        if about not in comments:
            said = found[0].text or found[0].state
            message = f"'{said}' of {found[0].author} answers a comment that is not here: '{about}'"
            yield problem("reply-has-its-comment", FOLDER, 0, message, "restore it from git")


def append(root: Path, entries: Iterable[Comment | Reply], texts: Mapping[str, bytes]) -> None:
    """Add comments and replies to their authors' files, and the texts that they were made on.

    Whoever else writes waits; what a writer left unfinished is closed. Raises ReportError.
    """
    import filelock  # most who read comments write none

    by_file: dict[str, list[str]] = {}
    for entry in entries:
        by_file.setdefault(_file_name(entry.author), []).append(to_line(entry))
    folder = root / FOLDER
    try:
        (root / SCRATCH).mkdir(exist_ok=True)
        with filelock.FileLock(root / SCRATCH / "reviews.lock", timeout=_LOCK_WAIT):
            folder.mkdir(exist_ok=True)
            new = {name: it for name, it in texts.items() if not (folder / name).exists()}
            write_atomically(*((folder / name, content) for name, content in new.items()))
            if not (folder / ".gitattributes").exists():
                write_atomically((folder / ".gitattributes", _ATTRIBUTES.encode()))
            for name, lines in by_file.items():
                _append(folder / name, lines)
    except filelock.Timeout:
        message = "somebody else has been writing comments for half a minute"
        fix = "wait for it, or stop it"
        raise ReportError([problem("comment-is-kept", FOLDER, 0, message, fix)]) from None
    except OSError as error:
        message = f"comments cannot be written: {(error.strerror or str(error)).lower()}"
        fix = "allow writing to this folder, and make room on the disk"
        raise ReportError([problem("comment-is-kept", FOLDER, 0, message, fix)]) from error


def _append(file: Path, lines: Sequence[str]) -> None:
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(file, flags | getattr(os, "O_BINARY", 0), 0o644)
    with os.fdopen(descriptor, "rb+", buffering=0) as stream:
        size = stream.seek(0, os.SEEK_END)
        begun = b""
        if size:
            stream.seek(size - 1)
            begun = b"" if stream.read(1) == b"\n" else b"\n"
        stream.write(begun + "".join(f"{line}\n" for line in lines).encode())
        os.fsync(stream.fileno())


def _file_name(author: str) -> str:
    """`reviews/` file of an author: `ada-lovelace.jsonl`."""
    name = slug(author)
    return f"{name or uuid.uuid5(uuid.NAMESPACE_URL, author).hex[:12]}.jsonl"


def read_seen(root: Path, digest: str) -> Document | None:
    """The text that comments were made on; None where it is not kept, or damaged."""

    def content(name: str) -> bytes:
        file = root / FOLDER / name
        if file.is_symlink():
            raise OSError
        return file.read_bytes()

    return from_seen(digest, content) if digest else None


def seen_files(seen: Seen) -> dict[str, bytes]:
    """The files of a text, by their paths in `reviews/`."""
    return {f"seen/{digest}.json": content for digest, content in seen.files.items()}


def new_id() -> str:
    """An id that nothing else has."""
    return f"urn:uuid:{uuid.uuid4()}"


def now() -> str:
    """The time, as entries tell it."""
    return iso_time(int(time.time()))  # noqa: TID251 - a reviewer's clock, in no build


def git_name(root: Path) -> str:
    """The name in git's configuration; empty without one."""
    try:
        return git(root, "config", "user.name").stdout.decode(errors="replace").strip()
    except OSError:
        return ""
