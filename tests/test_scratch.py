"""Throwaway folders: nothing of them is left, whatever ends their owner."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from imprint.core.scratch import scratch_folder


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
