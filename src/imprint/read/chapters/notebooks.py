"""A `.qmd` or `.ipynb` file -> Chapter, includes put in and form checked, nothing run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

from imprint.core.model import Cell, Chapter, Line, Text
from imprint.core.problems import Place, Problem, ReportError
from imprint.read.chapters import attempts, ipynb, shortcodes
from imprint.read.chapters.attachments import Attachments
from imprint.read.chapters.bounds import bound_problem
from imprint.read.chapters.cell_options import (
    CELL_DEFAULTS,
    DIAGRAMS,
    drawn_in_python,
    read_options,
    split_options,
)
from imprint.read.chapters.front_matter import read_front_matter
from imprint.read.chapters.layout import CodeSpan, Fence
from imprint.read.chapters.markdown_source import front_matter_end, lay_out
from imprint.read.file_names import is_file, named_file
from imprint.read.project.contents import near_files, path_named
from imprint.read.project.yaml_source import read_text


def read_chapter(root: Path, path: str, execute_defaults: Mapping[str, Any]) -> Chapter:
    """Read one chapter, `path` from the project's root.

    `execute_defaults` is the project's `execute:` map; the chapter's own goes over it, a cell's
    options over both. Raises ReportError with every problem of the chapter and its includes where
    one of them is an error.
    """
    chapter, problems = survey_chapter(root, path, execute_defaults)
    if any(found.severity == "error" for found in problems):
        raise ReportError(problems)
    return chapter


def survey_chapter(
    root: Path, path: str, execute_defaults: Mapping[str, Any]
) -> tuple[Chapter, list[Problem]]:
    """Read as much of a chapter as can be read, and say what is wrong with the rest."""
    reader = _ChapterReader(root, path, execute_defaults)
    if path.lower().endswith(".ipynb"):
        reader.notebook()
    elif path.lower().endswith((".qmd", ".md")):
        reader.document()
    else:
        message = f"'{path}' is neither a .qmd nor an .ipynb file"
        reader.note(Place(path), "chapter-is-supported", message, "name a chapter")
    return reader.chapter(), reader.problems


class _ChapterReader:
    """Takes one chapter's files in; gathers its parts and problems on the way."""

    def __init__(self, root: Path, path: str, execute_defaults: Mapping[str, Any]) -> None:
        self.root = root
        self.path = path
        self.runs = not attempts.is_markdown(path)
        # What is no map has been reported as a problem of the project.
        given = execute_defaults if isinstance(execute_defaults, Mapping) else {}
        self.defaults = {k: v for k, v in given.items() if k in CELL_DEFAULTS}
        self.metadata: Mapping[str, Any] = {}
        self.keys: dict[str, Place] = {}
        self.problems: list[Problem] = []
        self.files: list[str] = []
        self.parts: list[Text | Cell] = []
        self.lines: list[Line] = []
        self.cells = 0
        self.media: dict[str, bytes] = {}
        self.number = 0
        """The notebook's cell that is being read, counted from 1."""

    def within(self, place: Place) -> Place:
        """The place with the cell of the notebook that it counts in."""
        return replace(place, cell=self.number) if place.file == self.path else place

    def note(self, place: Place, code: str, message: str, fix: str) -> None:
        self.problems.append(Problem(place, code, message, fix))

    def chapter(self) -> Chapter:
        self._end_text()
        parts, files = tuple(self.parts), tuple(self.files)
        return Chapter(self.path, self.metadata, parts, files, self.media, self.keys)

    # --- whole files -------------------------------------------------------------------------

    def document(self) -> None:
        """Read a `.qmd` chapter."""
        text = self._read(self.path)
        if text is None:
            return
        lines = text.split("\n")
        begin = self._front_matter(lines)
        self._body(lines[begin:], (self.path,), begin + 1)

    def notebook(self) -> None:
        """Read an `.ipynb` chapter."""
        text = self._read(self.path)
        if text is None:
            return
        data, problems = ipynb.load_notebook(text, self.path)
        self.problems += problems
        if data is None:
            return
        language = ipynb.language_of(data)
        if language != "python":
            message = f"the notebook's language is '{language}'; the embedded engine runs python"
            self.note(Place(self.path), "cell-is-supported", message, "use a Python kernel")
        for number, cell in enumerate(data["cells"], start=1):
            before, self.number = len(self.problems), number
            self._notebook_cell(cell, number)
            self.problems[before:] = [
                replace(found, place=self.within(found.place)) for found in self.problems[before:]
            ]
        self.problems = ipynb.without_pairs(self.problems)

    def _notebook_cell(self, cell: Mapping[str, Any], number: int) -> None:
        kind, source = cell["cell_type"], ipynb.cell_source(cell)
        lines = source.split("\n")
        begin = self._front_matter(lines) if number == 1 and kind != "code" else 0
        if kind == "raw" and not begin:
            lines = ipynb.raw_as_markdown(cell, lines)
        if kind == "code":
            self._cell(lines, Place(self.path, 1), 1, ipynb.cell_tags(cell))
        elif lines:
            attached = Attachments(self.path, number, cell.get("attachments"))
            lines = attached.put_in(lines)
            self.media |= attached.media
            self.problems += attached.problems
            self._body(lines[begin:], (self.path,), begin + 1)
            self.lines.append(Line("", self.within(Place(self.path, len(lines)))))
        else:
            message = "the embedded engine does not print raw cells of this format"
            self.note(Place(self.path, 1), "cell-is-supported", message, "make it a Markdown cell")

    def _read(self, file: str) -> str | None:
        if not is_file(self.root, file):
            fix = near_files(self.root, file) or "fix its name in the contents"
            self.note(Place(file), "chapter-exists", f"chapter '{file}' does not exist", fix)
            return None
        self.files.append(file)
        text, problems = read_text(self.root / file, file)
        self.problems += problems
        return None if problems else text

    def _front_matter(self, lines: Sequence[str]) -> int:
        """Read the front matter; the number of lines it takes."""
        end = front_matter_end(lines)
        if end == -2:
            message = "the front matter is never closed"
            place = Place(self.path, 1, 1)
            self.note(place, "front-matter-is-closed", message, "close it with a line of `---`")
            return len(lines)
        given = lines[1 : max(end, 1)]
        node, self.metadata, files, problems = read_front_matter(self.root, self.path, given)
        self.problems += problems
        self.files += files
        self.keys = {name: self.within(value.key) for name, value in node.map.items()}
        for key, value in node.map_at("execute").items():
            if key in CELL_DEFAULTS:
                self.defaults[key] = value.plain()
        return max(end + 1, 0)

    # --- the body ----------------------------------------------------------------------------

    def _body(self, texts: Sequence[str], chain: Sequence[str], first_line: int) -> None:
        """Take in the lines of the last file of `chain`, which were included one by the other."""
        file = chain[-1]
        # Keys and labels may be typed in either of Unicode's forms; code keeps its own.
        written, texts = texts, [normalize("NFC", text) for text in texts]
        layout = lay_out(texts)
        if endless := bound_problem(texts, layout, Place(file, first_line)):
            self.problems.append(endless)
            return
        for slip in layout.slips:
            place = Place(file, first_line + slip.place.line - 1, slip.place.column)
            self.problems.append(replace(slip, place=place))
        fences = {fence.start: fence for fence in layout.fences}
        commented = {i for start, end in layout.comments for i in range(start, end + 1)}
        spans: defaultdict[int, list[CodeSpan]] = defaultdict(list)
        for span in layout.spans:
            spans[span.line].append(span)
        index = 0
        while index < len(texts):
            place = Place(file, first_line + index)
            fence = fences.get(index)
            at = replace(place, column=1)
            only_shown = (
                attempts.shown_fence_problem(fence, at) if fence and fence.language else None
            )
            if fence and fence.language and not only_shown:
                self._fenced_cell(written, fence, place)
            elif fence:
                info = texts[fence.start].partition(fence.run)[2]
                found = only_shown or attempts.fence_problem(info, fence.run[0] == "~", at)
                self.problems += [found] if found else []
                for line, text in enumerate(fence.shown(texts), start=first_line + index):
                    self.lines.append(Line(text, self.within(Place(file, line)), runs=self.runs))
            elif (include := shortcodes.included_file(layout.prose[index])) is not None:
                self._include(include, place, chain)
            elif embed := ipynb.EMBED.match(layout.prose[index]):
                pieces, path, wrong = ipynb.embedded(self.root, self.path, embed, place)
                self.problems += wrong
                self.files += [path] if path and path not in self.files else []
                for piece in pieces:
                    if piece.is_code:
                        self._cell(piece.lines, place, place.line)
                    else:
                        self.lines += [Line(it, self.within(place)) for it in piece.lines]
            else:
                # A shortcode may take several lines, of which we make one.
                end = shortcodes.shortcode_end(layout.prose, index)
                prose = " ".join(layout.prose[index:end])
                self.problems += shortcodes.shortcode_problems(prose, place)
                self.problems += attempts.attribute_problems(prose, place)
                for i in (it for it in range(index, end) if it not in commented):
                    self.problems += shortcodes.inline_code_problems(
                        texts[i], Place(file, first_line + i), spans[i], runs=self.runs
                    )
                whole = " ".join(texts[index:end])
                self.lines.append(Line(whole, self.within(place), runs=self.runs))
                index = end - 1
            index = fence.end + 1 if fence else index + 1

    def _include(self, written: str, place: Place, chain: Sequence[str]) -> None:
        # Quarto looks from the chapter's folder even where an included file includes another.
        path = path_named(self.path, written)
        path = named_file(self.root, path) or path
        if not written or path.startswith("../"):
            message = f"include '{written}' names no file of the project"
            self.note(place, "include-exists", message, "write its path from the chapter's folder")
        elif path in chain:
            round_trip = " -> ".join((*chain[chain.index(path) :], path))
            message = f"include goes round in a circle: {round_trip}"
            self.note(place, "include-ends", message, "delete one of these includes")
        elif not is_file(self.root, path):
            beside = path_named(chain[-1], written)
            if beside != path and is_file(self.root, beside):
                fix = f"write `/{beside}`: Quarto looks from the chapter's folder"
            else:
                fix = near_files(self.root, path, (".qmd", ".md")) or "fix the path"
            message = f"included file '{path}' does not exist"
            self.note(place, "include-exists", message, fix)
        else:
            self.files += [path] if path not in self.files else []
            text, problems = read_text(self.root / path, path)
            self.problems += problems
            lines = text.split("\n")
            begin = max(front_matter_end(lines) + 1, 0)
            self._body(lines[begin:], (*chain, path), begin + 1)
            # An include ends its paragraph, as in Quarto.
            self.lines.append(Line("", place))

    # --- cells -------------------------------------------------------------------------------

    def _fenced_cell(self, texts: Sequence[str], fence: Fence, place: Place) -> None:
        message, fix = attempts.cell_fence_problem(fence, texts[fence.start], self.path)
        if message:
            self.note(replace(place, column=1), "cell-is-supported", message, fix)
            return
        classes = attempts.fence_class_problem(fence, replace(place, column=1))
        self.problems += [classes] if classes else []
        lines = texts[fence.start + 1 : fence.end]
        if fence.language in DIAGRAMS:
            lines = drawn_in_python(fence.language, lines)
        self._cell(lines, place, place.line + 1)

    def _cell(
        self, lines: Sequence[str], place: Place, first_line: int, tags: Sequence[str] = ()
    ) -> None:
        count, option_text, locate = split_options(lines, place.file, first_line)
        own, places, problems = read_options(normalize("NFC", option_text), locate)
        self.problems += problems
        self._end_text()
        self.cells += 1
        code = "\n".join(lines[count:])
        options = {**self.defaults, **({"tags": tags} if tags else {}), **own}
        code_line = first_line + count
        places = {name: self.within(value) for name, value in places.items()}
        place = self.within(place)
        written = tuple(lines[:count])
        self.parts.append(Cell(code, options, place, self.cells, code_line, places, written))

    def _end_text(self) -> None:
        if self.lines:
            self.parts.append(Text(tuple(self.lines)))
            self.lines = []
