"""`imprint trace --if` on this report: what it foresees is what another render shows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from predicted import Rendered, assert_differs_as_predicted, rendered_report
from printed_twice import rows_of
from reports import ROOT, ReportFolder
from thorough import cases

ROWS = {row["id"]: row for row in rows_of(ROOT)}


def copy_of_the_report(folder: Path) -> ReportFolder:
    """The real report in a folder of its own."""
    for name in ("_extensions", "styles", "chapters", "data", "figures", "scripts"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("drawn"))
    for path in [*ROOT.glob("_quarto*.yml"), ROOT / "index.qmd", ROOT / "references.bib"]:
        shutil.copy(path, folder)
    return ReportFolder(folder)


@pytest.fixture(scope="module")
def real_report(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """One render of the real report for all rows that a process tries."""
    return rendered_report(copy_of_the_report(tmp_path_factory.mktemp("rows")))


@pytest.mark.slow
@pytest.mark.parametrize("row", cases(ROWS))
def test_two_renders_differ_as_predicted(row: dict[str, str], real_report: Rendered) -> None:
    """So it is for every row of the real report, as for those of the small ones in every run."""
    assert_differs_as_predicted(real_report, row)
