"""Files that front matter or a project file names to have a hand in the text: Lua filters, and what
is put in before and after it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

from imprint.core.problems import Problem
from imprint.read.file_names import is_file
from imprint.read.node import Node
from imprint.read.project.contents import near_files, path_named
from imprint.read.project.quarto_subset import base_format
from imprint.read.project.yaml_source import read_yaml_file

PUT_IN = "_put-in"
"""The key of metadata that holds what is found."""
FORMATS = ("html", "typst")
INCLUDES = {"include-before-body": "before", "include-after-body": "after"}
_BUILT_IN = frozenset({"quarto", "citeproc"})
"""Names among filters by which Quarto and pandoc mean a part of their own."""
_KINDS = {".html": "html", ".htm": "html", ".typ": "typst"}


def read_put_in(
    root: Path, document: str, node: Node
) -> tuple[dict[str, Any], list[str], list[Problem]]:
    """What metadata name, under PUT_IN if there is any: for each format, filters by their path from
    the root, each with the place that names it, and texts; all files among it, from the root; and
    what is wrong, which is left out. `document` is the path of the text, from whose folder files
    count, or empty for a project file."""
    found: dict[str, dict[str, Any]] = {name: {} for name in ("filters", *INCLUDES.values())}
    files: list[str] = []
    problems: list[Problem] = []
    for format, level in _levels(node):
        for item in level.items_at("filters"):
            paths = _filter_files(root, document, item.plain())
            files += paths
            if not paths and _name(item.plain()) not in _BUILT_IN:
                problems.append(_filter_problem(root, document, item))
            for path in paths:
                code = (root / path).read_text(encoding="utf-8", errors="replace")
                for name in (format,) if format else FORMATS:
                    filters = found["filters"].setdefault(name, {})
                    filters[path] = {"code": code, "place": asdict(item.place)}
        for key, where in INCLUDES.items():
            for item in level.items_at(key):
                path, kind, text = _include(root, document, item.plain(), format)
                files += [path] if path else []
                problems += _include_problems(root, document, item, (path, kind, format))
                if text and kind in FORMATS:
                    found[where][kind] = "\n".join(filter(None, (found[where].get(kind), text)))
    return {PUT_IN: found} if any(found.values()) else {}, files, problems


def _levels(node: Node) -> Iterator[tuple[str, Node]]:
    yield "", node
    for name, options in node.map_at("format").items():
        yield base_format(name), options


# ---- filters -----------------------------------------------------------------------------------


def _name(given: Any) -> str:
    return str(given.get("path") or "" if isinstance(given, Mapping) else given)


def _filter_files(root: Path, document: str, given: Any) -> list[str]:
    """The Lua files of one filter: itself, or those of the extension of its name."""
    name = _name(given)
    if name.endswith(".lua"):
        path = _path(root, document, name)
        return [path] if path else []
    for folder in sorted(root.glob("_extensions/**/_extension.yml")):
        file = folder.relative_to(root).as_posix()
        if name in _BUILT_IN or PurePosixPath(file).parent.name != PurePosixPath(name).name:
            continue
        node, _ = read_yaml_file(root / file, file)
        paths = [_name(it.plain()) for it in node.items_at("contributes", "filters")]
        found = [posixpath.join(posixpath.dirname(file), path) for path in paths]
        if all(path.endswith(".lua") and is_file(root, path) for path in found):
            return found
    return []


def _filter_problem(root: Path, document: str, item: Node) -> Problem:
    name = _name(item.plain())
    if not name.endswith(".lua"):
        message = f"the embedded engine runs only Lua filters, and '{name}' is not one"
        fix = "name a .lua file or an installed extension, or render with Quarto itself"
        return Problem(item.place, "option-is-supported", message, fix)
    path = path_named(document, name)
    fix = near_files(root, path, (".lua",)) or "fix the path"
    return Problem(item.place, "file-exists", f"filter '{path}' does not exist", fix)


# ---- what is put in before and after -----------------------------------------------------------


def _include(root: Path, document: str, given: Any, format: str) -> tuple[str, str, str]:
    """The file of one include, if it is in one, its format and its text; all may be empty."""
    name = _file_name(given)
    path = _path(root, document, name) if name else ""
    if isinstance(given, Mapping) and "text" in given:
        text = str(given["text"] or "")
    else:
        text = (root / path).read_text(encoding="utf-8", errors="replace") if path else ""
    by_name = _KINDS.get(PurePosixPath(name).suffix.lower(), "")
    by_words = {"<": "html", "#": "typst"}.get(text.lstrip()[:1], "")
    return path, format or by_name or by_words, text


def _include_problems(
    root: Path, document: str, item: Node, found: tuple[str, str, str]
) -> Iterator[Problem]:
    """What is wrong with an include, of which the path, the format and the level's are known."""
    (path, kind, level), name = found, _file_name(item.plain())
    if name and not path:
        wanted = path_named(document, name)
        fix = near_files(root, wanted, tuple(_KINDS)) or "fix the path"
        yield Problem(item.place, "file-exists", f"file '{wanted}' does not exist", fix)
    elif kind not in FORMATS and level in ("", *FORMATS):
        message = "this may be HTML or Typst, and the embedded engine cannot tell which"
        fix = "write it under `format: html:` or `format: typst:`"
        yield Problem(item.place, "option-is-supported", message, fix)


def _file_name(given: Any) -> str:
    return str(given.get("file") or "" if isinstance(given, Mapping) else given)


def _path(root: Path, document: str, name: str) -> str:
    """The path from the root of a file that counts from the document's folder, else the root."""
    for path in (path_named(document, name), path_named("", name)):
        if not path.startswith("..") and is_file(root, path):
            return path
    return ""
