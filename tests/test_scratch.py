"""Throwaway folders: nothing of them is left, whatever ends their owner."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import filelock
import pytest

from imprint.core.scratch import clear_leftovers, scratch_folder


def test_folder_goes_with_the_block(tmp_path: Path) -> None:
    """With all that is in it, also where the block fails."""
    with pytest.raises(ValueError), scratch_folder(tmp_path) as folder:
        (folder / "within").mkdir()
        (folder / "within" / "file").touch()
        raise ValueError
    assert list(tmp_path.iterdir()) == []


def test_folder_goes_though_ctrl_c_cuts_off_its_deletion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pressed while the folder is deleted, it counts once all is gone."""
    usual, calls = shutil.rmtree, []

    def interrupted(path: Path, ignore_errors: bool = False) -> None:
        calls.append(path)
        if len(calls) == 1:
            raise KeyboardInterrupt
        usual(path, ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    with pytest.raises(KeyboardInterrupt), scratch_folder(tmp_path) as folder:
        (folder / "within").mkdir()
        (folder / "within" / "file").touch()
    assert len(calls) > 1
    assert list(tmp_path.iterdir()) == []


# --- what a killed owner has left ----------------------------------------------------------------

TOKEN = "0123456789abcdef"
DEAD = 2**22 + 7
"""No process has such a number: it is beyond the most that Linux gives."""


def left_behind(base: Path, process: int = DEAD, token: str = TOKEN) -> Path:
    """A folder as a process leaves it that was killed."""
    folder = base / f"imprint-{process}-{token}"
    (folder / "within").mkdir(parents=True)
    (folder / "within/file").touch()
    (folder / "owner.lock").touch()
    return folder


def sweep(base: Path) -> None:
    """Make another folder beside what is there."""
    with scratch_folder(base):
        pass


posix = pytest.mark.skipif(os.name != "posix", reason="Windows clears up temporary files itself")


@posix
def test_a_dead_owner_s_folder_is_cleared_away(tmp_path: Path) -> None:
    """Whole, and nothing that a link in it leads to."""
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    folder = left_behind(tmp_path)
    (folder / "link").symlink_to(kept)
    (folder / "within/link").symlink_to(kept)
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (kept / "file").exists()


@posix
def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    """Folders of others with such a name, links to them, and those whose process still runs."""
    elsewhere = tmp_path / "elsewhere"
    real = left_behind(elsewhere)
    base = tmp_path / "base"
    base.mkdir()
    (base / real.name).symlink_to(real)
    left_behind(base, os.getpid())
    (base / f"imprint-{os.getpid()}-{'a' * 16}").mkdir()
    for name in ("imprint-mine", f"imprint-{TOKEN}", f"imprint-{DEAD}-abc"):
        left_behind(elsewhere / name).rename(base / name)
    linked = left_behind(base, token="c" * 16)
    (linked / "owner.lock").unlink()
    (linked / "owner.lock").symlink_to(real / "owner.lock")
    for path in base.iterdir():
        os.utime(path, (0, 0), follow_symlinks=False)
    before = sorted(path.name for path in base.iterdir())
    sweep(base)
    assert sorted(path.name for path in base.iterdir()) == before
    assert (real / "within/file").exists()


@posix
def test_a_folder_that_is_locked_stays(tmp_path: Path) -> None:
    """Its process may bear another number, as in a container."""
    folder = left_behind(tmp_path)
    with filelock.FileLock(folder / "owner.lock"):
        sweep(tmp_path)
    assert (folder / "within/file").exists()
    sweep(tmp_path)
    assert not folder.exists()


@posix
def test_what_was_only_begun_goes(tmp_path: Path) -> None:
    """Of one killed before it held its lock, or when all but the folder was deleted."""
    for token in (TOKEN, "b" * 16):
        (tmp_path / f"imprint-{DEAD}-{token}").mkdir()
    (tmp_path / f"imprint-{DEAD}-{TOKEN}" / "owner.lock").touch()
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_render_with_nothing_to_do_sweeps_too(tmp_path: Path) -> None:
    """The last one may have been killed when it had all but cleared up."""
    folders = [tmp_path / ".imprint", tmp_path / ".imprint/cache/pdf", tmp_path / "figures/drawn"]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    parts = [folder / f".a.{DEAD}-1.part" for folder in folders[1:]]
    for part in parts:
        part.touch()
    left = left_behind(folders[0])
    clear_leftovers(tmp_path)
    assert not any(path.exists() for path in (left, *parts))
