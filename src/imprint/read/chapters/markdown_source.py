"""Lines of Markdown -> what is prose, what is fenced code, what was never closed.

Only as much of Markdown is read as telling prose from code needs; pandoc reads the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from imprint.core.problems import Problem, problem
from imprint.read.chapters.attempts import attempted_code
from imprint.read.chapters.glued_blocks import glued_blocks
from imprint.read.chapters.layout import CodeSpan, Fence, MarkdownParts

_FENCE = re.compile(
    r"(?P<indent>(?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?)"
    r"(?P<run>`{3,}|~{3,})(?P<info>.*)\Z"
)
_CELL = re.compile(r"\s*`{3,}\s*\{(?P<language>[A-Za-z][\w.-]*)(?P<rest>(?:\s*[ ,].*)?)\}\s*\Z")
_DIV_OPEN = re.compile(
    r"[ \t>]*:{3,}[ \t]*(?:\{(?P<attributes>.*)\}|(?P<name>[^\s{}:]+))[ \t]*:*[ \t]*\Z"
)
"""A line of prose that opens a div, with what stands in its braces or else its one class."""
_DIV_CLOSE = re.compile(r"[ \t>]*:{3,}[ \t]*\Z")
_DIV_ANY = re.compile(r"[ \t]*:{3,}")
_ITEMS = re.compile(r"(?:[ \t]*(?:[-*+]|\d+[.)])[ \t]+)+(?=:{3})")
_HEADING = re.compile(r"#{1,6}(?:\s|\Z)")
_LIST_MARKER = re.compile(
    r"[ \t]*(?:[-*+]|\(?(?:\d+|[A-Za-z#])[.)]|\(?@[\w-]*\)|\[\^[^\]]+\]:|[:~])\s"
)
_INLINE_HEAD = re.compile(r"\{[A-Za-z]\w*\}")
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)\s*\S")
_OPENING = re.compile(r"[\\`$]|<!--")
"""Where something other than prose may begin, or what follows loses its meaning."""
_SHORTCODE_LINE = re.compile(r"\s*\{\{<.*>\}\}\s*\Z")


def front_matter_end(lines: Sequence[str]) -> int:
    """Index of the line that closes the front matter; -1 without one, -2 where it never closes."""
    if len(lines) < 2 or lines[0].rstrip() != "---" or not lines[1].strip():
        return -1
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            return index
    return -2


NEVER_CLOSED = "this div is never closed"
NEVER_OPENED = "this closes a div that was never opened"


def lay_out(lines: Sequence[str]) -> MarkdownParts:
    """Take a text without front matter apart."""
    return _lay_out(tuple(lines))


# Reading and every check take the same texts apart, those of some hundred chapters too.
@lru_cache(maxsize=8192)
def _lay_out(lines: tuple[str, ...]) -> MarkdownParts:
    return _Scanner(lines).run()


def forget_layouts() -> None:
    """Let go of texts that were laid out, for a process that goes on while texts change."""
    _lay_out.cache_clear()


class _Scanner:
    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.prose = [list(line) for line in lines]
        self.fences: list[Fence] = []
        self.comments: list[tuple[int, int]] = []
        self.slips: list[Problem] = []
        self.spans: list[CodeSpan] = []
        self.divs: list[int] = []
        self.in_list = False
        self.paragraph_open = False

    def run(self) -> MarkdownParts:
        index = 0
        while index < len(self.lines):
            line = self.lines[index]
            fence = _FENCE.match(line)
            if fence and not (fence["run"][0] == "`" and "`" in fence["info"]):
                index = self._fence(index, fence)
                self.paragraph_open = False
            elif not line.strip():
                self.paragraph_open = False
                index += 1
            elif self._is_indented_code(index):
                self._blank(index, 0, len(line))
                index += 1
            else:
                index = self._inline(index)
        for start in self.divs:
            self._slip(start, 0, "div-is-closed", NEVER_CLOSED, "close it with a line of `:::`")
        prose = tuple("".join(line) for line in self.prose)
        apart = {i for it in self.fences for i in range(it.start, it.end + 1)}
        apart |= {i for first, last in self.comments for i in range(first, last + 1)}
        apart |= {i for i, line in enumerate(prose) if _DIV_ANY.match(line)}
        slips = (*self.slips, *glued_blocks(self.lines, prose, apart))
        return MarkdownParts(
            prose, tuple(self.fences), tuple(self.comments), slips, tuple(self.spans)
        )

    def _slip(self, line: int, column: int, code: str, message: str, fix: str) -> None:
        self.slips.append(problem(code, "", line + 1, message, fix, column + 1))

    def _blank(self, line: int, start: int, end: int) -> None:
        self.prose[line][start:end] = " " * (end - start)

    def _fence(self, start: int, opening: re.Match[str]) -> int:
        """Pass a fenced block; the index of the line after it."""
        run = opening["run"]
        cell = _CELL.match(self.lines[start])
        # Quarto closes a cell with exactly as many backticks, pandoc shown code with more too.
        most = f"{{{len(run)}}}" if cell else f"{{{len(run)},}}"
        closing = re.compile(rf"(?:[ \t]*>)*[ \t]*{re.escape(run[0])}{most}[ \t]*\Z")
        end = next(
            (i for i in range(start + 1, len(self.lines)) if closing.match(self.lines[i])), None
        )
        if end is None:
            message = f"the code fence `{self.lines[start].strip()}` is never closed"
            self._slip(start, len(opening["indent"]), "fence-is-closed", message,
                       f"close it with a line of `{run}`")  # fmt: skip
        last = len(self.lines) - 1 if end is None else end
        self.fences.append(
            Fence(
                start,
                last,
                run,
                cell["language"] if cell else "",
                cell["rest"] if cell else "",
            )
        )
        # The opening fence of shown code keeps its attributes: it may bear a label.
        shown_from = start + 1 if not cell else start
        for index in range(shown_from, last + 1):
            self._blank(index, 0, len(self.lines[index]))
            inner = _CELL.match(self.lines[index])
            if not cell and inner and inner["language"] == "python":
                message = "this cell stands within shown code, where Quarto would still run it"
                self._slip(index, 0, "cell-is-escaped", message, "write {{python}} to show it")
        return last + 1

    def _is_indented_code(self, index: int) -> bool:
        line = self.lines[index]
        if not line[0].isspace() or _LIST_MARKER.match(line):
            if _LIST_MARKER.match(line):
                self.in_list = True
            elif index == 0 or not self.lines[index - 1].strip():
                self.in_list = False
            return False
        return not self.in_list and not self.paragraph_open and bool(_INDENTED.match(line))

    def _inline(self, index: int) -> int:
        """Pass a line of prose, or several where a comment or code span crosses them."""
        line = self.lines[index]
        if _DIV_ANY.match(line):
            self._div(index)
            self.paragraph_open = False
            return index + 1
        item = _ITEMS.match(line)
        if item and _DIV_OPEN.match(line, item.end()):
            self.divs.append(index)
            self.paragraph_open = False
            return index + 1
        column = 0
        while opening := _OPENING.search(line, column):
            column = opening.start()
            character = line[column]
            if character == "\\":
                column += 2
            elif character == "<":
                index, column = self._comment(index, column)
                line = self.lines[index] if index < len(self.lines) else ""
            elif character == "`":
                index, column = self._code_span(index, column)
                line = self.lines[index]
            else:
                index, column = self._maths(index, column)
                line = self.lines[index]
        last = "".join(self.prose[index]) if index < len(self.lines) else ""
        is_block = _HEADING.match(last) or _SHORTCODE_LINE.match(last)
        self.paragraph_open = bool(last.strip()) and not is_block
        return index + 1

    def _comment(self, index: int, column: int) -> tuple[int, int]:
        start, opened = index, column
        end = self.lines[index].find("-->", column + 4)
        while end < 0:
            self._blank(index, column, len(self.lines[index]))
            index, column = index + 1, 0
            if index == len(self.lines):
                self._slip(start, opened, "comment-is-closed", "this comment is never closed",
                           "close it with `-->`")  # fmt: skip
                self.comments.append((start, index - 1))
                return index, 0
            end = self.lines[index].find("-->")
        self._blank(index, column, end + 3)
        if index > start:
            self.comments.append((start, index))
        return index, end + 3

    def _code_span(self, index: int, column: int) -> tuple[int, int]:
        run = re.compile("`+").match(self.lines[index], column)
        assert run is not None
        closing = re.compile(rf"(?<!`){run[0]}(?!`)")
        found = self._find_in_paragraph(closing, index, run.end())
        first = self.lines[index][run.end() :]
        if found is None:
            if run[0] == "`" and (_INLINE_HEAD.match(first) or attempted_code(first)):
                message = "inline code is never closed"
                self._slip(index, column, "inline-code-is-supported", message,
                           "end it with a backtick")  # fmt: skip
            return index, run.end()
        last, end = found
        if last == index:
            self.spans.append(CodeSpan(index, column, end, run[0] == "`"))
        elif _INLINE_HEAD.match(first) or (run[0] == "`" and attempted_code(first)):
            message = "inline code crosses the end of its line"
            self._slip(index, column, "inline-code-is-supported", message, "keep it on one line")
        self._blank_across(index, column, last, end)
        return last, end

    def _maths(self, index: int, column: int) -> tuple[int, int]:
        line = self.lines[index]
        if line.startswith("$$", column):
            found = self._find_in_paragraph(re.compile(r"\$\$"), index, column + 2)
        elif column + 1 < len(line) and not line[column + 1].isspace():
            found = self._find_in_paragraph(re.compile(r"(?<![\s\\])\$(?!\d)"), index, column + 1)
        else:
            found = None
        if found is None:
            return index, column + 1
        self._blank_across(index, column, *found)
        return found

    def _find_in_paragraph(
        self, pattern: re.Pattern[str], index: int, column: int
    ) -> tuple[int, int] | None:
        """Line and column after the pattern's first match before the paragraph ends."""
        while index < len(self.lines) and self.lines[index].strip():
            found = pattern.search(self.lines[index], column)
            if found:
                return index, found.end()
            index, column = index + 1, 0
            if index < len(self.lines) and _FENCE.match(self.lines[index]):
                return None
        return None

    def _blank_across(self, index: int, column: int, last: int, end: int) -> None:
        while index < last:
            self._blank(index, column, len(self.lines[index]))
            index, column = index + 1, 0
        self._blank(last, column, end)

    def _div(self, index: int) -> None:
        line = self.lines[index]
        column = len(line) - len(line.lstrip())
        if _DIV_CLOSE.match(line):
            if self.divs:
                self.divs.pop()
            else:
                fix = "delete it, or open the div"
                self._slip(index, column, "div-is-closed", NEVER_OPENED, fix)
        elif _DIV_OPEN.match(line):
            self.divs.append(index)
            if self.paragraph_open:
                message = "this div follows text without an empty line, so it would print as text"
                self._slip(
                    index, column, "div-stands-apart", message, "put an empty line before it"
                )
        else:
            message = "this div's opening line cannot be read"
            fix = "write `::: {#label .class}` on one line"
            self._slip(index, column, "div-is-closed", message, fix)
