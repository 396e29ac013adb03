"""A publication's pages -> a Word document for reviewers, which says what it was made from.

Paragraphs carry the ids that they have on the pages, as bookmarks; captions and boxes have styles
of their own, numbers of figures, tables and boxes are fields that take what the caption says, and
headers of tables are header rows.
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
_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> REF {} \\h </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)
_FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
_OPENS = re.compile(r"<figure id=\"([^\"]+)\" class=\"[^\"]*quarto-float-(\w+)")


def docx(
    pages: Sequence[Page], said: Front, figures: Mapping[str, bytes], made_from: Mapping[str, str]
) -> bytes:
    """The document. `figures` are the drawn ones in pixels by name; `made_from` is what it says of
    itself, as custom properties whose names begin with `imprint-`.

    Raises ReportError where pandoc fails.
    """
    document = one_document(pages, home=said.address)
    labels: dict[str, tuple[str, str]] = {}
    document["blocks"] = _styled(document["blocks"], labels)
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
            elif element["t"] == "Link":
                _refer(element, labels)
        made = folder / "report.docx"
        reference = own_extension() / REFERENCE
        options = ["-t", "docx", "-o", str(made), f"--reference-doc={reference}"]
        run_pandoc(options, document, folder)
        return made.read_bytes()


def _refer(link: dict[str, Any], labels: Mapping[str, tuple[str, str]]) -> None:
    """Make a field of a link that gives a caption's number, and nothing else."""
    attributes, words, (target, _) = link["c"]
    name, label = labels.get(target.removeprefix("#"), ("", ""))
    if name and label == _words(words):
        raw = ({"t": "RawInline", "c": ["openxml", it]} for it in (_FIELD.format(name), _FIELD_END))
        link["t"], link["c"] = "Span", [attributes, [next(raw), *words, next(raw)]]


def _label(block: Any, id: str, labels: dict[str, tuple[str, str]]) -> None:
    """Make a bookmark of the number with which a caption begins, and note its name and words."""
    words = block["c"] if block["t"] in ("Para", "Plain") else []
    if words and words[0]["t"] == "Span" and "float-number" in words[0]["c"][0][1]:
        number = words[0]["c"][1]
        text = _words(number)
        label = text.rstrip(":. ")
        labels[id] = (f"number_{len(labels) + 1}", label)
        marked = {"t": "Span", "c": [[labels[id][0], [], []], [{"t": "Str", "c": label}]]}
        number[:] = [marked, {"t": "Str", "c": text.removeprefix(label)}]


def _words(inlines: Sequence[Any]) -> str:
    return "".join(it.get("c", " ") for it in inlines if it["t"] in ("Str", "Space"))


def _styled(blocks: list[Any], labels: dict[str, tuple[str, str]]) -> list[Any]:
    """The blocks; what tags of HTML held together, which Word knows nothing of, in styles.

    `labels` takes in the numbers of captions: bookmark and words, by what they number.
    """
    styled: list[Any] = []
    kinds: list[str] = []
    style = id = float = ""
    for block in blocks:
        if block["t"] == "RawBlock":
            tag = block["c"][1]
            opened = _OPENS.search(tag)
            if opened:
                kinds.append(opened[2])
                id = float = opened[1]
            elif "</figure>" in tag and kinds:
                kinds.pop()
            if "<figcaption" in tag and kinds:
                style = {"fig": "Image Caption", "tbl": "Table Caption"}.get(kinds[-1], "Box Title")
            elif "</figcaption>" in tag:
                style = ""
        elif block["t"] == "Div":
            block["c"][1] = _styled(block["c"][1], labels)
            styled.append(block)
        else:
            own = style or (
                "Box Text" if "box" in kinds and block["t"] in ("Para", "Plain") else ""
            )
            if style:
                _label(block, float, labels)
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
