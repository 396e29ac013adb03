"""figures/NAME.py -> its rows, caption, alt text and what it draws, without matplotlib.

A figure module is the author's own code, so it is run as a chapter would run it; only the drawing
library is replaced by stand-ins, which note what is drawn and save the half second that loading
matplotlib takes.
"""

from __future__ import annotations

import ast
import builtins
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from imprint.check.code.stand_ins import Drawing, StandIn
from imprint.core.problems import Place, Problem, ReportError
from imprint.core.root import project_at
from imprint.read.report import Report

PARTS = ("rows", "draw", "caption", "alt")
_LIBRARIES = ("matplotlib", "mpl_toolkits", "cycler")
_OWN = "imprint.charts"
_CHARTS = Path(__file__).parents[2] / "charts"


@dataclass(frozen=True)
class FigureModule:
    """What a figure says of itself."""

    name: str
    rows: tuple[Mapping[str, Any], ...]
    caption: str
    alt: str
    lines: Mapping[str, int]
    """Line on which each of its functions begins."""
    named: frozenset[str] = frozenset()
    """Texts in its code that may be ids of statistics or names of tables."""
    uses: frozenset[str] = frozenset()
    """Names of variables, functions and attributes in its code."""
    texts: tuple[str, ...] = ()
    """What it writes into the drawing, axis numbers and legend left out."""
    boxes: tuple[tuple[str, float], ...] = ()
    """Its hatched boxes: `range` or `derived`, and the width on their axis."""
    followed: bool = True
    """Its drawing could be followed to the end, so that nothing it draws is missing here."""

    def place(self, part: str) -> Place:
        """Where one of its functions stands."""
        return Place(f"figures/{self.name}.py", self.lines.get(part, 1))


def read_figures(report: Report) -> tuple[list[FigureModule], list[Problem]]:
    """Read every figure module of the report, and say which cannot be used."""
    root = report.project.root
    return _read_all(root, report.figures, _stamps_of(root))


def _stamps_of(root: Path) -> tuple[tuple[str, int, int], ...]:
    files = [*(root / "figures").glob("*.py"), *(root / "data").glob("*.*"), *root.glob("*.bib")]
    return tuple(
        (path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(files)
    )


# Kept as long as the files stay as they are: several checks look at them in one run, and a trace at
# a report and at a changed copy by turns.
@lru_cache(maxsize=2)
def _read_all(
    root: Path,
    names: frozenset[str],
    _stamps: tuple[tuple[str, int, int], ...],
) -> tuple[list[FigureModule], list[Problem]]:
    modules: list[FigureModule] = []
    problems: list[Problem] = []
    importer = _Importer()
    with project_at(root):
        for name in sorted(names):
            found = _read_one(root, name, importer)
            if isinstance(found, Problem):
                problems.append(found)
            elif found is not None:
                modules.append(found)
    return modules, problems


def _read_one(root: Path, name: str, importer: _Importer) -> FigureModule | Problem | None:
    """The figure, what is wrong with it, or None where its data are reported to be at fault."""
    file = f"figures/{name}.py"
    path = root / file
    code = "figure-is-complete"
    try:
        source = path.read_text(encoding="utf-8")
        lines, named, uses = _scan(source)
    except (OSError, SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        message = f"this module cannot be read: {getattr(error, 'msg', error)}"
        return Problem(Place(file, line), code, message, "fix its Python")
    missing = [part for part in PARTS if part not in lines]
    if missing:
        said = ", ".join(f"{part}()" for part in missing)
        return Problem(Place(file, 1), code, f"this figure lacks {said}", "write what is missing")
    part, drawing, followed = "rows", importer.drawing, True
    try:
        module = importer.module(f"figures.{name}", source, path)
        rows = module.rows()
        texts = {}
        for part in ("caption", "alt"):
            texts[part] = getattr(module, part)(rows)
            if not isinstance(texts[part], str) or not texts[part].strip():
                fix = "return its text"
                return Problem(Place(file, lines[part]), code, f"{part}() says nothing", fix)
        kept = tuple(row for row in rows if isinstance(row, Mapping))
        part = "draw"
        drawing.begin()
        module.draw(rows)
    except (Exception, SystemExit) as error:
        if _is_reported_elsewhere(error):
            return None
        if part != "draw" or not (drawing.doubtful or _comes_from_stand_in(error)):
            return _failing(file, path, part, lines[part], error)
        followed = False
    drawn = tuple(drawing.texts), tuple(drawing.boxes), followed
    return FigureModule(name, kept, texts["caption"], texts["alt"], lines, named, uses, *drawn)


@lru_cache(maxsize=512)
def _scan(source: str) -> tuple[Mapping[str, int], frozenset[str], frozenset[str]]:
    """The functions of a module's code with their lines, its texts and its names; kept for who
    reads the same figures with other data. Raises SyntaxError."""
    tree = ast.parse(source)
    lines = {node.name: node.lineno for node in tree.body if isinstance(node, ast.FunctionDef)}
    nodes = list(ast.walk(tree))
    named = frozenset(
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    uses = frozenset(
        node.id if isinstance(node, ast.Name) else node.attr
        for node in nodes
        if isinstance(node, (ast.Name, ast.Attribute))
    )
    return lines, named, uses


@lru_cache(maxsize=512)
def _compiled(source: str, file: str) -> CodeType:
    return compile(source, file, "exec")


def _failing(file: str, path: Path, part: str, line: int, error: BaseException) -> Problem:
    reached = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path) and frame.lineno
    ]
    message = f"{part}() fails: {type(error).__name__}: {error}".splitlines()[0]
    place = Place(file, reached[-1] if reached else line)
    return Problem(place, "figure-is-complete", message, "fix its Python")


def _comes_from_stand_in(error: BaseException) -> bool:
    """The drawing fails over a stand-in, of which the library's own object would know more."""
    return StandIn.__name__ in str(error)


def _is_reported_elsewhere(error: BaseException) -> bool:
    """The figure fails over a file that cannot be read, which its own check tells."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ReportError):
            return any(found.code != "table-is-described" for found in cause.problems)
        cause = cause.__cause__ or cause.__context__
    return False


class _Importer:
    """Imports as Python does, but for what draws: of matplotlib there are only stand-ins.

    Our own drawing modules are run apart from the ones that this process may have loaded, so that
    their constants are real and no stand-in ever reaches a figure that is drawn.
    """

    def __init__(self) -> None:
        self.own: dict[str, ModuleType] = {}
        self.drawing = Drawing()

    def module(self, name: str, source: str, path: Path) -> ModuleType:
        """Run a module whose imports are ours. Raises whatever its code raises."""
        module = ModuleType(name)
        module.__file__ = str(path)
        module.__dict__["__builtins__"] = {**vars(builtins), "__import__": self}
        exec(_compiled(source, str(path)), module.__dict__)
        return module

    def __call__(
        self,
        name: str,
        names: Mapping[str, object] | None = None,
        local: Mapping[str, object] | None = None,
        wanted: Sequence[str] | None = None,
        level: int = 0,
    ) -> Any:
        if name.partition(".")[0] in _LIBRARIES:
            return StandIn(name, self.drawing)
        if name == _OWN or name.startswith(f"{_OWN}."):
            return self._own(name)
        found = builtins.__import__(name, names, local, wanted or (), level)
        package, _, charts = _OWN.partition(".")
        if name != package or charts not in (wanted or ()):
            return found
        mixed = ModuleType(name)
        mixed.__dict__.update({part: getattr(found, part) for part in wanted or ()})
        mixed.__dict__[charts] = self._own(_OWN)
        return mixed

    def _own(self, name: str) -> ModuleType:
        if name not in self.own:
            path = _CHARTS / f"{name.removeprefix(_OWN).removeprefix('.') or '__init__'}.py"
            self.own[name] = self.module(name, path.read_text(encoding="utf-8"), path)
        return self.own[name]
