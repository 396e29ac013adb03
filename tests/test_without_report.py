"""The engine is tested without this repository's own report."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from reports import ROOT

TESTS = Path(__file__).parent
READS = re.compile(
    r"""ROOT\s/\s["'](?:chapters|data|editions|figures|index\.qmd|references\.bib|_quarto)"""
    r"""|\bread_\w+\(ROOT\b|\bcopytree\(ROOT,"""
)


def test_only_the_reports_own_tests_read_it() -> None:
    """Chapters, data and figures of this repository are read below `tests/report/` alone."""
    found = [
        f"{path.relative_to(TESTS)}: {read[0]}"
        for path in sorted(TESTS.rglob("*.py"))
        if not path.is_relative_to(TESTS / "report") and path != Path(__file__)
        for read in READS.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.slow
@pytest.mark.thorough
def test_all_others_pass_in_a_copy_without_the_report() -> None:
    """Every test of the engine passes where the report's folders are deleted."""
    surroundings = {**os.environ, "HYPOTHESIS_PROFILE": "default"}
    script = [sys.executable, str(ROOT / ".ci" / "without-report"), "--all"]
    ran = subprocess.run(
        script, env=surroundings, capture_output=True, text=True, timeout=3600, check=False
    )
    assert ran.returncode == 0, ran.stdout[-4000:]
