"""A revision of a report's repository -> the report as it stood then, in a throwaway folder that
shares the report's cache."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imprint.core.commit import git
from imprint.core.files import OUTPUT, SCRATCH
from imprint.core.problems import Place, Problem, ReportError, nearest
from imprint.core.root import PROJECT_FILE
from imprint.core.scratch import scratch_folder
from imprint.core.store import FOLDER


@contextmanager
def revision_folder(root: Path, name: str) -> Iterator[Path]:
    """The root of the report at a revision: a commit, a branch, a tag.

    Nothing done there changes the report but for its cache, which takes in new results.
    Raises ReportError where there is no such revision, or no report in it.
    """
    commit = _commit(root, name)
    inside = _git(root, "rev-parse", "--show-prefix").stdout.decode().strip()
    packed = _git(root, "archive", "--format=tar", f"{commit}:{inside}")
    if packed.returncode:
        raise _problem(name, f"this revision does not hold the folder {inside}", _OTHER)
    with scratch_folder() as scratch:
        folder = (scratch / "report").resolve()
        try:
            with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as files:
                members = [it for it in files if it.name.split("/")[0] not in (OUTPUT, SCRATCH)]
                files.extractall(folder, members, filter="data")
        except (tarfile.TarError, OSError) as error:
            raise _problem(name, f"this revision cannot be unpacked: {error}", _OTHER) from None
        if not (folder / PROJECT_FILE).is_file():
            raise _problem(name, f"this revision holds no {PROJECT_FILE}", _OTHER)
        cache = folder / FOLDER
        cache.parent.mkdir(parents=True, exist_ok=True)
        (root / FOLDER).mkdir(parents=True, exist_ok=True)
        cache.symlink_to(root.resolve() / FOLDER, target_is_directory=True)
        yield folder


@contextmanager
def clean_checkout(root: Path, commit: str) -> Iterator[Path]:
    """The root of the report in a new checkout of a commit, with nothing kept from before."""
    top = _git(root, "rev-parse", "--show-toplevel").stdout.decode().strip()
    inside = _git(root, "rev-parse", "--show-prefix").stdout.decode().strip()
    with scratch_folder() as scratch:
        folder = (scratch / "report").resolve()
        plain = ("-c", "core.hooksPath=", "-c", "core.autocrlf=false")
        cloned = _git(root, *plain, "clone", "-q", "--shared", "--no-checkout", top, str(folder))
        if not cloned.returncode:
            cloned = _git(folder, *plain, "checkout", "-q", "--detach", commit)
        if cloned.returncode:
            said = " ".join(cloned.stderr.decode(errors="replace").split())
            raise _problem(commit, f"this commit cannot be checked out: {said}", _OTHER)
        yield folder / inside


def require_clean(root: Path) -> None:
    """Raise ReportError where the working tree holds something that no commit does."""
    _commit(root, "HEAD")
    changed = _git(root, "status", "--porcelain", "--untracked-files=normal", "--", ".")
    lines = changed.stdout.decode(errors="replace").splitlines()
    if lines:
        named = ", ".join(line[3:] for line in lines[:_NAMED])
        more = f" and {len(lines) - _NAMED} more" if len(lines) > _NAMED else ""
        message = f"not committed: {named}{more}"
        raise ReportError([
            Problem(Place("git"), "tree-is-clean", message, "commit or put aside what has changed")
        ])  # fmt: skip


def commit_of(root: Path, name: str) -> tuple[str, int]:
    """A revision's commit in full, and its date in seconds since 1970.

    Raises ReportError where there is no such revision.
    """
    commit = _commit(root, name)
    said = _git(root, "rev-list", "--timestamp", "--max-count=1", commit).stdout.split()
    return commit, int(said[0])


def tag_before(root: Path, commit: str) -> str:
    """The nearest tag that an earlier commit has; empty without one."""
    asked = ("describe", "--tags", "--abbrev=0", f"{commit}^")
    return _git(root, *asked).stdout.decode().strip()


def is_tag_of_another(root: Path, tag: str, commit: str) -> bool:
    """Whether a tag stands at another commit than this one."""
    found = _git(root, "rev-parse", "--verify", "--quiet", f"refs/tags/{tag}^{{commit}}")
    return found.returncode == 0 and found.stdout.decode().strip() != commit


def short_name(root: Path, name: str) -> str:
    """What a revision is called beside its commit: `v1.2 (3f2a91c)`.

    Raises ReportError where there is no such revision.
    """
    commit = _commit(root, name)
    short = _git(root, "rev-parse", "--short", commit).stdout.decode().strip()
    return name if short.startswith(name) or name.startswith(short) else f"{name} ({short})"


def require_no_merge(root: Path) -> None:
    """Raise ReportError while a merge is in progress: the working tree is no version yet."""
    folder = root / _git(root, "rev-parse", "--git-dir").stdout.decode().strip()
    for file, what in _IN_PROGRESS.items():
        if (folder / file).exists():
            fix = "end it first, or name two revisions: `imprint compare OLD NEW`"
            message = f"{what} is in progress, so that the files as saved are no version"
            raise _problem("git", message, fix)


_OTHER = "name another revision"
_NAMED = 3
"""Files that a message names."""
_IN_PROGRESS = {
    "MERGE_HEAD": "a merge", "rebase-merge": "a rebase", "rebase-apply": "a rebase",
    "CHERRY_PICK_HEAD": "a cherry-pick",
}  # fmt: skip


def _commit(root: Path, name: str) -> str:
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    found = _git(root, *asked)
    if found.returncode == 0:
        return found.stdout.decode().strip()
    if _git(root, "rev-parse", "--git-dir").returncode:
        message = "the report is in no git repository, so that there are no revisions to compare"
        raise _problem("git", message, "run it in the checkout of the report's repository")
    if _git(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
        message = "there is no such revision in this shallow clone"
        raise _problem(name, message, "fetch the rest with `git fetch --unshallow --tags`")
    listed = _git(root, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags")
    close = nearest(name, listed.stdout.decode().split())
    fix = close or "`git log --oneline` and `git tag` list them"
    raise _problem(name, "there is no such revision", fix)


def _git(root: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return git(root, *words)
    except OSError:
        fix = "install git, and see that it is on the PATH"
        raise _problem("git", "git cannot be run", fix) from None


def _problem(place: str, message: str, fix: str) -> ReportError:
    return ReportError([Problem(Place(place), "revision-exists", message, fix)])
