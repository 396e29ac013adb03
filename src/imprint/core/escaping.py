"""Plain values -> Markdown that means exactly them, whatever they contain.

Text from data, works, options and inline results reaches a chapter only through `escape`,
`locator` and `attribute`, so that no cell of a CSV file can become emphasis, a citation, a
shortcode, raw HTML or a second column. `is_safe_address` says which addresses may become links.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from jinja2 import Environment

Align = Literal["left", "right", "center"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#^~$@|!&])")
_MARKER = re.compile(
    r"\(?(?:\d+|[A-Za-z]|[ivxlcdmIVXLCDM]{2,6})[.)](?=\s|\Z)|[-+:%=](?=[\s=:-]|\Z)"
)
"""What would begin a list, a definition or a title at the start of a line."""
_ENTITIES = {
    "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;", "\\": "&#92;", "{": "&#123;",
    "}": "&#125;", "`": "&#96;", "$": "&#36;",
}  # fmt: skip
_RULES = {"left": ":{}", "right": "{}:", "center": ":{}:"}
_WIDEST = 40
_FULL = 120
"""Letters in a line that pandoc takes to be wider than the page."""


@dataclass(frozen=True, repr=False)
class Markdown:
    """Markdown that a chapter's cell or inline code prints."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__


class AuthorError(Exception):
    """Something an author fixes; shown in a notebook as its message, without a traceback."""

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(f"{message}: {fix}" if fix else message)
        self.message = message
        self.fix = fix

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


def one_line(text: str) -> str:
    """Put text on one line; line breaks and runs of spaces become a space, no-break ones stay."""
    return " ".join(part for part in re.split(r"[ \t\r\n\f\v]+", text) if part)


def slug(text: str) -> str:
    """The letters and digits of a text that any system and address can hold: `ada-lovelace`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-")


def escape(text: str) -> str:
    """Escape text so that Markdown prints it as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", one_line(text))


def escape_opening(text: str) -> str:
    """Escape text that may open a paragraph, which it shall not make a list or a definition."""
    line = escape(text)
    marker = _MARKER.match(line)
    if not marker:
        return line
    last = marker.end() - 1
    return f"{line[:last]}\\{line[last:]}"


def locator(text: str) -> str:
    """Escape text so that it is the end of a citation in brackets: `p. 4` in `[@key, p. 4]`."""
    return escape(text).replace(";", "&#59;")


def attribute(text: str) -> str:
    """Escape text for a double-quoted attribute, on one line."""
    return "".join(_ENTITIES.get(character, character) for character in one_line(text))


def pipe_table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    aligns: Sequence[Align],
    widths: Sequence[float] | None = None,
) -> str:
    """Set Markdown cells as a pipe table with a header row.

    The lengths of the rules under the headers tell pandoc how wide the columns of a table should
    be that is too wide for one line; `widths` sets them and makes every table that wide.
    """
    if widths is None:
        longest = [max(map(len, column)) for column in zip(headers, *rows, strict=True)]
        lengths = [max(3, min(_WIDEST, length)) for length in longest]
    else:
        lengths = [max(3, round(_FULL * width / sum(widths))) for width in widths]
    rules = [
        _RULES[align].format("-" * length) for align, length in zip(aligns, lengths, strict=True)
    ]
    lines = [headers, rules, *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


# --- addresses -------------------------------------------------------------------------------

SCHEMES = frozenset({"http", "https", "mailto", "tel", "doi"})
"""What the address of a link may begin with, besides those without any: `chapter.qmd#label`."""
_SCHEME = re.compile(r"(?P<scheme>[^:/?#]*):")
_IGNORED = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\ufeff]+")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml)[;,]", re.IGNORECASE)


def is_safe_address(address: str, is_image: bool = False) -> bool:
    """Whether a link, or an image, may have this address, as a browser would read it.

    Browsers take no notice of case, of blanks and control characters, and decode entities.
    """
    read = _IGNORED.sub("", html.unescape(address))
    if is_image and _PICTURE.match(read):
        return True
    found = _SCHEME.match(read)
    return found is None or found["scheme"].lower() in SCHEMES


def templates(folder: Path) -> Environment:
    """The templates of pages in a folder: what is put into them is escaped, and what is missing is
    an error."""
    # Chapters' kernels, which need none, load this module too.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
