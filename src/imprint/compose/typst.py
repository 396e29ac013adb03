"""Chapters as written -> the whole publication as Typst source: a frame with the chapters in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from imprint.compose.extension import Extension
from imprint.compose.numbering import Draft, Numbers
from imprint.compose.settings import typst_template
from imprint.compose.stages import Answer, StageRequest, lua_list
from imprint.compose.words.metadata import typst_metadata
from imprint.core.model import Executed, Publication

CHAPTER = "// chapter: "
"""Opens the line before a chapter's source, which tells whose a place in it is."""
BODY = "\ue006"
"""Stands for the chapters in the frame around them."""
USE_NUMBER = re.compile("\ue004(\\d+)\ue005")
"""The number of a use within its chapter, as record.lua leaves it."""


def frame_request(
    publication: Publication, chapters: Sequence[Executed], extension: Extension
) -> StageRequest:
    """Asks for all of the document but the chapters."""
    request = {
        "metadata": typst_metadata(publication, chapters),
        "template": typst_template(extension),
        "parts": _parts(publication),
        "mark": BODY,
    }
    return StageRequest("frame", publication.file, request)


def _parts(publication: Publication) -> list[str]:
    titles = (entry.title for entry in publication.entries if entry.role == "part")
    return list(dict.fromkeys(titles))


def typst_source(
    publication: Publication,
    drafts: Sequence[Draft],
    numbers: Numbers,
    written: Sequence[Answer],
    frame: Answer,
) -> str:
    """The whole publication as Typst source."""
    titles = dict(zip(_parts(publication), lua_list(frame["parts"]), strict=True))
    pieces = []
    in_matter, in_appendix, part, uses = False, False, "", 0
    for draft, answer in zip(drafts, written, strict=True):
        is_appendix = draft.role == "appendix"
        if publication.is_book and not is_appendix and numbers.own[draft.path] and not in_matter:
            in_matter = True
            pieces.append("#show: main-matter")
        if publication.is_book and is_appendix and not in_appendix:
            in_appendix = True
            pieces.append("#show: appendices")
        if draft.part != part:
            part = draft.part
            if part:
                pieces.append(f"#part[{titles[part]}]")
        pieces.append(f"{CHAPTER}{draft.path}\n\n{_numbered(answer['typst'], uses)}")
        uses += len(lua_list(answer["uses"]))
    return str(frame["text"]).replace(BODY, "\n\n".join(piece.strip("\n") for piece in pieces))


def _numbered(typst: str, before: int) -> str:
    """A chapter's source with its uses counted on from those `before` it."""
    return USE_NUMBER.sub(lambda use: str(int(use[1]) + before), typst)
