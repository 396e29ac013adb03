"""A notebook that reads as its chapter does: values in place of inline code, captions under
pictures, boxes as quotations; and its cells' source again.

What JupyterLab is not to show stands in comments beside what it shows instead, so that a cell may
be edited and still gives its source back. A cell that would not is left as it is.
"""

from __future__ import annotations

import base64
import json
import mimetypes
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from imprint.core.model import Executed
from imprint.read.chapters.mentions import inline_expressions
from imprint.read.chapters.pieces import cut
from imprint.read.chapters.sentences import OPAQUE

Values = Mapping[tuple[int, int], str]
"""What inline code printed, by its line and column, both from 1."""

_SPAN = re.compile(r"\[([^\[\]]*)\]\{\.([\w-]+)[^{}]*\}")
_FENCE = re.compile(r"(?P<indent>\s*)(?P<fence>:{3,}(?P<opens>[^:].*)?)$")
_CODE_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_HEADING_TAIL = re.compile(r"(?<=\S) (\{[#.][^{}]*\})\s*$")
_IMAGE = re.compile(r"!\[(?P<caption>.*)\]\((?P<address>[^()\s]+)\)(?P<tail>\{[^{}]*\})?\s*$")
_ECHO = re.compile(r"^(`{3,})\{\.python \.cell-code.*?^\1\n", re.M | re.S)

_SHOWN = re.compile(
    r"<span>(?:(?!<span>).)*?<!--(?P<code>\{python\} .*?)--></span>"
    r"|<!--(?P<tail>\{[#.a-z][^{}]*\})-->"
    r"|<!--(?P<fence>:::.*?)--></?blockquote>"
    r"|<br><em>.*?<!--caption--></em>"
)


def with_values(notebook: str, text: str, executed: Executed, root: Path) -> str:
    """The notebook of a chapter's text with what its code printed when it last ran; code whose
    value is not known stays. `root` is where paths of pictures begin."""
    data = json.loads(notebook)
    values = dict(_values(executed))
    for piece, cell in zip(cut(text.split("\n")), data["cells"], strict=True):
        if cell["cell_type"] == "code":
            cell["outputs"] = _outputs(executed, piece.start + 1, root)
        elif cell["cell_type"] == "markdown":
            source = "".join(cell["source"])
            shown = _shown(source, piece.start + 1, values)
            if source_of(shown) == source:
                cell["source"] = shown.splitlines(keepends=True)
    data["metadata"].setdefault("imprint", {})["shown"] = True
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def source_of(shown: str) -> str:
    """The source of a Markdown cell that `with_values` made, edited or not."""
    return _SHOWN.sub(
        lambda it: f"`{it['code']}`" if it["code"] else it["tail"] or it["fence"] or "", shown
    )


def _values(executed: Executed) -> Iterator[tuple[tuple[int, int], str]]:
    for line in executed.lines:
        if line.place.file != executed.path:
            continue
        ends = [*(it.start for it in line.stretches[1:]), len(line.text)]
        for stretch, end in zip(line.stretches, ends, strict=True):
            value = line.text[stretch.start : end]
            if not stretch.is_written and stretch.column and OPAQUE not in value:
                yield (line.place.line, stretch.column), _words(value)


def _shown(source: str, first: int, values: Values) -> str:
    """A Markdown cell as it is shown; `first` is its first line in the chapter."""
    shown, is_code = [], False
    for number, line in enumerate(source.split("\n"), start=first):
        is_code ^= bool(_CODE_FENCE.match(line))
        shown.append(line if is_code else _shown_line(line, number, values))
    return "\n".join(shown)


def _shown_line(line: str, number: int, values: Values) -> str:
    if fence := _FENCE.match(line):
        end = "" if fence["opens"] else "/"
        return f"{fence['indent']}<!--{fence['fence']}--><{end}blockquote>"
    for inline in reversed(inline_expressions(line)):
        code, value = (
            line[inline.start + 1 : inline.end - 1],
            values.get((number, inline.start + 1)),
        )
        if value and "--" not in code:
            put = f"<span>{value}<!--{code}--></span>"
            line = line[: inline.start] + put + line[inline.end :]
    if line.startswith("#"):
        return _HEADING_TAIL.sub(r" <!--\1-->", line)
    if image := _IMAGE.match(line):
        tail = f"<!--{image['tail']}-->" if image["tail"] else ""
        caption = f"<br><em>{image['caption']}<!--caption--></em>" if image["caption"] else ""
        return f"![{image['caption']}]({image['address']}){tail}{caption}"
    return line


def _words(text: str) -> str:
    """Markdown without the attributes of its spans, inner ones first; a figure's title in bold."""
    while (
        bare := _SPAN.sub(lambda it: f"**{it[1]}**" if it[2] == "figure-title" else it[1], text)
    ) != text:
        text = bare
    return text


# --- what cells printed ------------------------------------------------------------------------


def _outputs(executed: Executed, line: int, root: Path) -> list[dict[str, object]]:
    """What the cell that begins at this line printed, as the output of a notebook's cell."""
    lines = [
        it.text for it in executed.lines
        if (it.place.file, it.place.line) == (executed.path, line) and not it.stretches[0].column
    ]  # fmt: skip
    text = _ECHO.sub("", "\n".join(lines)).strip("\n")
    if not text:
        return []
    shown = "\n".join(_printed_line(line, root) for line in text.split("\n"))
    return [{"output_type": "display_data", "metadata": {}, "data": {"text/markdown": shown}}]


def _printed_line(line: str, root: Path) -> str:
    image = _IMAGE.match(line)
    if not image:
        return _words(_shown_line(line, 0, {}))
    address, caption = image["address"], _words(image["caption"])
    file = root / address.lstrip("/")
    if address.startswith("/") and file.is_file():
        kind = mimetypes.guess_type(file.name)[0] or "image/png"
        address = f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode('ascii')}"
    return f'<img alt="" src="{address}">\n\n{caption}'
