"""What a cell or an inline expression displayed -> Markdown lines and images, as Quarto prints it.

Pure functions over Jupyter's outputs; what is chosen of several forms of one value, and what is
dropped, follows Quarto, so that both engines print the same.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from imprint.core.escaping import attribute
from imprint.core.model import Cell
from imprint.core.problems import Problem, Severity
from imprint.read.chapters.attachments import ENDINGS
from imprint.read.chapters.cell_captions import (
    OutputLines,
    caption_of,
    captioned,
    captions_of,
    code_attributes,
    one_line,
)
from imprint.run.screen import plain_text

Output = Mapping[str, Any]

_FORMS = ("text/markdown", "image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp",
          "text/html", "text/latex", "text/plain")  # fmt: skip
_OTHER_FORMS = ("text/latex", "application/json", "text/plain")
_MATHS = ("$", r"\begin{", r"\[")
_LIVE = re.compile(r"application/(?:vnd\..*|javascript|geo\+json)")
"""What a browser draws by a script; of widgets their words are left."""
MOST_LINES = 5_000
"""What one cell may print as it stands; more fills a hundred pages that nobody reads."""
MOST_CHARACTERS = 400_000
MOST_MARKUP = 2_000_000
"""Characters of HTML or Markdown, most of which are tags."""
_ECHO_FENCED = re.compile(r"\|\s*echo:\s*fenced\s*$")
_PLOT_OBJECT = re.compile(r"\A\[?<(matplotlib|seaborn)\.")
_BRACKETED = re.compile(r"\A[<(\[].*[>)\]]\Z")
_CELL_FILE = re.compile(r"(?:\b[A-Za-z]:)?[/\\]\S*[/\\]ipykernel_\d+[/\\]\d+\.py:\d+: ")
_PACKAGES = re.compile(r"^\S*[/\\]site-packages[/\\]", re.MULTILINE)
_OBJECT = re.compile(r"(<[^<>\n]*) at 0x[0-9a-f]{6,}(?=[^<>\n]*>)")
"""An object that says no more of itself than where it lies in memory."""
_ONLY_A_NAME = re.compile(r"\A<[\w.]+(?: object)?(?: at 0x[0-9a-f]+)?>\Z")
"""What an object says of itself that has nothing to say."""
_PANDAS_STYLE = re.compile(r"<style scoped>.*?</style>\s*", re.DOTALL)


@dataclass(frozen=True)
class Shown:
    """A cell as it is printed."""

    lines: tuple[str, ...] = ()
    media: Mapping[str, bytes] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def cell_name(cell: Cell) -> str:
    """Name a cell as messages do: `cell 3 'fig-pay'`."""
    label = cell.options.get("label")
    return f"cell {cell.index} '{label}'" if label else f"cell {cell.index}"


def show_cell(chapter: str, cell: Cell, outputs: Sequence[Output] | None) -> Shown:
    """Print a cell of the chapter with what it put out, None where that is not known, as its
    options ask."""
    options = cell.options
    if not options.get("include", True):
        return Shown()
    blocks: list[Sequence[str]] = []
    if options.get("echo", True) and cell.code.strip():
        blocks.append(_code(cell))
    if not options.get("output", True):
        return Shown(_joined(blocks))
    printed = _CellOutput(chapter, cell, options)
    content = [
        OutputLines(block, output["output_type"] not in ("stream", "error"))
        for output in _kept(options, outputs or ())
        for block in printed.block(output)
    ]
    if outputs is not None:
        printed.tell_of_lost_captions(content)
    blocks.extend(captioned(options, content))
    return Shown(_joined(blocks), printed.media, tuple(printed.problems))


def _code(cell: Cell) -> Sequence[str]:
    """The code of a cell, or with `echo: fenced` the cell as its author wrote it."""
    code = cell.code.strip("\n")
    if cell.options.get("echo") != "fenced":
        return _fenced(code, code_attributes(cell.options))
    written = [line for line in cell.option_lines if not _ECHO_FENCED.search(line)]
    return _fenced("\n".join(["```{python}", *written, code, "```"]), "{.cell-code}")


class _CellOutput:
    """The outputs of one cell on their way to Markdown, with the images they bring along."""

    def __init__(self, chapter: str, cell: Cell, options: Mapping[str, Any]) -> None:
        self.stem = "-".join(PurePosixPath(chapter).with_suffix("").parts)
        self.cell = cell
        self.options = options
        self.label = str(options.get("label") or "")
        self.media: dict[str, bytes] = {}
        self.problems: list[Problem] = []
        self.images: list[str] = []

    def block(self, output: Output) -> Iterator[Sequence[str]]:
        kind = output["output_type"]
        if kind == "stream":
            text = _same_everywhere(plain_text(output["text"]))
            if self._is_too_long(text):
                return
            if self.options.get("output") == "asis" and output["name"] == "stdout":
                yield text.splitlines()
            elif text.strip():
                yield _division(_fenced(text), f".cell-output .cell-output-{output['name']}")
        elif kind == "error":
            text = plain_text(f"{output['ename']}: {output['evalue']}")
            yield _division(_fenced(text), ".cell-output .cell-output-error")
        else:
            yield from self._display(output["data"])

    def _display(self, bundle: Mapping[str, Any]) -> Iterator[Sequence[str]]:
        form = form_of(bundle)
        value = bundle.get(form, "")
        if form in ENDINGS:
            yield self._image(form, value)
        elif form == "text/html":
            yield from self._html(value, bundle.get("text/plain", ""))
        elif form in ("text/plain", "application/json"):
            if form == "application/json":
                value = json.dumps(value, ensure_ascii=False, indent=2)
            text = "" if self._lacks(bundle) else _same_everywhere(plain_text(value))
            if text.strip() and not self._is_too_long(text):
                yield _division(_fenced(text), ".cell-output .cell-output-display")
        elif form:
            if not self._is_too_long(value, MOST_MARKUP):
                text = _own_maths(value) if form == "text/latex" else str(value)
                yield text.splitlines()
        elif bundle:
            self._lacks(bundle, sorted(bundle))

    def _lacks(self, bundle: Mapping[str, Any], live: Sequence[str] = ()) -> bool:
        """Whether what a value displays is no more in its words; tells of it, a widget's too."""
        live = live or sorted(form for form in bundle if _LIVE.fullmatch(form))
        if not live:
            return False
        is_widget = "text/plain" in bundle and all("widget-view" in form for form in live)
        message = f"{cell_name(self.cell)} displays {' and '.join(live)}, which neither form prints"
        fix = "display text, a table or an image of it"
        # A script alone, as libraries load theirs with, has no words to lose.
        is_script = set(live) == {"application/javascript"}
        self._note(message, fix, "warning" if is_widget or is_script else "error")
        return not is_widget

    def _html(self, value: str, plain: str) -> Iterator[Sequence[str]]:
        """HTML, with the plain text that stands for it where it is none that paper can show."""
        if self._is_too_long(value, MOST_MARKUP):
            return
        lines = _fenced(_PANDAS_STYLE.sub("", value), "{=html-output}")
        text = _same_everywhere(plain_text(plain))
        if text.strip() and not _ONLY_A_NAME.match(plain.strip()):
            lines += ["", *_fenced(text, "{.cell-output-plain}")]
        yield lines

    def _is_too_long(self, text: str, most: int = MOST_CHARACTERS) -> bool:
        """Tell, once for a cell, that it puts out more than a publication holds."""
        lines = text.count("\n") if most == MOST_CHARACTERS else 0
        if len(text) <= most and lines <= MOST_LINES:
            return False
        many = f"{lines:,} lines" if lines > MOST_LINES else f"{len(text):,} characters"
        bound = f"{MOST_LINES:,} lines" if lines > MOST_LINES else f"{most:,} characters"
        message = f"{cell_name(self.cell)} prints {many}, more than the {bound} of one output"
        self._note(message, "print the part that readers need, or write the rest into a file")
        return True

    def tell_of_lost_captions(self, content: Sequence[OutputLines]) -> None:
        """Tell of captions that no output is there for."""
        shown, captions = sum(it.is_displayed for it in content), captions_of(self.options)
        if len(captions) > shown:
            many = f"{len(captions)} captions for {shown} output{'' if shown == 1 else 's'}"
            message = f"{cell_name(self.cell)} gives {many}"
            self._tell(message, "give one for each output, or show what the others are of")
        elif caption_of(self.options) and not content and not captions:
            message = f"{cell_name(self.cell)} shows nothing that its caption could stand at"
            self._tell(message, "show the figure or table, or delete the caption")

    def _tell(self, message: str, fix: str) -> None:
        self.problems.append(Problem(self.cell.place, "caption-has-output", message, fix))

    def _note(self, message: str, fix: str, severity: Severity = "error") -> None:
        place = self.cell.place
        self.problems.append(Problem(place, "output-is-printed", message, fix, severity))

    def _image(self, form: str, value: str) -> list[str]:
        self.images.append(form)
        number = len(self.images)
        name = self.label or str(self.cell.index)
        path = f"/figures/cells/{self.stem}-{name}-{number}.{ENDINGS[form]}"
        self.media[path] = value.encode() if form == "image/svg+xml" else base64.b64decode(value)
        given = self.options.get("fig-alt")
        each = given if isinstance(given, list) else [given]
        alt = one_line(each[min(number, len(each)) - 1])
        if not alt:
            self.problems.append(_no_alt(self.cell, number))
            alt = name
        return [f'![]({quote(path)}){{fig-alt="{attribute(alt)}"}}']


def _no_alt(cell: Cell, number: int) -> Problem:
    which = f"image {number} of" if number > 1 else "the image of"
    place = cell.option_places.get("label", cell.place)
    fix = "say in `#| fig-alt:` what the image shows, for readers who cannot see it"
    return Problem(
        place, "figure-has-alt", f"{which} {cell_name(cell)} has no alternative text", fix
    )


def _kept(options: Mapping[str, Any], outputs: Sequence[Output]) -> Iterator[Output]:
    """Leave out warnings not asked for, and the objects that drawing commands return."""
    drawn = any(form_of(output.get("data", {})) in ENDINGS for output in outputs)
    for output in outputs:
        if output["output_type"] == "stream" and output["name"] == "stderr":
            if options.get("warning", True):
                yield output
        elif not _is_plot_object(output, drawn):
            yield output


def _is_plot_object(output: Output, drawn: bool) -> bool:
    if output["output_type"] != "execute_result" or set(output["data"]) != {"text/plain"}:
        return False
    text = output["data"]["text/plain"].strip()
    return bool(_PLOT_OBJECT.match(text) or (drawn and _BRACKETED.match(text)))


def _same_everywhere(text: str) -> str:
    """Leave out what differs from run to run or place to place: temporary files, addresses."""
    return _OBJECT.sub(r"\1", _PACKAGES.sub("", _CELL_FILE.sub("", text)))


def form_of(bundle: Mapping[str, Any]) -> str:
    """Choose the form of a value to print; LaTeX before others only where it is maths, and the
    plain text of an object that says no more than its name after them all."""
    plain = str(bundle.get("text/plain", ""))
    for form in _FORMS:
        is_words = form == "text/latex" and not str(bundle.get(form, "$")).startswith(_MATHS)
        is_name = form == "text/plain" and bool(_ONLY_A_NAME.match(plain.strip()))
        if form in bundle and not is_words and not is_name:
            return form
    return next((form for form in _OTHER_FORMS if form in bundle), "")


def _own_maths(latex: str) -> str:
    r"""LaTeX as Markdown, which knows `$$` where LaTeX has `\[`."""
    for opening, closing, mark in ((r"\[", r"\]", "$$"), (r"\(", r"\)", "$")):
        latex = latex.replace(opening, mark).replace(closing, mark)
    return latex


def _fenced(text: str, attributes: str = "") -> list[str]:
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return [f"{fence} {attributes}".rstrip(), *text.rstrip("\n").split("\n"), fence]


def _division(lines: Sequence[str], attributes: str) -> list[str]:
    return [f"::: {{{attributes}}}", *lines, ":::"]


def _joined(blocks: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Set the blocks apart by empty lines, with one before and one after them all."""
    lines = [line for block in blocks if block for line in ("", *block)]
    return (*lines, "") if lines else ()
