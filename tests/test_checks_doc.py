"""docs/checks.md explains every rule, and its generated parts are up to date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from imprint.check import CHECKS, UNFINISHED
from imprint.check.registry import read_rules
from imprint.read.project.quarto_subset import TABLES
from rule_codes import codes

DOC = Path(__file__).parents[1] / "docs" / "checks.md"
_CODE = re.compile(r"`([a-z]+(?:-[a-z]+)+)`")


def test_every_rule_is_explained() -> None:
    """Each rule that any module can break has its catch, a problem as printed, and its fix."""
    known = read_rules()
    raised = codes() | {code for check in CHECKS for code in _CODE.findall(check.__doc__ or "")}
    assert len(raised) > 150
    assert sorted(raised - set(known)) == [], "add it to src/imprint/commands/rules.toml"
    assert sorted(set(known) - raised) == [], "nothing breaks this rule any more"
    assert set(UNFINISHED) <= set(known)
    for rule in known.values():
        assert rule.catches, rule.code
        assert rule.fix, rule.code
        assert re.match(r"[^\s:]+(:\d+){0,2}: \S", rule.example), rule.code


@pytest.mark.parametrize("group", sorted({rule.group for rule in read_rules().values()}))
def test_tables_of_rules_are_up_to_date(group: str, pytestconfig: pytest.Config) -> None:
    """docs/checks.md holds the rules of each section as commands/rules.toml has them."""
    write = pytestconfig.getoption("--update-docs")
    update_between(DOC, f"rules: {group.lower()}", "\n".join(rule_table(group)), write)


def rule_table(group: str) -> Iterator[str]:
    """The table of one section, line by line."""
    yield "| Rule | Catches | As it is printed | Fix |"
    yield "|---|---|---|---|"
    for rule in read_rules().values():
        if rule.group == group:
            told = (rule.catches, rule.example, rule.fix)
            cells = (_as_cell(text) for text in told)
            yield " | ".join((f"| `{rule.code}`", *cells)) + " |"


def _as_cell(text: str) -> str:
    """Words that print as they are typed, code aside: an @ outside it would be a citation."""
    text = text.replace("|", "\\|").replace("<", "&lt;")
    return re.sub(r"(`+)[^`].*?\1|@", lambda found: found[0] if found[1] else "\\@", text)


def test_authors_are_shown_the_common_rules() -> None:
    """docs/authoring.md shows problems as printed, each with its fix, under rules that exist."""
    text = (DOC.parent / "authoring.md").read_text(encoding="utf-8")
    shown = re.findall(r"^  \d+(?::\d+)?: .* \[([a-z-]+)\]\n      fix: .+$", text, re.MULTILINE)
    assert len(set(shown)) >= 12
    assert set(shown) <= set(read_rules())
    assert "(checks.md)" in text


def test_rules_of_drafts_are_listed(pytestconfig: pytest.Config) -> None:
    """The list of rules that drafts need not keep is the one the command uses."""
    lines = ["| Left out | Because |", "|---|---|"]
    lines += [f"| `{code}` | {why} |" for code, why in sorted(UNFINISHED.items())]
    update_between(DOC, "draft", "\n".join(lines), pytestconfig.getoption("--update-docs"))


def test_the_table_of_options_is_up_to_date(pytestconfig: pytest.Config) -> None:
    """docs/quarto-subset.md tells of each option what the engine does with it."""
    write = pytestconfig.getoption("--update-docs")
    update_between(DOC.with_name("quarto-subset.md"), "options", "\n".join(options_table()), write)


HEADS = {
    "supports": "kept", "ignores": "harmless to ignore",
    "stops": "stops: words or numbers would be lost",
    "warns": "a warning: look or interaction is lost",
}  # fmt: skip


def options_table() -> Iterator[str]:
    """What each option of Quarto does here, as docs/quarto-subset.md has it."""
    yield "| Where | What it does here | Options |"
    yield "|---|---|---|"
    for level, table in TABLES.items():
        if level == "front matter":
            continue
        for support, head in HEADS.items():
            names = sorted(name for name, found in table.items() if found == support)
            # Those of cells and documents are the same, and many.
            is_long = support == "warns" and level not in ("project", "crossref")
            shown = "all others that Quarto's schema names" if is_long else None
            if names:
                listed = ", ".join(f"`{name}`" for name in names)
                yield f"| {level} | {head} | {shown or listed} |"


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
    assert shown[0] == text, (
        "run pytest tests/test_checks_doc.py tests/report/test_slips.py --update-docs"
    )
