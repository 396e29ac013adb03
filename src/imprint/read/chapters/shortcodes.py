"""One line of Markdown -> problems with its shortcodes and its inline code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from imprint.core.problems import Place, Problem, nearest
from imprint.read.chapters.mentions import inline_expressions

LATER = ("meta", "pagebreak")
"""Shortcodes that stay in the text and are resolved when the publication is composed."""

_SHORTCODE = re.compile(r"(?<!\{)\{\{<(?P<body>.*?)>\}\}(?!\})")
_OPEN_SHORTCODE = re.compile(r"(?<!\{)\{\{<(?!.*>\}\})")
_UNSPACED_INLINE = re.compile(r"(?:^|[^`])`\{python\}(?![ \t])[^`]*`")


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
        else:
            message = f"the embedded engine does not know the shortcode '{name}'"
            fix = nearest(name, ("include", *LATER)) or "use include, meta or pagebreak"
        yield Problem(at, "shortcode-is-supported", message, fix)
    opened = _OPEN_SHORTCODE.search(prose)
    if opened:
        at = replace(place, column=opened.start() + 1)
        message = "this shortcode is never closed"
        yield Problem(at, "shortcode-is-supported", message, "close it with ` >}}` on its line")


def inline_code_problems(text: str, place: Place) -> Iterator[Problem]:
    """Problems with the inline code of one line of Markdown."""
    for inline in inline_expressions(text):
        if inline.language != "python" and not inline.escaped:
            message = f"the embedded engine runs no inline code in '{inline.language}'"
            at = replace(place, column=inline.start + 1)
            yield Problem(at, "inline-code-is-supported", message, "write it in python")
    unspaced = _UNSPACED_INLINE.search(text)
    if unspaced:
        at = replace(place, column=text.index("`{python}", unspaced.start()) + 1)
        message = "inline code wants a space after `{python}`"
        yield Problem(at, "inline-code-is-supported", message, 'write `{python} stat("id")`')
