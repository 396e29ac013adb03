"""A publication in one piece: its pages' blocks, put together -> one page of HTML, and an EPUB."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from imprint.core.document import Page
from imprint.core.problems import ReportError, problem
from imprint.core.scratch import scratch_folder
from imprint.read.pandoc import pandoc_command, why_it_ended
from imprint.write.site.front import Front

WHOLE_PAGE = "whole.html"
"""The publication on one page, from its folder."""
EPUB_STYLE = Path(__file__).with_name("assets") / "epub.css"

_ATTRIBUTES = {"Header": 1, "Div": 0, "Span": 0, "Link": 0, "Image": 0, "Code": 0, "CodeBlock": 0,
               "Table": 0, "Figure": 0}  # fmt: skip
"""Where an element of pandoc's JSON has its identifier, classes and attributes."""
_FIGURE_END = re.compile("\ue007\\d+\ue008")
_IMAGE = re.compile("\ue00a(\\d+)\ue008|\ue00b")
"""What page_figures.py replaces: behind a figure, and around its image."""


def whole_page(pages: Sequence[Page]) -> str:
    """The body of one page with the text of all pages, which marks the images of their figures,
    counted through. Raises ReportError where pandoc fails."""
    options = ["-t", "html5", "--section-divs", "--mathml", "--wrap=none"]
    options += ["--email-obfuscation=none", "--shift-heading-level-by=1"]
    return run_pandoc(options, one_document(pages), Path()).decode()


def epub(pages: Sequence[Page], front: Front, root: Path) -> bytes:
    """The publication as EPUB 3; images are taken from `root`. Raises ReportError where pandoc
    fails."""
    document = one_document(pages, home=front.address)
    said: dict[str, dict[str, Any]] = {
        "title": _words(front.plain_title),
        "subtitle": _words(front.plain_subtitle),
        "author": {"t": "MetaList", "c": [_words(name) for name in front.authors]},
        "lang": _words(front.lang),
        "date": _words(front.iso_date),
        "description": _words(front.description),
        "rights": _words(front.licence.striptags()),
        # the same publication of the same day is the same book
        "identifier": _words(f"{front.address or front.plain_title} {front.iso_date}"),
    }
    document["meta"] = {name: words for name, words in said.items() if words["c"]}
    with scratch_folder() as folder:
        made = folder / "whole.epub"
        options = ["-t", "epub3", "-o", str(made), "--mathml", "--toc", "--toc-depth=2"]
        options += [f"--css={EPUB_STYLE}", "--split-level=1"]
        run_pandoc(options, document, root)
        return made.read_bytes()


def _words(text: str) -> dict[str, str]:
    return {"t": "MetaString", "c": text}


def run_pandoc(options: Sequence[str], document: Any, root: Path) -> bytes:
    """What pandoc makes of a document in its JSON. Raises ReportError where it fails."""
    command = [*pandoc_command(), "-f", "json", *options]
    text = json.dumps(document).encode()
    ran = subprocess.run(command, input=text, capture_output=True, cwd=root, check=False)
    if ran.returncode:
        why = why_it_ended(ran.returncode, ran.stderr.decode(errors="replace"))
        message = f"pandoc could not put the publication together: {why}"
        fix = "set `imprint: whole: false`, and report it"
        raise ReportError([problem("whole-is-written", WHOLE_PAGE, 0, message, fix)])
    return ran.stdout


def one_document(pages: Sequence[Page], home: str | None = None) -> dict[str, Any]:
    """The blocks of all pages as one document, each identifier once.

    With `home` it stands apart from the site: where that is an address, links to other files lead
    there; where it is empty, nowhere.
    """
    whole = [page for page in pages if page.whole]
    parts = [json.loads(page.whole) for page in whole]
    seen: set[str] = set()
    blocks, figures = [], 0
    for number, (page, part) in enumerate(zip(whole, parts, strict=True)):
        _PageBlocks(number, figures, seen, home).settle(part["blocks"])
        blocks += part["blocks"]
        figures += len(page.figures)
    return {"pandoc-api-version": parts[0]["pandoc-api-version"], "meta": {}, "blocks": blocks}


@dataclass
class _PageBlocks:
    """One page's blocks, which are changed in place."""

    number: int
    figures: int
    """How many stand on pages before it."""
    seen: set[str]
    home: str | None
    renamed: dict[str, str] = field(default_factory=dict)

    def settle(self, blocks: list[Any]) -> None:
        links = []
        for element in elements(blocks):
            kind, content = element["t"], element.get("c") or []
            if kind in ("RawBlock", "RawInline"):
                content[1] = _IMAGE.sub(self._image, _FIGURE_END.sub("", content[1]))
            elif kind in _ATTRIBUTES:
                self._name(content[_ATTRIBUTES[kind]])
            if kind == "Link":
                links.append(element)
        # A link may lead to an element behind it, which has its name by now.
        for link in links:
            self._lead(link)

    def _image(self, mark: re.Match[str]) -> str:
        """A mark around an image as the page for all counts it; an EPUB has none."""
        if self.home is not None:
            return ""
        return f"\ue00a{self.figures + int(mark[1])}\ue008" if mark[1] else mark[0]

    def _lead(self, link: dict[str, Any]) -> None:
        target = link["c"][2]
        if target[0].startswith("#"):
            target[0] = f"#{self.renamed.get(target[0][1:], target[0][1:])}"
        elif self.home is not None and not urlsplit(target[0]).scheme:
            target[0] = urljoin(self.home, target[0])
            if not self.home:
                link["t"], link["c"] = "Span", link["c"][:2]

    def _name(self, attributes: list[Any]) -> None:
        """Give an identifier that another page has a name of its own."""
        name = attributes[0]
        if name and name in self.seen:
            attributes[0] = self.renamed[name] = f"{name}-{self.number}"
        self.seen.add(attributes[0])


def elements(node: Any) -> Iterator[dict[str, Any]]:
    """All elements within, outer ones first."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict) and "t" in node:
            yield node
        inner = list(node.values() if isinstance(node, dict) else node)
        waiting += [it for it in reversed(inner) if isinstance(it, list | dict)]
