"""The layers of docs/architecture.md: a module imports from earlier rows only."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "src" / "imprint"
FIRST = {"model", "problems", "progress"}
CHAPTERS_USE = {"wording", "claims", "numerals", "plotting", "drawing", "squares"}
CHAPTERS_USE |= {"authoring", "__init__"}
FOURTH = {"checks", "render", "provenance", "trace", "preview"}
LAST = {"commands", "cli"}


def row(part: str) -> int:
    """Row of a module or subpackage; what no set names reads the disk: row 2."""
    named = ((FIRST, 1), (CHAPTERS_USE, 3), (FOURTH, 4))
    return next((number for parts, number in (*named, (LAST, 5)) if part in parts), 2)


def imports() -> dict[str, set[str]]:
    """For each module, by dotted path without `imprint.`, the modules of ours it imports."""
    found: dict[str, set[str]] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(file.relative_to(PACKAGE).with_suffix("").parts)
        used = found.setdefault(name, set())
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("imprint"):
                whole = (node.module or "").removeprefix("imprint").removeprefix(".")
                used.update([whole] if whole else [alias.name for alias in node.names])
            elif isinstance(node, ast.Import):
                ours = (alias.name for alias in node.names if alias.name.startswith("imprint."))
                used.update(module.removeprefix("imprint.") for module in ours)
    return found


def test_modules_import_from_earlier_rows_only() -> None:
    """No module imports something of a later row; checks and render never import each other."""
    wrong = []
    for name, used in imports().items():
        top = name.partition(".")[0]
        for other in used:
            other_top = other.partition(".")[0]
            apart = {top, other_top} == {"checks", "render"}
            if row(other_top) > row(top) or apart:
                wrong.append(f"{name} imports {other}")
    assert wrong == []


def test_imports_go_round_in_no_circle() -> None:
    """Modules of one row may import each other, in one direction."""
    assert list(TopologicalSorter(imports()).static_order())
