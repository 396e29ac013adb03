"""A publication's pages -> a Word document for reviewers, which says what it was made from.

Paragraphs carry the ids that they have on the pages, as bookmarks; captions and boxes have styles
of their own, numbers of figures and tables are links, and headers of tables are header rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from imprint.core.document import Page
from imprint.core.files import DRAWN
from imprint.core.scratch import scratch_folder
from imprint.read.packaged import own_extension
from imprint.write.site.front import Front
from imprint.write.site.whole import elements, one_document, run_pandoc

REFERENCE = "reference.docx"
"""In the extension: the look, made by scripts/make-reference-docx."""
_OPENS = re.compile(r"<figure id=\"([^\"]+)\" class=\"[^\"]*quarto-float-(\w+)")


def docx(
    pages: Sequence[Page], said: Front, figures: Mapping[str, bytes], made_from: Mapping[str, str]
) -> bytes:
    """The document. `figures` are the drawn ones in pixels by name; `made_from` is what it says of
    itself, as custom properties whose names begin with `imprint-`.

    Raises ReportError where pandoc fails.
    """
    document = one_document(pages, home=said.address)
    document["blocks"] = _styled(document["blocks"])
    document["meta"] = {
        name: {"t": "MetaString", "c": text}
        for name, text in {
            "title": said.plain_title,
            "subtitle": said.plain_subtitle,
            "author": ", ".join(said.authors),
            "date": said.iso_date,
            "lang": said.lang,
            **{f"imprint-{name}": text for name, text in made_from.items()},
        }.items()
        if text
    }
    with scratch_folder() as folder:
        for element in elements(document["blocks"]):
            if element["t"] == "Image":
                _pixels(element, figures, folder)
            elif element["t"] == "Link" and "permalink" in element["c"][0][1]:
                element["t"], element["c"] = "Span", [[element["c"][0][0], [], []], []]
        made = folder / "report.docx"
        reference = own_extension() / REFERENCE
        options = ["-t", "docx", "-o", str(made), f"--reference-doc={reference}"]
        run_pandoc(options, document, folder)
        return made.read_bytes()


def _styled(blocks: list[Any]) -> list[Any]:
    """The blocks; what tags of HTML held together, which Word knows nothing of, in styles."""
    styled: list[Any] = []
    kinds: list[str] = []
    style = id = ""
    for block in blocks:
        if block["t"] == "RawBlock":
            tag = block["c"][1]
            opened = _OPENS.search(tag)
            if opened:
                kinds.append(opened[2])
                id = opened[1]
            elif "</figure>" in tag and kinds:
                kinds.pop()
            if "<figcaption" in tag and kinds:
                style = {"fig": "Image Caption", "tbl": "Table Caption"}.get(kinds[-1], "Box Title")
            elif "</figcaption>" in tag:
                style = ""
        elif block["t"] == "Div":
            block["c"][1] = _styled(block["c"][1])
            styled.append(block)
        else:
            own = style or (
                "Box Text" if "box" in kinds and block["t"] in ("Para", "Plain") else ""
            )
            styled.append(_div(id, own, block) if own or id else block)
            id = ""
    return styled


def _div(id: str, style: str, block: Any) -> dict[str, Any]:
    """A block that links lead to by its id, in a style."""
    return {"t": "Div", "c": [[id, [], [["custom-style", style]] if style else []], [block]]}


def _pixels(image: dict[str, Any], figures: Mapping[str, bytes], folder: Path) -> None:
    """Let an image show a drawn figure in pixels, and say what it shows."""
    (_, classes, attributes), _, target = image["c"]
    said = dict(attributes)
    name = Path(target[0]).stem
    if DRAWN in target[0] and name in figures:
        (folder / f"{name}.png").write_bytes(figures[name])
        target[0] = f"{name}.png"
    alt = said.get("alt", "")
    image["c"] = [
        ["", classes, [["width", "100%"]]],
        [{"t": "Str", "c": alt}] if alt else [],
        target,
    ]
