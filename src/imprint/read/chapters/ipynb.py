"""The JSON of a notebook, as JupyterLab saves it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from imprint.core.files import plain_lines
from imprint.core.problems import Place, Problem, problem
from imprint.read.chapters.markdown_source import NEVER_CLOSED, NEVER_OPENED
from imprint.read.file_names import is_file
from imprint.read.node import Node, node_of
from imprint.read.project.contents import near_files, path_named
from imprint.read.project.yaml_source import read_text
from imprint.read.schema import Terms, load_schema, shape_problems

EMBED = re.compile(
    r"\s*\{\{< embed (?P<path>[^\s>#\[]+\.ipynb)(?:#(?P<labels>[\w,-]+)|\[(?P<numbers>[\d,-]+)\])?"
    r"(?P<rest>(?: [^>]*)?) >\}\}\s*\Z"
)
"""The shortcode that prints another notebook: cells by their labels or numbers, or all of it."""
_CODE, _SAVE = "notebook-is-valid", "save it again from JupyterLab"
_SCHEMA = Path(__file__).with_name("notebook.schema.json")


def load_notebook(text: str, file: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    """A notebook in version 4 of the format, of the shape that it says; None with what is wrong."""
    try:
        data = json.loads(text)
        wrong = _misshapen(node_of(data, Place(file)), "notebook")
        if isinstance(data, dict) and data.get("nbformat") != 4:
            # Whatever else is amiss follows from another version.
            wrong = [found for found in wrong if "nbformat" in found.message] or wrong
        for number, cell in enumerate(() if wrong else data["cells"], start=1):
            wrong += _misshapen(node_of(cell, Place(file, 1, cell=number)), "cell")
    except json.JSONDecodeError as error:
        message = f"the notebook is not valid JSON: {error.msg.lower()}"
        return None, [Problem(Place(file, error.lineno, error.colno), _CODE, message, _SAVE)]
    except (RecursionError, ValueError):
        message = "the notebook is not JSON that can be read"
        return None, [problem(_CODE, file, 0, message, _SAVE)]
    return None if wrong else data, wrong


def _misshapen(node: Node, what: str) -> list[Problem]:
    """What is not as the format has it, of a notebook or a cell."""
    terms, wanted = Terms("", _CODE, _CODE, of=f"the {what}"), load_schema(_SCHEMA)["properties"]
    return [replace(it, fix=_SAVE) for it in shape_problems(node, wanted[what], "", terms)]


def cell_source(cell: Mapping[str, Any]) -> str:
    """The source of a cell with our line ends."""
    return plain_lines("".join(cell.get("source", "")))


def cell_tags(cell: Mapping[str, Any]) -> tuple[str, ...]:
    """The tags of a cell, as Jupyter keeps them."""
    return tuple(cell.get("metadata", {}).get("tags", ()))


def stored_outputs(cell: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a cell has put out, each text as one string; notebooks keep them as lists of lines."""
    found = []
    for output in cell.get("outputs", ()):
        forms = output.get("data", {}).items()
        joined = {form: it if form.endswith("json") else _joined(it) for form, it in forms}
        found.append({**output, "text": _joined(output.get("text", "")), "data": joined})
    return found


def _joined(text: Any) -> Any:
    return "".join(map(str, text)) if isinstance(text, list) else text


def language_of(data: Mapping[str, Any]) -> str:
    """The notebook's language in small letters; python where it names none."""
    metadata = data.get("metadata", {})
    kernel, told = metadata.get("kernelspec", {}), metadata.get("language_info", {})
    return str(kernel.get("language") or told.get("name") or "python").lower()


@dataclass(frozen=True)
class EmbeddedCell:
    """A part of a notebook that another document embeds."""

    lines: list[str]
    """Of Markdown, or of a Python cell that shows what is stored of a cell's output, with the
    options of that cell."""
    is_code: bool


def embedded(
    root: Path, document: str, embed: re.Match[str], place: Place
) -> tuple[list[EmbeddedCell], str, list[Problem]]:
    """What a document embeds of a notebook; the notebook's path from the root, and what is
    wrong."""
    path = path_named(document, embed["path"].strip("\"'"))
    if path.startswith("..") or not is_file(root, path):
        fix = near_files(root, path, (".ipynb",)) or "fix the path"
        told = Problem(place, "file-exists", f"notebook '{path}' does not exist", fix)
        return [], "", [told]
    text, problems = read_text(root / path, path)
    data, wrong = load_notebook(text, path)
    if data is None:
        return [], path, [*problems, *wrong]
    cells: list[Mapping[str, Any] | None] = data["cells"]
    wanted = (embed["labels"] or embed["numbers"] or "").split(",")
    if embed["labels"]:
        cells = [next((it for it in cells if it and name in _names(it)), None) for name in wanted]
    elif embed["numbers"]:
        wanted = [str(number) for span in wanted for number in _numbers(span)]
        numbered = {str(number): it for number, it in enumerate(cells, start=1)}
        cells = [numbered.get(number) for number in wanted]
    shows = "echo=true" in embed["rest"]
    pieces: list[EmbeddedCell] = []
    for name, cell in zip(wanted if any(wanted) else [""] * len(cells), cells, strict=True):
        if cell is None:
            what = (
                "code cell with the label, id or tag" if embed["labels"] else "cell of the number"
            )
            message = f"'{path}' has no {what} '{name}'"
            wrong.append(Problem(place, "file-exists", message, "name one that it has"))
        else:
            pieces.append(_piece(cell, shows=shows))
    return pieces, path, [*problems, *wrong]


def _piece(cell: Mapping[str, Any], *, shows: bool) -> EmbeddedCell:
    lines = cell_source(cell).split("\n")
    if cell["cell_type"] == "markdown":
        return EmbeddedCell(["", *lines, ""], is_code=False)
    if cell["cell_type"] == "raw":
        return EmbeddedCell(["", *raw_as_markdown(cell, lines), ""], is_code=False)
    outputs = json.dumps(stored_outputs(cell), ensure_ascii=False)
    options = [it for it in lines if it.startswith("#|")]
    code = f"from imprint.author.embeds import show_stored; show_stored({outputs!r})"
    return EmbeddedCell([*options, *([] if shows else ["#| echo: false"]), code], is_code=True)


def _numbers(span: str) -> Iterable[int]:
    """The numbers of `2`, or of `2-4` in the order in which they are named."""
    first, _, last = span.partition("-")
    begin, end = int(first or 0), int(last or first or 0)
    return range(begin, end + 1) if end >= begin else range(begin, end - 1, -1)


def _names(cell: Mapping[str, Any]) -> set[Any]:
    """By what an embedding document may call a code cell."""
    if cell["cell_type"] != "code":
        return set()
    source = cell_source(cell)
    labels = re.findall(r"^#\|\s*label:\s*[\"']?([^\s\"']+)", source, re.MULTILINE)
    return {cell.get("id"), *labels, *cell_tags(cell)}


def raw_as_markdown(cell: Mapping[str, Any], lines: Sequence[str]) -> list[str]:
    """A raw cell as Quarto reads it: Markdown, or a raw block of HTML or TeX where its format says
    so; nothing where it is of another format."""
    about = cell.get("metadata", {})
    form = str(about.get("raw_mimetype") or about.get("format") or "text/markdown")
    if form in ("text/html", "text/latex"):
        return [f"```{{={form.removeprefix('text/')}}}", *lines, "```"]
    return list(lines) if form in ("text/markdown", "text/plain") else []


def without_pairs(problems: Sequence[Problem]) -> list[Problem]:
    """The problems of a notebook's cells, less divs that one cell opens and a later one closes."""
    opened: list[Problem] = []
    paired: list[Problem] = []
    for found in problems:
        if found.message.startswith(NEVER_CLOSED):
            opened.append(found)
        elif found.message.startswith(NEVER_OPENED) and opened:
            paired += [opened.pop(), found]
    return [found for found in problems if not any(found is it for it in paired)]
