"""One line of Markdown -> problems with its shortcodes and its inline code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches

from imprint.core.model import Line
from imprint.core.problems import Place, Problem, nearest
from imprint.read.chapters.attempts import attempted_code, span_problem
from imprint.read.chapters.layout import CodeSpan
from imprint.read.chapters.mentions import inline_expressions

LATER = (
    *("meta", "var", "env", "brand", "pagebreak", "kbd", "lipsum", "placeholder", "video"),
    "contents",
)
"""Shortcodes that stay in the text and are resolved when the publication is composed."""

_LIKELY = ("include", "meta", "pagebreak")
"""Those of them that a text with other braces may be taken for."""

_SHORTCODE = re.compile(r"(?<!\{)\{\{<(?P<body>(?:(?!\{\{<|>\}\}).)*+)>\}\}(?!\})")
_OPEN_SHORTCODE = re.compile(r"(?<!\{)\{\{<(?!(?:(?!\{\{<|>\}\}).)*+>\}\})")
_NEARLY = re.compile(
    r"(?<![{\\])(?P<open>\{{1,2}+[ \t]*+[<%]?|\{[ \t]*+\{[ \t]*+<)[ \t]*+(?P<name>[A-Za-z]++)"
    r"(?P<rest>[^{}<>%]*+)(?P<close>[<>%]?[ \t]*+\}[ \t]*+\}?)(?!\})"
)
"""No part of these gives back what it has taken: a line that is nearly one takes no longer."""


_ENVIRONMENT = re.compile(r"\{\{<\s+env\s+([^\s>]+)")


def environment_names(lines: Iterable[Line]) -> set[str]:
    """The variables of the environment that the shortcodes of a text name."""
    return {name for line in lines for name in _ENVIRONMENT.findall(line.text)}


def shortcode_end(prose: Sequence[str], index: int) -> int:
    """The line after the one that closes the shortcode which this line opens, where that is one of
    its paragraph; else the line after this."""
    if not _OPEN_SHORTCODE.search(prose[index]):
        return index + 1
    for at in range(index + 1, len(prose)):
        if not prose[at].strip() or "{{<" in prose[at].split(">}}")[0]:
            break
        if ">}}" in prose[at]:
            return at + 1
    return index + 1


_INCLUDE = re.compile(
    r"\s*\{\{< include(?:[ ]+(?:(?P<mark>[\"'])(?P<quoted>.*?)(?P=mark)|(?P<plain>[^\s>]+)))?"
    r"(?: [^>]*)? >\}\}\s*\Z"
)


def included_file(prose: str) -> str | None:
    """The file that a line's shortcode `include` names, empty for none; None without one. Quarto
    passes over the words that follow it."""
    found = _INCLUDE.match(prose)
    return (found["quoted"] or found["plain"] or "") if found else None


def shortcode_problems(prose: str, place: Place) -> Iterator[Problem]:
    """Problems with the shortcodes of a line of prose, its code blanked."""
    for found in _SHORTCODE.finditer(prose):
        body = found["body"]
        at = replace(place, column=found.start() + 1)
        name = (body.split() or [""])[0]
        if body.lstrip().startswith("/*") or (name in LATER and body[0] == body[-1] == " "):
            continue
        if name == "include" or name in LATER:
            message = f"the shortcode '{name}' is not written as Quarto reads it"
            form = "include FILE" if name == "include" else name
            where = ", alone on its line" if name == "include" else ""
            fix = f"write `{{{{< {form} >}}}}` with both spaces{where}"
        elif name == "embed":
            message = "the embedded engine embeds only notebooks with their stored output"
            fix = "write `{{< embed FILE.ipynb#LABEL >}}` on a line of its own"
        else:
            message = f"the embedded engine does not know the shortcode '{name}'"
            fix = nearest(name, ("include", *LATER)) or f"use {', '.join(('include', *LATER))}"
        yield Problem(at, "shortcode-is-supported", message, fix)
    for nearly in _NEARLY.finditer(prose):
        name = nearly["name"]
        is_read = nearly["open"] == "{{<" and nearly["close"] == ">}}"
        is_block = len(nearly["open"].strip()) > 1
        near = get_close_matches(name.lower(), _LIKELY, n=1, cutoff=0.7)
        if is_block and not is_read and near:
            at = replace(place, column=nearly.start() + 1)
            message = f"`{nearly[0]}` looks like a shortcode, but would print as it stands"
            fix = f"write `{{{{< {' '.join((near[0], *nearly['rest'].split()))} >}}}}`"
            yield Problem(at, "shortcode-is-supported", message, fix)
    opened = _OPEN_SHORTCODE.search(prose)
    if opened and not _NEARLY.match(prose, opened.start()):
        at = replace(place, column=opened.start() + 1)
        message = "this shortcode is never closed"
        name = (prose[opened.end() :].split() or [""])[0]
        hint = "" if name in ("include", *LATER) else nearest(name, ("include", *LATER))
        fix = "; ".join(filter(None, ("close it with ` >}}` on its line", hint)))
        yield Problem(at, "shortcode-is-supported", message, fix)


def inline_code_problems(
    text: str, place: Place, spans: Sequence[CodeSpan] = (), *, runs: bool = True
) -> Sequence[Problem]:
    """Problems with the inline code of one line of Markdown, which has these code spans, in a file
    where code `runs`."""
    told: list[Problem] = []
    for inline in inline_expressions(text) if runs else ():
        if inline.language != "python" and not inline.escaped:
            message = f"the embedded engine runs no inline code in '{inline.language}'"
            at = replace(place, column=inline.start + 1)
            right = attempted_code(text[inline.start + 1 : inline.end - 1])
            fix = f"write {right}" if right else "write it in python"
            told.append(Problem(at, "inline-code-is-supported", message, fix))
    for span in spans:
        content = text[span.start + 1 : span.end - 1]
        at = replace(place, column=span.start + 1)
        found = span_problem(content, at, runs=runs) if span.single else None
        if found and not any(problem.place == found.place for problem in told):
            told.append(found)
    return told
