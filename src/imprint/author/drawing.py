"""figures/NAME.py -> figures/drawn/NAME.{svg,csv}, its caption and its alt text.

The same rows give the same bytes: one style, a fixed salt for the SVG's ids, no dates.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from imprint.author import dependencies
from imprint.core.escaping import AuthorError, one_line
from imprint.core.files import write_atomically
from imprint.core.problems import nearest
from imprint.read.project.lazy_settings import settings_about

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.figure import Figure

FUNCTIONS = ("rows", "draw", "caption", "alt")


class FigureError(AuthorError, ValueError):
    """A figure is unknown, unfinished or cannot be drawn."""


@dataclass(frozen=True)
class DrawnFigure:
    """What a chapter shows of a figure."""

    name: str
    image: str
    """Its SVG from the project's root, beginning with a slash."""
    caption: str
    """Markdown on one line."""
    alt: str


def draw(root: Path, name: str) -> DrawnFigure:
    """Draw the figure `name` of the project at `root` and write its three files.

    Raises FigureError, naming file and line, when the figure is unknown, lacks a function, a
    caption or an alt text, fails while it draws, or cannot be written.
    """
    module = _load(root, name)
    file = f"figures/{name}.py"
    rows = _call(module, file, "rows")
    if not isinstance(rows, Sequence) or not rows or not isinstance(rows[0], Mapping):
        raise FigureError(f"{file}: rows() returns no list of rows")
    texts = {}
    for part in ("caption", "alt"):
        text = _call(module, file, part, rows)
        if not isinstance(text, str) or not text.strip():
            raise FigureError(f"{file}: {part}() returns no text: {_WANTED[part]}")
        texts[part] = one_line(text)
    if not _balanced(texts["caption"]):
        raise FigureError(f"{file}: caption() has a square bracket without its partner")
    files = {"svg": _image(root, module, name, rows), "csv": _csv(rows)}
    folder = root / "figures" / "drawn"
    try:
        # Chapters in other kernels may draw the same figure.
        write_atomically(*((folder / f"{name}.{ending}", data) for ending, data in files.items()))
    except OSError as error:
        raise FigureError(f"{file}: cannot write figures/drawn: {error.strerror}") from error
    return DrawnFigure(name, f"/figures/drawn/{name}.svg", texts["caption"], texts["alt"])


_WANTED = {
    "caption": "name what is shown, its base and its source",
    "alt": "say what the chart shows, with its numbers",
}


def _load(root: Path, name: str) -> ModuleType:
    """Run a figure module from its file, so that an edit counts at once and no bytecode stays."""
    path = root / "figures" / f"{name}.py"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or not path.is_file():
        known = [path.stem for path in (root / "figures").glob("*.py")]
        hint = nearest(name, known) or "write it as figures/NAME.py"
        raise FigureError(f"no figure '{name}' in figures/: {hint}")
    module = ModuleType(f"figures.{name}")
    module.__file__ = str(path)
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)
    except SyntaxError as error:
        raise FigureError(f"figures/{name}.py:{error.lineno or 1}: {error.msg}") from error
    except Exception as error:
        raise _failure(f"figures/{name}.py", str(path), error) from error
    missing = [part for part in FUNCTIONS if not callable(getattr(module, part, None))]
    if missing:
        raise FigureError(f"figures/{name}.py lacks {', '.join(f'{part}()' for part in missing)}")
    return module


def _call(module: ModuleType, file: str, function: str, *arguments: object) -> Any:
    called: Callable[..., object] = getattr(module, function)
    try:
        return called(*arguments)
    except Exception as error:
        raise _failure(file, str(module.__file__), error) from error


def _failure(file: str, path: str, error: Exception) -> FigureError:
    """What went wrong in a figure module, with the last line of it that was reached."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == path and frame.lineno
    ]
    place = f"{file}:{lines[-1]}" if lines else file
    said = str(error) if isinstance(error, AuthorError) else f"{type(error).__name__}: {error}"
    return FigureError(f"{place}: {said}")


def _key(root: Path) -> Mapping[str, str]:
    """A report's own words for what forms mean."""
    with dependencies.unseen():
        key = settings_about(root, "figure-key").figure_key
    dependencies.note_setting("figure_key", key)
    return key


def _image(root: Path, module: ModuleType, name: str, rows: object) -> bytes:
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import RendererSVG
    from matplotlib.figure import Figure

    from imprint.charts import style

    file = f"figures/{name}.py"
    before = _open_figures()
    try:
        with style(_key(root)), rc_context({"svg.hashsalt": name}):
            figure = _call(module, file, "draw", rows)
            if not isinstance(figure, Figure):
                raise FigureError(f"{file}: draw() returns no matplotlib Figure")
            figure.set_dpi(_POINTS)
            renderer: Any = RendererSVG  # matplotlib says no types
            measuring = renderer(*figure.bbox.size, io.StringIO(), metadata=_UNDATED)
            _check_fit(figure, measuring, file)
            stream = io.BytesIO()
            figure.savefig(stream, format="svg", metadata=_UNDATED)
    finally:
        _close(_open_figures() - before)
    return stream.getvalue()


_POINTS = 72
"""Units of an SVG file to the inch."""
_UNDATED = {"Date": None, "Creator": None}
"""An SVG file without metadata; for a date, matplotlib would look at the environment."""


def _check_fit(figure: Figure, renderer: RendererBase, file: str) -> None:
    """Refuse a figure whose labels run off its edge, where a reader would miss them."""
    canvas, spare = figure.bbox, figure.dpi / 100
    for label in [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]:
        extent = label.get_window_extent(renderer)
        over = extent.x0 < canvas.x0 - spare or extent.x1 > canvas.x1 + spare
        if label.get_text() and over:
            raise FigureError(f"{file}: label '{label.get_text()}' runs off the figure: shorten it")


def _open_figures() -> frozenset[int]:
    """Numbers of pyplot's figures, where a module has used pyplot."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    return frozenset(pyplot.get_fignums()) if pyplot else frozenset()


def _close(numbers: frozenset[int]) -> None:
    for number in numbers:
        sys.modules["matplotlib.pyplot"].close(number)


def _csv(rows: Sequence[Mapping[str, object]]) -> bytes:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8")


def _balanced(text: str) -> bool:
    depth = 0
    for bracket in re.findall(r"(?<!\\)[\[\]]", text):
        depth += 1 if bracket == "[" else -1
        if depth < 0:
            return False
    return depth == 0
