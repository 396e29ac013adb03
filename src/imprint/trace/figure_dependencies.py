"""figures/NAME.py -> the statistics, tables and files it reads, found without drawing."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from imprint.check.code.figure_modules import FigureModule
from imprint.read.report import Report

_STATISTICS = ("figure_rows", "statistic", "stat", "claim")
_TABLES = ("data_rows", "read_rows", "table")


@dataclass(frozen=True)
class FigureDependencies:
    """What a figure depends on."""

    statistics: frozenset[str]
    tables: frozenset[str]
    files: frozenset[str]
    """Bibliography and other files of the project that it names."""


def figure_dependencies(report: Report, figure: FigureModule) -> FigureDependencies:
    """What the module's rows and code name.

    An id that the code puts together counts where a known id has its shape.
    """
    path = report.project.root / "figures" / f"{figure.name}.py"
    code = path.read_text(encoding="utf-8")
    ids = report.statistics or {}
    found = {str(row["id"]) for row in figure.rows if str(row.get("id")) in ids}
    found |= set(named_in(code, ids))
    tables: set[str] = set()
    files: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and node.value in report.project.bibliography:
            files.add(str(node.value))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in _STATISTICS:
                tables.add("statistics")
            elif node.func.id in _TABLES:
                texts = (a.value for a in node.args if isinstance(a, ast.Constant))
                tables.update(str(text) for text in texts if text in report.tables)
    return FigureDependencies(frozenset(found), frozenset(tables), frozenset(files))


def named_in(code: str, names: Collection[str]) -> Iterator[str]:
    """Those of the names that the code has as text, whole or put together in an f-string."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        yield from (name for name in names if name in code)
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in names:
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else "(?:.+)"
                     for part in node.values]  # fmt: skip
            shape = re.compile("".join(parts))
            if any(part != "(?:.+)" for part in parts):
                yield from (name for name in names if shape.fullmatch(name))
