"""Made-up reports for measuring, in the likeness of this one: they keep every rule."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reports import ROOT, ReportFolder, tree

BENCH = [sys.executable, str(ROOT / "scripts" / "benchmarks")]


def make(folder: Path, *words: str) -> ReportFolder:
    command = [*BENCH, "make", str(folder), "--chapters", "3", *words]
    subprocess.run(command, check=True, capture_output=True)
    return ReportFolder(folder)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    return make(tmp_path_factory.mktemp("bench") / "report", "--summary")


def test_a_made_up_report_is_clean(made: ReportFolder) -> None:
    """The checks find nothing to say of it, and it holds as much as was asked for."""
    checked = made.run("check")
    assert (checked.code, checked.problems) == (0, "")
    assert "75 statistics: no problems" in checked.said
    assert (made.folder / "references.bib").read_text().count("\n@") == 29
    assert len(list((made.folder / "figures").glob("*.py"))) == 3
    chapters = (made.folder / "chapters").rglob("*.qmd")
    words = sum(len(chapter.read_text().split()) for chapter in chapters)
    assert 4200 * 0.9 < words < 4200 * 1.6


@pytest.mark.slow
@pytest.mark.thorough
def test_a_made_up_report_renders(made: ReportFolder) -> None:
    """Both publications come out, as pages and as PDFs."""
    made.render()
    assert len(made.pdf("review/synthetic-review.pdf").pages) > 10
    assert "Executive summary" in made.words("summary/index.html")


def test_a_larger_cluster_is_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time is that of its workers, until the scheduler or the link cannot keep up."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts/benchmarks"))
    from simulation import Recorded, simulate  # type: ignore[import-not-found]

    recorded = Recorded((0.5, 1.5), size=1e5, archive=10**6, scheduler=0.001, client=0.002)
    few, many = (simulate(recorded, 20_000, workers, bandwidth=125e6) for workers in (50, 5_000))
    assert 380 < few.seconds < 430 and few.workers > 0.95
    assert few.scheduler == pytest.approx(20 / few.seconds)
    assert many.seconds > 20_000 * 0.002 and many.client > 0.4
    assert few.moved == 51 * 10**6 + 2 * 20_000 * 1e5
    slow = simulate(recorded, 20_000, 50, bandwidth=1e6)
    assert slow.seconds > 4_000 > few.seconds * 5


def test_a_seed_gives_the_same_report(made: ReportFolder, tmp_path: Path) -> None:
    """The same seed gives the same bytes, another one another report."""
    sources = {
        name: content
        for name, content in tree(made.folder).items()
        if not name.startswith(("_output/", ".imprint/", "figures/drawn/"))
    }
    assert tree(make(tmp_path / "same", "--summary").folder) == sources
    assert tree(make(tmp_path / "other", "--summary", "--seed", "1").folder) != sources
