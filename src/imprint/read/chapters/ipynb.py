"""The JSON of a notebook, as JupyterLab saves it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from imprint.core.files import plain_lines
from imprint.core.problems import Place, Problem, problem
from imprint.read.project.contents import is_file, near_files, path_named
from imprint.read.project.yaml_source import read_text

EMBED = re.compile(
    r"\s*\{\{< embed (?P<path>[^\s>#]+\.ipynb)#(?P<label>[\w-]+)(?P<rest>(?: [^>]*)?) >\}\}\s*\Z"
)
"""The shortcode that prints the output of a cell of another notebook."""
_CODE, _SAVE = "notebook-is-valid", "save it again from JupyterLab"


def load_notebook(text: str, file: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    """A notebook in version 4 of the format, with its list of cells; None with what is wrong."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"the notebook is not valid JSON: {error.msg.lower()}"
        return None, [Problem(Place(file, error.lineno, error.colno), _CODE, message, _SAVE)]
    except (RecursionError, ValueError):
        message = "the notebook is not JSON that can be read"
        return None, [problem(_CODE, file, 0, message, _SAVE)]
    cells = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(cells, list) or data.get("nbformat") != 4:
        message = "the notebook is not in version 4 of its format"
        return None, [problem(_CODE, file, 0, message, _SAVE)]
    return data, []


def cell_source(cell: Any) -> str | None:
    """The source of a cell with our line ends; None where it is broken."""
    source = cell.get("source", "") if isinstance(cell, dict) else None
    if isinstance(source, list) and all(isinstance(piece, str) for piece in source):
        source = "".join(source)
    return plain_lines(source) if isinstance(source, str) else None


def cell_tags(cell: Any) -> tuple[str, ...]:
    """The tags of a cell, as Jupyter keeps them."""
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()


def stored_outputs(cell: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a cell has put out, each text as one string; notebooks keep them as lists of lines."""
    stored = cell.get("outputs")
    found = []
    for output in stored if isinstance(stored, list) else ():
        if not isinstance(output, Mapping):
            continue
        data = output.get("data")
        forms = data.items() if isinstance(data, Mapping) else ()
        joined = {form: it if form.endswith("json") else _joined(it) for form, it in forms}
        found.append({**output, "text": _joined(output.get("text", "")), "data": joined})
    return found


def _joined(text: Any) -> Any:
    return "".join(map(str, text)) if isinstance(text, list) else text


def language_of(data: Mapping[str, Any]) -> str:
    """The notebook's language in small letters; python where it names none."""
    metadata = data.get("metadata")
    for entry, key in (("kernelspec", "language"), ("language_info", "name")):
        named = metadata.get(entry) if isinstance(metadata, dict) else None
        if isinstance(named, dict) and isinstance(named.get(key), str):
            return str(named[key]).lower()
    return "python"


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
    options = [it for it in (cell_source(cell) or "").split("\n") if it.startswith("#|")]
    shown = [] if "echo=true" in embed["rest"] else ["#| echo: false"]
    code = f"from imprint.author.embeds import show_stored; show_stored({outputs!r})"
    return [*options, *shown, code], path, []


def _names(cell: Any) -> set[Any]:
    """By what an embedding document may call a code cell."""
    source = cell_source(cell)
    if source is None or cell.get("cell_type") != "code":
        return set()
    labels = re.findall(r"^#\|\s*label:\s*[\"']?([^\s\"']+)", source, re.MULTILINE)
    return {cell.get("id"), *labels, *cell_tags(cell)}
