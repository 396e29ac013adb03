"""The index for searches is looked at before anybody gets it."""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pagefind_bin
import pytest

from imprint.core.problems import ReportError
from imprint.write.site.search import write_search
from reports import ReportFolder, tree

FAKE = """#!{python}
import subprocess, sys
from pathlib import Path
ran = subprocess.run([{pagefind!r}, *sys.argv[1:]])
made = Path(sys.argv[sys.argv.index("--output-path") + 1])
for file in sorted(made.rglob({pattern!r})):
    {damage}
sys.exit(ran.returncode)
"""
"""A Pagefind that ends well whatever has become of its files, as the real one on a full disk."""

EMPTY, HALF, GONE = (
    'file.is_file() and file.write_bytes(b"")',
    "file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])",
    "file.unlink()",
)


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """`damaged("*.pf_index", GONE)`: Pagefind's files of this name come to that."""
    real = str(pagefind_bin.get_executable())

    def damage(pattern: str, how: str) -> None:
        fake = tmp_path / "pagefind"
        fake.write_text(
            FAKE.format(python=sys.executable, pagefind=real, pattern=pattern, damage=how)
        )
        fake.chmod(0o755)
        monkeypatch.setattr(pagefind_bin, "get_executable", lambda: fake)

    return damage


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder with three pages, one of them without a word."""
    folder = tmp_path / "output"
    (folder / "review").mkdir(parents=True)
    texts = ("<h1>One</h1> en_1234567 teachers", "<h1>Two</h1> en_7654321 agreed", "")
    for number, text in enumerate(texts):
        page = f"<html><title>Page</title><article data-pagefind-body>{text}</article></html>"
        (folder / "review" / f"{number}.html").write_text(page)
    return folder


def test_a_whole_index_is_taken_over(pages: Path) -> None:
    """Words that look like the names of its files are words; pages without any are not counted."""
    write_search(pages, ["review"])
    made = tree(pages / "search")
    assert json.loads(made["pagefind-entry.json"])["languages"]["en"]["page_count"] == 2
    kinds = [name.partition(".")[2] for name in made if "/" in name]
    assert sorted(kinds) == ["pf_fragment", "pf_fragment", "pf_index"]
    assert all(gzip.decompress(made[name]) for name in made if "/" in name)
    assert made["pagefind.js"] and made["pagefind-worker.js"] and made["wasm.en.pagefind"]


@pytest.mark.parametrize("how", [EMPTY, HALF, GONE], ids=["empty", "half", "gone"])
@pytest.mark.parametrize(
    "pattern",
    ["*", "pagefind-entry.json", "*.pf_meta", "*.pf_index", "*.pf_fragment", "wasm.en.pagefind"],
)
def test_an_index_that_is_not_whole_is_refused(
    pages: Path, damaged: Callable[[str, str], None], pattern: str, how: str
) -> None:
    """Whichever of its files is damaged, and however, nothing is taken over."""
    damaged(pattern, f"file.is_dir() or {how}")
    with pytest.raises(ReportError) as caught:
        write_search(pages, ["review"])
    (found,) = caught.value.problems
    assert found.code == "search-is-indexed"
    assert "Pagefind left an index that is not whole" in found.message
    assert "free some room in" in found.fix
    assert not (pages / "search").exists()


def test_a_page_that_was_lost_is_noticed(pages: Path, damaged: Callable[[str, str], None]) -> None:
    """One file fewer than the index names."""
    damaged("*.pf_fragment", "file.unlink(); break")
    with pytest.raises(ReportError, match="pf_fragment"):
        write_search(pages, ["review"])


def test_a_bad_index_leaves_the_output_as_it_is(
    rendered: ReportFolder, tmp_path: Path, damaged: Callable[[str, str], None]
) -> None:
    """The render fails, the last output stays, and the next render tries again."""
    made = ReportFolder(tmp_path / "report")
    shutil.copytree(rendered.folder, made.folder, symlinks=True)
    made.edit("chapters/_finding.qmd", "In one survey", "In a survey")
    before = tree(made.folder / "_output")
    damaged("*", EMPTY)
    for _ in range(2):
        outcome = made.run("render", "--engine", "embedded", "--to", "html")
        assert outcome.code == 1
        assert "[search-is-indexed]" in outcome.problems
        assert outcome.problems.endswith("\n1 problem\n")
        assert tree(made.folder / "_output") == before
