"""Every rule whose code a module of the package, or a Lua filter of it, can put into a problem."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from imprint.check.rules.works.bibliography import FAULTS

SOURCE = Path(__file__).parents[1] / "src" / "imprint"
CODE = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")
TELLING = {"Problem": 1, "problem": 0, "note": 1, "wrong": 0}
"""Calls that tell a problem, and the position of the rule among their arguments."""
_VERBS = frozenset({
    "adds", "agree", "are", "builds", "cites", "composes", "credits", "draws", "ends", "exists",
    "fit", "fits", "follows", "has", "have", "hold", "holds", "is", "keeps", "lives", "matches",
    "names", "pair", "parses", "parts", "passed", "prints", "renders", "resolves", "runs", "says",
    "stand", "stands", "starts", "tells",
})  # fmt: skip
"""A rule is named as the good state, so that it has one of these among its words."""
_NO_RULES = frozenset({
    "named-is-set", "date-parts", "data-cites", "data-holds", "given-names", "family-names",
})  # fmt: skip


def codes() -> frozenset[str]:
    """The codes in all modules and Lua files of the package."""
    found = {f"{'date' if 'date' in name else name}-is-valid" for name in FAULTS}
    found.add("one-render-at-a-time")
    for path in sorted(SOURCE.rglob("*.py")):
        found.update(_in_python(ast.parse(path.read_text(encoding="utf-8"))))
    for path in sorted(SOURCE.rglob("*.lua")):
        texts = re.findall(r'"([^"\n]+)"', path.read_text(encoding="utf-8"))
        found.update(text for text in texts if _is_rule(text))
    return frozenset(found - _NO_RULES)


def _in_python(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_rule(node.value):
            yield node.value
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
        position = TELLING.get(name, -1)
        if 0 <= position < len(node.args):
            given = node.args[position]
            if isinstance(given, ast.Constant) and CODE.fullmatch(str(given.value)):
                yield str(given.value)


def _is_rule(text: str) -> bool:
    return bool(CODE.fullmatch(text)) and not _VERBS.isdisjoint(text.split("-"))
