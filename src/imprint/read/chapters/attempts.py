"""Markdown that was meant as code to run or as attributes, and that would print as it stands ->
problems, each with the nearest right form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher

from imprint.core.problems import Place, Problem
from imprint.read.chapters.cell_options import DIAGRAMS
from imprint.read.chapters.layout import Fence

_OTHER_LANGUAGES = frozenset({"r", "julia", "ojs", "js", "javascript", "bash", "sql"})
_CLOSED_HEAD = re.compile(
    r"\s*+(?P<open>[{(\[<]*+)(?P<inner>[^{}()\[\]<>\"'`]+)(?P<close>[})\]>]+)(?P<rest>.*)\Z"
)
_OPEN_HEAD = re.compile(r"\s*+[{(\[<]++\s*+(?P<name>[A-Za-z]+)[\s,]+(?P<rest>[^\s})\]>].*)\Z")
_CALL = r"(?:stat|claim|figure|table|compare)\(\s*[\"'].*\)"
_BARE_CALL = re.compile(rf"\s*+(?:(?P<name>[A-Za-z]+):?\s+)?(?P<rest>{_CALL})\s*\Z")
_RUNS = re.compile(r"\{python\}[ \t]+\S")
_OUTSIDE = re.compile(r"(?<![\\{\w\])])\{[ \t]*(?P<inner>[A-Za-z]+)[ \t,]*\}(?!\})")

_NAME = r"[^\W\d_][\w:.-]*"
_VALUE = r"(?:\"[^\"]*\"|'[^']*'|[^\s\"{}][^\s{}]*)?"
_ATTRIBUTES = re.compile(
    rf"\s*(?:(?:#[\w:.-]+|\.{_NAME}|[\w:][\w:.-]*={_VALUE}|=[\w-]+|-)(?:\s+|\Z))*\Z"
)
_DIV = re.compile(r"[ \t>]*:{3,}[ \t]*\{(?P<inner>[^{}]*)\}[ \t]*:*[ \t]*\Z")
_SHORT_DIV = re.compile(
    r"[ \t>]*(?P<colons>::?)[ \t]*\{(?P<inner>[.#](?![^{}]*tbl-)[^{}]*)\}[ \t]*\Z"
)
_SPAN = re.compile(r"\](?:\([^()]*\))?\{(?P<inner>[^{}<>%\\]*)\}(?!\})")
_HEADING = re.compile(r"#{1,6}[ \t].*[ \t]\{(?P<inner>[^{}<>%]*)\}[ \t]*#*[ \t]*\Z")
_WORD = re.compile(rf"(?<!\S)(?P<mark>[.#]?)(?P<name>{_NAME})[,;]?(?!\S)")


def attempted_code(content: str) -> str | None:
    """What a code span was meant to run, as it should be written: `{python} stat("x")`.

    None for what runs, what is only code to show, and Quarto's escape `{{python}}`.
    """
    if _RUNS.match(content):
        return None
    closed, opened = _CLOSED_HEAD.match(content), _OPEN_HEAD.match(content)
    called = _BARE_CALL.match(content)
    if closed:
        return _from_closed(closed)
    if opened and looks_like_python(opened["name"]):
        code = opened["rest"].strip()
        return _right(code if code.count("}") == code.count("{") else code.rstrip("} "))
    if called and (not called["name"] or looks_like_python(called["name"])):
        return _right(called["rest"])
    return None


def _from_closed(head: re.Match[str]) -> str | None:
    inner, code = head["inner"], head["rest"].strip()
    if head["open"].startswith("{{") and head["close"].startswith("}}"):
        return None
    first = re.match(r"[.=#\s]*([A-Za-z]\w*)", inner)
    name = first[1] if first else ""
    if code:
        if name.lower() in _OTHER_LANGUAGES and "{" in head["open"] and "}" in head["close"]:
            return _right(code)
        return _right(code) if looks_like_python(inner) or looks_like_python(name) else None
    # `{python}` alone names the syntax; `{python: 3}` is data.
    is_mention = inner.strip() == "python" if inner == inner.strip() else False
    braced = "{" in head["open"] or "}" in head["close"]
    odd = not is_mention or (head["open"], head["close"]) != ("{", "}")
    letters = re.fullmatch(r"[A-Za-z\s,;]+", inner)
    return _right("") if braced and odd and letters and looks_like_python(inner) else None


def _right(code: str) -> str:
    return "`{python} " + (code or 'stat("id")') + "`"


def looks_like_python(word: str) -> bool:
    """Whether this is `python` misspelt, or with blanks and marks in it."""
    letters = re.sub(r"[\W_]+", "", word).lower()
    if letters in ("py", "python3"):
        return True
    return 4 <= len(letters) <= 8 and SequenceMatcher(None, letters, "python").ratio() >= 0.8


def span_problem(content: str, at: Place, *, runs: bool = True) -> Problem | None:
    """The problem with a code span between single backticks that was meant to be run, in a file
    where code `runs`."""
    if not runs:
        if not _RUNS.match(content):
            return None
        message = f"nothing runs in an .md file: `{content}` prints as it stands"
        fix = "name the file .qmd; two backticks on each side show it as code"
        return Problem(at, "inline-code-is-supported", message, fix, "warning")
    right = attempted_code(content)
    if right is None:
        return None
    message = f"`{content}` looks like inline code, but would print as it stands"
    fix = f"write {right}; two backticks on each side show it as code"
    code = "call-is-marked" if _BARE_CALL.match(content) else "inline-code-is-supported"
    return Problem(at, code, message, fix)


def fence_problem(info: str, is_tilde: bool, at: Place) -> Problem | None:
    """The problem with the fence of shown code that was meant as a cell, or whose attributes
    cannot be read. `info` is what follows its backticks or tildes."""
    right = "```{python}"
    closed = _CLOSED_HEAD.match(info)
    opened = re.fullmatch(r"\s*[{(\[<]+\s*(?P<inner>\w+)\s*", info)
    inner = closed["inner"] if closed else opened["inner"] if opened else ""
    doubled = closed is not None and closed["open"] == "{{" and closed["close"] == "}}"
    meant = not doubled and not re.match(r"\s*[.=]", inner) and looks_like_python(inner)
    if meant and (is_tilde or info.strip() != "{python}"):
        message = f"the fence `{info.strip()}` looks like a cell's, but would only show its code"
        fix = f"write `{right}`, or {{{{python}}}} to show the fence"
        return Problem(at, "cell-is-supported", message, fix)
    braced = re.fullmatch(r"\s*\{(?P<inner>[^{}]*)\}\s*", info)
    if braced and not _ATTRIBUTES.match(braced["inner"]):
        return _unreadable(braced["inner"], "code", at)
    return None


def attribute_problems(prose: str, place: Place) -> Iterator[Problem]:
    """Problems with the attributes of divs, spans, images and headings of a line, code blanked,
    and with inline code that stands outside backticks."""
    short = _SHORT_DIV.match(prose)
    if short:
        at = replace(place, column=short.start("colons") + 1)
        message = f"a div begins with three colons; this line has {len(short['colons'])}"
        fix = f"write `::: {{{short['inner']}}}`"
        yield Problem(at, "attributes-are-readable", message, fix)
    div, heading = _DIV.match(prose), _HEADING.match(prose)
    blocks = [(div, "div"), (heading, "heading")]
    groups = [(found, what) for found, what in blocks if found]
    groups += [(found, "span") for found in _SPAN.finditer(prose) if not (div or heading)]
    for found, what in groups:
        if not _ATTRIBUTES.match(found["inner"]):
            at = replace(place, column=found.start("inner"))
            yield _unreadable(found["inner"], what, at)
    for outside in _OUTSIDE.finditer(prose):
        if not (div or heading) and looks_like_python(outside["inner"]):
            at = replace(place, column=outside.start() + 1)
            message = f"`{outside[0]}` stands outside backticks, so it would print as text"
            fix = f"write {_right('')}"
            yield Problem(at, "inline-code-is-supported", message, fix)


def _unreadable(inner: str, what: str, at: Place) -> Problem:
    message = f"the attributes of this {what} cannot be read, so they would print: {{{inner}}}"
    near = _WORD.sub(_marked, re.sub(r"(?<!\S)([.#])\s+(?=\w)", r"\1", inner).replace("“", '"'))
    near = near.replace("”", '"').strip()
    if near != inner.strip() and _ATTRIBUTES.match(near):
        return Problem(at, "attributes-are-readable", message, f"write {{{near}}}")
    fix = 'write #label, .class or key="value", parted by spaces'
    return Problem(at, "attributes-are-readable", message, fix)


def _marked(word: re.Match[str]) -> str:
    """A bare word with a mark: a label where it has a hyphen, as `box-audits` has, or a class."""
    return (word["mark"] or ("#" if "-" in word["name"] else ".")) + word["name"]


def shown_fence_problem(fence: Fence, at: Place) -> Problem | None:
    """A warning where a cell is of no language that is run anywhere, as `{text}` is: Quarto, too,
    shows it as code."""
    told = fence.language.lower()
    if told in ("python", *DIAGRAMS, *_OTHER_LANGUAGES) or looks_like_python(told + fence.rest):
        return None
    message = f"nothing runs '{told}' cells: this one is shown as code"
    fix = f"write `{told}` without braces"
    return Problem(at, "cell-is-supported", message, fix, "warning")


def fence_class_problem(fence: Fence, at: Place) -> Problem | None:
    """A warning where classes stand in a cell's fence, from which Quarto takes none either."""
    if not fence.rest.lstrip().startswith(".") or not _ATTRIBUTES.match(fence.rest):
        return None
    message = f"nothing takes the classes in this cell's fence: '{fence.rest.strip()}'"
    fix = "put the cell into a div that has them"
    return Problem(at, "cell-option-is-supported", message, fix, "warning")


def is_markdown(chapter: str) -> bool:
    """Whether nothing runs in a chapter: Quarto, too, hands an `.md` file to no kernel."""
    return chapter.lower().endswith(".md")


def cell_fence_problem(fence: Fence, opening: str, chapter: str) -> tuple[str, str]:
    """What is wrong with the fence of a cell, whose line is `opening`, and its fix; else two empty
    texts. `chapter` is the file that is rendered, which may only include the one with the cell."""
    message, fix = "", ""
    if is_markdown(chapter):
        message = f"nothing runs in an .md file, and '{chapter}' is one"
        fix = f"name it `{chapter[:-3]}.qmd`, or write {{{{{fence.language}}}}} to show the code"
    elif fence.language not in ("python", *DIAGRAMS):
        message = f"the embedded engine runs no '{fence.language}' cells, only python"
        right = "write `{python}`" if looks_like_python(f"{fence.language}{fence.rest}") else ""
        fix = right or f"write it in python, or {{{{{fence.language}}}}} to show the code"
    elif fence.rest and not fence.rest.strip(" ,"):
        message = f"the fence's braces hold more than the language: '{{python{fence.rest}}}'"
        fix = "write `{python}`"
    elif fence.rest and not fence_class_problem(fence, Place("")):
        message = f"cell options stand in the fence: '{fence.rest.strip(' ,')}'"
        fix = "write them as `#| key: value` lines"
    elif not opening.startswith("`"):
        message, fix = "this cell is indented", "move it to the margin, out of the list"
    elif chapter.lower().endswith(".ipynb"):
        message = "a Markdown cell holds a cell's fence"
        fix = "make it a code cell, or write {{python}} to show the code"
    return message, fix
