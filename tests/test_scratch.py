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


def left_behind(base: Path, name: str = f"imprint-{TOKEN}", process: int = DEAD) -> Path:
    """A folder as a process leaves it that was killed."""
    folder = base / name
    (folder / "within").mkdir(parents=True)
    (folder / "within/file").touch()
    (folder / "owner").write_text(f"imprint {TOKEN} process {process}\n")
    (folder / "owner.lock").touch()
    return folder


def sweep(base: Path) -> None:
    """Make another folder beside what is there."""
    with scratch_folder(base):
        pass


posix = pytest.mark.skipif(os.name != "posix", reason="Windows clears up temporary files itself")


@posix
@pytest.mark.parametrize("name", [f"imprint-{TOKEN}", f"imprint-new-{DEAD}-{TOKEN}"])
def test_a_dead_owner_s_folder_is_cleared_away(tmp_path: Path, name: str) -> None:
    """Whole, and nothing that a link in it leads to."""
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    folder = left_behind(tmp_path, name)
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
    (base / f"imprint-{TOKEN}").symlink_to(real)
    left_behind(base, "imprint-new-mine")
    (base / f"imprint-new-{os.getpid()}-{TOKEN}").mkdir()
    left_behind(base, f"imprint-{'a' * 16}")  # another token inside
    left_behind(base, f"imprint-new-{DEAD}-{TOKEN}", os.getpid())
    plain = base / f"imprint-{'b' * 16}"
    plain.mkdir()
    (plain / "owner.lock").touch()
    linked = left_behind(base, f"imprint-{'c' * 16}")
    (linked / "owner").unlink()
    (linked / "owner").symlink_to(real / "owner")
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
    """Of one killed before its folder said whose it is, or when all but the folder was deleted."""
    begun, half, ended = (
        tmp_path / name
        for name in (
            f"imprint-new-{DEAD}-{TOKEN}",
            f"imprint-new-{DEAD}-{'b' * 16}",
            f"imprint-{TOKEN}",
        )
    )
    for folder in (begun, half, ended):
        folder.mkdir()
    (half / "owner.lock").touch()
    (half / "owner").touch()
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


@posix
def test_what_is_only_begun_and_locked_stays(tmp_path: Path) -> None:
    """Its process may bear another number, as in a container."""
    begun = tmp_path / f"imprint-new-{DEAD}-{TOKEN}"
    with filelock.FileLock(begun / "owner.lock"):
        sweep(tmp_path)
        assert begun.exists()
    sweep(tmp_path)
    assert not begun.exists()


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
