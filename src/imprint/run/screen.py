"""What a program wrote to a terminal -> the text that stands there in the end.

Progress bars write over themselves, colours and links come as sequences of control characters;
paper can show neither, and readers want the last state.
"""

from __future__ import annotations

import re

_STRINGS = re.compile(r"\x1b[\]PX^_].*?(?:\x07|\x1b\\|\Z)", re.DOTALL)
"""Titles of windows, links and the like: what stands in them is not shown."""
_CONTROL = re.compile(
    r"\x1b\[(?P<count>[0-?]*)[ -/]*(?P<act>[@-~])|\x1b[()*+][0-~]|\x1b[ -~]?"
    r"|(?P<sign>[\x00-\x08\x0a-\x1f\x7f-\x9f])"
)
_SEPARATORS = str.maketrans("\v\f\x85\u2028\u2029", "\n" * 5)


def plain_text(text: str) -> str:
    """The text as a terminal shows it: what is written over is gone, and so are all controls."""
    if not _CONTROL.search(text):
        return text
    text = _STRINGS.sub("", text.translate(_SEPARATORS).replace("\r\n", "\n"))
    screen = _Screen()
    begun = 0
    for control in _CONTROL.finditer(text):
        screen.write(text[begun : control.start()])
        screen.act(control["sign"] or control["act"] or "", control["count"] or "")
        begun = control.end()
    screen.write(text[begun:])
    return "\n".join(screen.rows)


class _Screen:
    def __init__(self) -> None:
        self.rows = [""]
        self.row = self.column = 0

    def write(self, text: str) -> None:
        if not text:
            return
        line, end = self.rows[self.row], self.column + len(text)
        self.rows[self.row] = line[: self.column].ljust(self.column) + text + line[end:]
        self.column = end

    def act(self, what: str, count: str) -> None:
        """Move, or take something out; colours and the rest do nothing."""
        steps = int(count) if count.isdecimal() and len(count) < 6 else 1
        if what in ("\n", "B"):
            self._down(1 if what == "\n" else steps)
            self.column = 0 if what == "\n" else self.column
        elif what == "A":
            self.row = max(self.row - steps, 0)
        elif what == "C":
            self.column += steps
        elif what in ("\b", "D"):
            self.column = max(self.column - (1 if what == "\b" else steps), 0)
        elif what in ("\r", "G"):
            self.column = 0 if what == "\r" else max(steps - 1, 0)
        elif what == "K":
            self._erase(count)

    def _down(self, steps: int) -> None:
        self.row += min(steps, 1000)
        self.rows += [""] * (self.row + 1 - len(self.rows))

    def _erase(self, count: str) -> None:
        """From the cursor to the line's end; with 1 from its beginning, with 2 all of it."""
        line = self.rows[self.row]
        kept = "" if count == "2" else " " * self.column + line[self.column :]
        self.rows[self.row] = line[: self.column] if count in ("", "0") else kept
