"""A publication's list of chapters in `_quarto.yml` -> entries whose files exist, or problems."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from pathlib import Path

from imprint.core.model import Entry, Role
from imprint.core.problems import Place, Problem, nearest
from imprint.read.file_names import is_file, stored_name
from imprint.read.node import Node

CHAPTER_ENDINGS = (".qmd", ".ipynb")
_LISTED = (*CHAPTER_ENDINGS, ".md")
"""Endings of what a project may list; Markdown without cells is read like a `.qmd` file."""


def near_files(root: Path, path: str, endings: tuple[str, ...] = CHAPTER_ENDINGS) -> str:
    """Say which files with such endings come nearest to a path that does not exist."""
    found: list[str] = []
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(n for n in inner if n[0] != "." and n not in ("_output", "_extensions"))
        here = Path(folder).relative_to(root)
        found += [(here / n).as_posix() for n in sorted(names) if n.endswith(endings)]
    return nearest(path, found)


def path_named(document: str, name: str) -> str:
    """The path from the root of what a document names: from its folder, or with `/` from the root;
    it may lead out of that with `..`."""
    folder = "" if name.startswith("/") else posixpath.dirname(document)
    return posixpath.normpath(posixpath.join(folder, name.lstrip("/")))


class Contents:
    """Reads a publication's list of chapters; gathers problems on the way."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.first: dict[str, Place] = {}

    def note(self, place: Place, code: str, message: str, fix: str) -> None:
        self.problems.append(Problem(place, code, message, fix))

    def single(self, node: Node, file: str) -> list[Entry]:
        """The one document of a project of type default."""
        items = node.items_at("project", "render")
        place = items[1].place if len(items) > 1 else Place(file)
        if len(items) != 1:
            message = f"a one-page publication renders one document, not {len(items)}"
            fix = "name one file under `project: render:`, or render a file by itself"
            self.note(place, "project-is-supported", message, fix)
        return list(self._file("chapter", items[0])) if items else []

    def book(self, node: Node, file: str) -> list[Entry]:
        """All entries of a book, `index` first as Quarto has it."""
        entries: list[Entry] = []
        listings: tuple[tuple[str, Role], ...] = (
            ("chapters", "chapter"), ("references", "chapter"), ("appendices", "appendix"),
        )  # fmt: skip
        for key, role in listings:
            for item in node.items_at("book", key):
                entries += self._entry(role, item)
        index = [
            e for e in entries if e.path and Path(e.path).stem == "index" and "/" not in e.path
        ]
        if not index:
            chapters = node.at("book", "chapters") or node.at("book")
            place = chapters.key if chapters else Place(file)
            fix = "list `index.qmd` first under `book: chapters:`"
            self.note(place, "book-has-index", "the book has no index.qmd", fix)
        return index[:1] + [entry for entry in entries if entry not in index[:1]]

    def _entry(self, role: Role, item: Node, nested: bool = False) -> Iterator[Entry]:
        part, chapters = item.at("part"), item.items_at("chapters")
        if part is None:
            yield from self._file(role, item)
            return
        if nested:
            message = f"part '{part.text()}' stands within a part"
            self.note(part.place, "contents-are-supported", message, "list it on its own")
        if part.text().endswith(_LISTED):
            yield from self._file("part", part)
        else:
            yield Entry("part", "", part.text(), part.place)
        if not chapters:
            message = f"part '{part.text()}' has no chapters"
            self.note(part.place, "contents-are-supported", message, "list some below it")
        for chapter in chapters:
            yield from self._entry(role, chapter, nested=True)

    def _file(self, role: Role, item: Node) -> Iterator[Entry]:
        target = item.at("file") or item.at("href") or item
        if not isinstance(target.value, str) or not target.value:
            message = "a chapter is a file name, or a map with `file` or with `part` and `chapters`"
            self.note(item.place, "contents-are-supported", message, "name the file")
            return
        path = posixpath.normpath(target.value)
        path = path if path.isascii() else stored_name(self.root, path) or path
        title = item.text("text")
        if path.startswith(("/", "../")) or "\\" in path or ":" in path:
            message = f"chapter '{path}' lies outside the project"
            fix = "write its path from the project's root, with forward slashes"
            self.note(target.place, "chapter-exists", message, fix)
        elif "*" in path or not path.endswith(_LISTED):
            message = f"'{path}' is not a .qmd, .ipynb or .md file"
            self.note(target.place, "contents-are-supported", message, "name one such file")
        elif not is_file(self.root, path):
            message = f"chapter '{path}' does not exist"
            fix = near_files(self.root, path) or "write the file or delete the line"
            self.note(target.place, "chapter-exists", message, fix)
        elif path in self.first:
            message = f"chapter '{path}' is listed twice, first at {self.first[path]}"
            self.note(target.place, "chapter-is-listed-once", message, "delete one of the lines")
        else:
            self.first[path] = target.place
            yield Entry(role, path, title, target.place)
