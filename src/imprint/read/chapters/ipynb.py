"""The JSON of a notebook, as JupyterLab saves it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from imprint.core.files import plain_lines
from imprint.core.problems import Place, Problem, problem

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


def language_of(data: Mapping[str, Any]) -> str:
    """The notebook's language in small letters; python where it names none."""
    metadata = data.get("metadata")
    for entry, key in (("kernelspec", "language"), ("language_info", "name")):
        named = metadata.get(entry) if isinstance(metadata, dict) else None
        if isinstance(named, dict) and isinstance(named.get(key), str):
            return str(named[key]).lower()
    return "python"
