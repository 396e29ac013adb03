"""The layers of docs/architecture.md: a folder imports from lower rows only, and stays small."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "imprint"

LAYERS = (
    ("core",),
    ("read",),
    ("charts",),
    ("author",),
    ("run",),
    ("compose",),
    ("write", "check", "difference", "quarto"),
    ("review",),
    ("build",),
    ("trace", "preview", "release", "editions", "terminal", "scaffold", "editor"),
    ("commands", "cli"),
    ("__main__",),
)
"""Lowest first. Folders of one row do not know each other."""

FACADE = {"__init__": "author"}
"""What stands at the top for chapters: it belongs to the row of the folder it opens."""

MODULES = Path(__file__).with_name("modules.txt")
"""Every module by its folder."""
MODULES_PER_FOLDER = 17
LINES_PER_MODULE = 300
LINES_PER_FUNCTION = 60
PARAMETERS = 6


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package by its dotted path without `imprint.`, parsed."""
    return {
        ".".join(file.relative_to(PACKAGE).with_suffix("").parts): ast.parse(
            file.read_text(encoding="utf-8")
        )
        for file in sorted(PACKAGE.rglob("*.py"))
    }


@cache
def imports() -> dict[str, set[str]]:
    """For each module the modules of ours it imports; `from package import module` names both."""
    trees = modules()
    found: dict[str, set[str]] = {}
    for name, tree in trees.items():
        used = found.setdefault(name, set())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("imprint"):
                whole = (node.module or "").removeprefix("imprint").removeprefix(".")
                for alias in node.names:
                    inner = f"{whole}.{alias.name}".removeprefix(".")
                    used.add(inner if inner in trees else whole if whole in trees else
                             f"{whole}.__init__".removeprefix("."))  # fmt: skip
            elif isinstance(node, ast.Import):
                ours = (alias.name for alias in node.names if alias.name.startswith("imprint."))
                used.update(module.removeprefix("imprint.") for module in ours)
    return found


def top(name: str) -> str:
    """The folder at the top of the package that a module belongs to."""
    first = name.partition(".")[0]
    return FACADE.get(first, first)


def row(name: str) -> int:
    """Number of the row a module stands in. Fails for a folder that no row names."""
    rows = [number for number, folders in enumerate(LAYERS) if top(name) in folders]
    assert rows, f"say in LAYERS where {name} stands"
    return rows[0]


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function with the module and name by which messages call it."""
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name}:{node.name}", node


def test_folders_import_from_lower_rows_only() -> None:
    """No folder imports from a higher row, and none from another one of its own row."""
    wrong = [
        f"{name} imports {other}"
        for name, used in imports().items()
        for other in sorted(used)
        if row(other) > row(name) or (row(other) == row(name) and top(other) != top(name))
    ]
    assert wrong == []


def test_every_module_has_its_row() -> None:
    """A module in a folder that no row names is an error, not a guess."""
    for name in modules():
        row(name)
    with pytest.raises(AssertionError, match="LAYERS"):
        row("helpers.misc")


def test_every_module_is_named(pytestconfig: pytest.Config) -> None:
    """Whoever adds a module says where it stands, in MODULES; `--update-docs` writes it anew."""
    rooms: dict[str, list[str]] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        named = rooms.setdefault(file.parent.relative_to(PACKAGE).as_posix(), [])
        named.extend([file.stem] if file.stem != "__init__" else [])
    text = "".join(f"{room}: {' '.join(rooms[room])}".rstrip() + "\n" for room in sorted(rooms))
    if pytestconfig.getoption("--update-docs"):
        MODULES.write_text(text, encoding="utf-8")
    assert text == MODULES.read_text(encoding="utf-8")


def test_imports_go_round_in_no_circle() -> None:
    """Modules of one folder may import each other, in one direction."""
    graph = {name: {other for other in used if other != name} for name, used in imports().items()}
    assert list(TopologicalSorter(graph).static_order())


def test_no_folder_holds_too_much() -> None:
    """A folder is a room in which one finds a thing at a glance."""
    counts: dict[str, int] = {}
    for file in PACKAGE.rglob("*.py"):
        counts[str(file.parent)] = counts.get(str(file.parent), 0) + (file.stem != "__init__")
    assert {name: count for name, count in counts.items() if count > MODULES_PER_FOLDER} == {}
    names = {path.stem for path in PACKAGE.iterdir() if path.name not in ("__pycache__",)}
    assert len(names - {"__init__", "__main__"}) <= 21


def test_one_name_is_one_class() -> None:
    """Whoever reads a class's name anywhere knows which one is meant, private or not."""
    places: dict[str, list[str]] = {}
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name.removeprefix("_"), []).append(name)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


CALLED_BY_AUTHORS = {f"author.calls:{name}" for name in ("stat", "claim", "figure", "table")}
"""May take more parameters: authors write them as keywords, and each says one plain thing."""


def test_no_module_or_function_is_too_long() -> None:
    """One thing each: a module within 300 lines, a function within 60, six parameters at most."""
    files = {
        file.relative_to(PACKAGE).as_posix(): file.read_text(encoding="utf-8")
        for file in PACKAGE.rglob("*.py")
    }
    long = [name for name, text in files.items() if len(text.splitlines()) > LINES_PER_MODULE]
    for name, node in functions():
        if (node.end_lineno or 0) - node.lineno + 1 > LINES_PER_FUNCTION:
            long.append(f"{name} has too many lines")
        named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        if len([given for given in named if given.arg not in ("self", "cls")]) > PARAMETERS:
            long += [f"{name} has too many parameters"] if name not in CALLED_BY_AUTHORS else []
    assert sorted(set(long)) == []


MOST_PASSAGES = 12
_PASSAGE = re.compile(r"\| (\d+) \| `(?P<file>[\w/.]+)` \| `(?P<function>\w+)` \|")


def test_a_statistic_goes_the_way_that_the_architecture_draws() -> None:
    """From the data to the page it passes no more than twelve modules, each of them once."""
    text = (PACKAGE.parent.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    passages = list(_PASSAGE.finditer(text))
    files = [it["file"] for it in passages]
    assert [int(it[1]) for it in passages] == list(range(1, len(files) + 1))
    assert 2 < len(set(files)) == len(files) <= MOST_PASSAGES
    rows = [row(it.removesuffix(".py").replace("/", ".")) for it in files]
    assert rows == sorted(rows), "data flow from lower rows to higher ones"
    for passage in passages:
        code = (PACKAGE / passage["file"]).read_text(encoding="utf-8")
        assert re.search(rf"\b(?:def |function M\.){passage['function']}\(", code), passage[0]
