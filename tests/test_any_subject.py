"""The engine speaks of no one report: its subject, bodies and works stand in the report's files."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENGINE = ("src/imprint", "_extensions", "scripts")
OF_ONE_REPORT = re.compile(
    r"safeguard|laming|ofsted|\bnfer\b|\bnhs\b|\blscb|\bcqc\b|\bdcsf\b|\bc4eo\b|haringey|munro"
    r"|social work|child protection|children['’]s services|serious case|worked out for this edition"
    r"|edition-notes|council[ -]developments|interagency|martin_20",
    re.IGNORECASE,
)
"""Words of the report that this repository holds."""
DICTIONARY = {"en_GB.dic", "en_GB.aff"}
"""The dictionary holds every word there is."""


def test_no_word_of_one_report_stands_in_the_engine() -> None:
    """Code, templates, messages, examples and scripts would do for a report on anything."""
    found = []
    files = 0
    for folder in ENGINE:
        for path in sorted((ROOT / folder).rglob("*")):
            if not path.is_file() or path.suffix == ".pyc" or path.name in DICTIONARY:
                continue
            try:
                lines = path.read_text(encoding="utf-8").splitlines()
            except UnicodeDecodeError:
                continue
            files += 1
            found += [
                f"{path.relative_to(ROOT)}:{number}: {hit[0]}"
                for number, line in enumerate(lines, start=1)
                if (hit := OF_ONE_REPORT.search(line))
            ]
    assert files > 200
    assert found == []
