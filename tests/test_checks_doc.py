"""docs/checks.md explains every rule, and its generated parts are up to date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from imprint.checks import CHECKS, UNFINISHED

DOC = Path(__file__).parents[1] / "docs" / "checks.md"
_CODE = re.compile(r"`([a-z]+(?:-[a-z]+)+)`")


def test_every_rule_is_explained() -> None:
    """What a check says it looks for, authors find in the document."""
    rules = {code for check in CHECKS for code in _CODE.findall(check.__doc__ or "")}
    assert len(rules) > 30
    assert rules | set(UNFINISHED) <= set(_CODE.findall(DOC.read_text(encoding="utf-8")))


def test_rules_of_drafts_are_listed(pytestconfig: pytest.Config) -> None:
    """The list of rules that drafts need not keep is the one the command uses."""
    lines = ["| Left out | Because |", "|---|---|"]
    lines += [f"| `{code}` | {why} |" for code, why in sorted(UNFINISHED.items())]
    update_between(DOC, "draft", "\n".join(lines), pytestconfig.getoption("--update-docs"))


def update_between(file: Path, name: str, text: str, write: bool) -> None:
    """Compare what stands between two comments in a document with `text`, or write it there."""
    found = re.compile(rf"(?<=<!-- {name} -->\n\n).*?(?=<!-- /{name} -->)", re.DOTALL)
    whole = file.read_text(encoding="utf-8")
    text += "\n\n"
    if write:
        file.write_text(found.sub(lambda _: text, whole), encoding="utf-8")
        return
    shown = found.search(whole)
    assert shown, f"{file.name} lacks its comments <!-- {name} -->"
    assert shown[0] == text, "run pytest tests/test_checks_doc.py tests/test_slips.py --update-docs"
