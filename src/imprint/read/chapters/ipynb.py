"""The JSON of a notebook, as JupyterLab saves it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from imprint.core.files import plain_lines
from imprint.core.problems import Place, Problem, problem
from imprint.read.chapters.markdown_source import NEVER_CLOSED, NEVER_OPENED
from imprint.read.file_names import is_file
from imprint.read.project.contents import near_files, path_named
from imprint.read.project.yaml_source import read_text
from imprint.read.schema import Schema, Terms, misfits

EMBED = re.compile(
    r"\s*\{\{< embed (?P<path>[^\s>#]+\.ipynb)#(?P<label>[\w-]+)(?P<rest>(?: [^>]*)?) >\}\}\s*\Z"
)
"""The shortcode that prints the output of a cell of another notebook."""
_CODE, _SAVE = "notebook-is-valid", "save it again from JupyterLab"
_TEXT: Schema = {
    "type": ["string", "array"],
    "items": {"type": "string"},
    "form": "text or a list of lines",
}


def _map(**properties: Schema) -> Schema:
    """A map that may have other keys, too."""
    return {"type": "object", "properties": properties, "additionalProperties": True}


_CELL: Schema = {
    **_map(
        cell_type={"enum": ["markdown", "code", "raw"]},
        id={"type": "string"},
        source=_TEXT,
        metadata=_map(tags={"type": "array", "items": {"type": "string"}}),
        attachments={
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": _TEXT},
        },
        outputs={"type": "array", "items": _map(text=_TEXT, data=_map())},
    ),
    "required": ["cell_type"],
}
_NOTEBOOK: Schema = {
    **_map(
        nbformat={"enum": [4], "form": "version 4 of the format"},
        cells={"type": "array", "items": {"additionalProperties": True}},
        metadata=_map(
            kernelspec=_map(language={"type": "string"}),
            language_info=_map(name={"type": "string"}),
        ),
    ),
    "required": ["nbformat", "cells"],
}


def load_notebook(text: str, file: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    """A notebook in version 4 of the format, of the shape that it says; None with what is wrong."""
    try:
        data = json.loads(text)
        wrong = [Problem(Place(file), _CODE, message, _SAVE) for message in _misfits(data, "")]
        if isinstance(data, dict) and data.get("nbformat") != 4:
            # Whatever else is amiss follows from another version.
            wrong = [found for found in wrong if "nbformat" in found.message] or wrong
        for number, cell in enumerate(() if wrong else data["cells"], start=1):
            place = Place(file, 1, cell=number)
            wrong += [Problem(place, _CODE, it, _SAVE) for it in _misfits(cell, "the cell")]
    except json.JSONDecodeError as error:
        message = f"the notebook is not valid JSON: {error.msg.lower()}"
        return None, [Problem(Place(file, error.lineno, error.colno), _CODE, message, _SAVE)]
    except (RecursionError, ValueError):
        message = "the notebook is not JSON that can be read"
        return None, [problem(_CODE, file, 0, message, _SAVE)]
    return None if wrong else data, wrong


def _misfits(value: Any, name: str) -> Iterator[str]:
    """What is not as the format has it, of a cell or, without a name, of a notebook."""
    terms = Terms("", _CODE, _CODE, of=name or "the notebook")
    return (it.message for it in misfits(value, _CELL if name else _NOTEBOOK, "", terms))


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


def embedded_cell(
    root: Path, document: str, embed: re.Match[str], place: Place
) -> tuple[list[str], str, list[Problem]]:
    """The lines of a Python cell that shows what a notebook has stored of a cell's output, with the
    options of that cell; the notebook's path from the root, and what is wrong."""
    name, label = embed["path"].strip("\"'"), embed["label"]
    path = path_named(document, name)
    if path.startswith("..") or not is_file(root, path):
        fix = near_files(root, path, (".ipynb",)) or "fix the path"
        told = Problem(place, "file-exists", f"notebook '{path}' does not exist", fix)
        return [], "", [told]
    text, problems = read_text(root / path, path)
    data, wrong = load_notebook(text, path)
    cell = next((it for it in data["cells"] if label in _names(it)), None) if data else None
    if cell is None:
        message = f"'{path}' has no code cell with the label, id or tag '{label}'"
        told = Problem(place, "file-exists", message, "name one that it has")
        return [], path, [*problems, *wrong, *([told] if data else [])]
    outputs = json.dumps(stored_outputs(cell), ensure_ascii=False)
    options = [it for it in cell_source(cell).split("\n") if it.startswith("#|")]
    shown = [] if "echo=true" in embed["rest"] else ["#| echo: false"]
    code = f"from imprint.author.embeds import show_stored; show_stored({outputs!r})"
    return [*options, *shown, code], path, []


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
