"""Where `_output` and `.imprint` may lie: behind links, on other disks; what does not stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from imprint.build import output
from imprint.build.manifest import read_last
from imprint.build.output import staging
from imprint.build.pipeline import _left_out
from imprint.core.problems import ReportError

MEMORY = Path("/dev/shm")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another disk than that of the project."""
    if not MEMORY.is_dir() or MEMORY.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk")
    with TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


def render(root: Path, text: str) -> None:
    """Make an output of one file."""
    with staging(root) as folder:
        (folder / "page.html").write_text(text, encoding="utf-8")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def read(root: Path) -> str:
    return (root / "_output/page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("there", ["a folder", "nothing"])
def test_an_output_that_is_a_link_is_followed(tmp_path: Path, there: str) -> None:
    """What the link leads to is the new output; the link stays."""
    root, served = tmp_path / "report", tmp_path / "served" / "report"
    root.mkdir()
    if there == "a folder":
        served.mkdir(parents=True)
    (root / "_output").symlink_to(served)
    for text in ("one", "two"):
        render(root, text)
        assert (root / "_output").is_symlink()
        assert (served / "page.html").read_text(encoding="utf-8") == text
    assert names(served.parent) == ["report"]


@pytest.mark.parametrize("swaps", [True, False], ids=["swapped", "renamed"])
def test_an_output_on_another_disk_is_copied_beside_it(
    tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, swaps: bool
) -> None:
    """And takes its place in one step; nothing is left beside it."""
    if not swaps:
        monkeypatch.setattr(output, "_exchange", lambda *_: False)
    (tmp_path / "_output").symlink_to(elsewhere / "out")
    for text in ("one", "two"):
        render(tmp_path, text)
        assert read(tmp_path) == text
        assert names(elsewhere) == ["out"]


def test_working_files_may_lie_on_another_disk(tmp_path: Path, elsewhere: Path) -> None:
    (tmp_path / ".imprint").symlink_to(elsewhere)
    for text in ("one", "two"):
        render(tmp_path, text)
        assert read(tmp_path) == text
        assert names(tmp_path) == [".imprint", "_output"]


def test_a_copy_that_fails_leaves_the_last_output(
    tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a full disk."""
    (tmp_path / "_output").symlink_to(elsewhere / "out")
    render(tmp_path, "one")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", str(elsewhere / "x"))

    monkeypatch.setattr("shutil.copytree", full)
    with pytest.raises(ReportError, match="no space left on device"):
        render(tmp_path, "two")
    assert read(tmp_path) == "one"
    assert names(elsewhere) == ["out"]


def test_a_mount_point_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be swapped with it; the last output stays."""
    render(tmp_path, "one")
    monkeypatch.setattr(Path, "is_mount", lambda path: path.name == "_output")
    with pytest.raises(ReportError, match="it is a mount point"):
        render(tmp_path, "two")
    assert read(tmp_path) == "one"


def test_a_file_in_the_place_of_the_working_folder_is_told(tmp_path: Path) -> None:
    """It is somebody's, and stays."""
    (tmp_path / ".imprint").write_text("mine", encoding="utf-8")
    with pytest.raises(ReportError, match="a file stands where a folder belongs") as raised:
        render(tmp_path, "one")
    assert [found.place.file for found in raised.value.problems] == [".imprint"]
    assert (tmp_path / ".imprint").read_text(encoding="utf-8") == "mine"


def test_an_output_between_two_renames_is_found_again(
    tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no system call swaps folders, a kill may come when the old one is put aside."""
    (tmp_path / "_output").symlink_to(elsewhere / "out")
    render(tmp_path, "one")
    (elsewhere / "out").rename(elsewhere / ".out.imprint-previous")
    with pytest.raises(ValueError), staging(tmp_path):
        assert read(tmp_path) == "one"
        raise ValueError


def test_what_an_earlier_render_left_and_this_does_not_make_is_told(tmp_path: Path) -> None:
    """A PDF of other text than the pages beside it would be taken for theirs."""
    for path in ("_output/review/a.pdf", "_output/review/index.html", "_output/other/b.pdf",
                 "_output/review/figures/c.pdf", "new/review/index.html"):  # fmt: skip
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    assert _left_out(tmp_path, tmp_path / "new", ["review"]) == ["_output/review/a.pdf"]


@pytest.mark.parametrize(
    "text", ["[]", '{"publications": []}', '{"publications": {"a": 1}}', "[" * 9999]
)
def test_a_record_of_another_shape_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    """Whoever has edited the last output's `manifest.json`."""
    (tmp_path / "_output").mkdir()
    (tmp_path / "_output/manifest.json").write_text(text, encoding="utf-8")
    assert read_last(tmp_path, "manifest.json") == {}
