"""What record.lua noted of a publication's chapters -> its uses, with sentence and place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from imprint.compose.numbering import Draft
from imprint.compose.stages import Answer, lua_list
from imprint.core.document import Document, Use
from imprint.core.memo import ValueMemo
from imprint.core.problems import Place
from imprint.read.chapters.sentences import sentence_at

USE_MARK = re.compile("\ue000(\\d+)\ue001")
"""Stands in a block's text where the use of that number begins, as record.lua writes it."""


def uses(
    document: Document,
    drafts: Sequence[Draft],
    written: Sequence[Answer],
    derived: ValueMemo[Any],
) -> Iterator[Use]:
    """The uses that record.lua noted, each with its sentence and its place in the source."""
    before = 0
    for draft, answer, chapter in zip(drafts, written, document.chapters, strict=True):
        texts = lua_list(answer["texts"])
        key = ("sentences", document.publication, draft.path)
        sentences = derived.get(key, texts, partial(_sentences, texts))
        noted = lua_list(answer["uses"])
        for found in noted:
            told = {name: value for name, value in found.items() if name not in _PLACING}
            told["ids"] = tuple(told["ids"])
            told["locators"] = tuple(lua_list(told.get("locators", [])))
            name = str(found["run"]) if "run" in found else found["anchor"]
            place = chapter.uses.get(name, Place(draft.path))
            sentence = sentences.get(found["number"], "")
            told["number"] += before
            yield Use(**told, page=draft.output, sentence=sentence, place=place)
        before += len(noted)


_PLACING = {"run", "block"}
"""What of a use is there to place it."""


def _sentences(texts: Sequence[str]) -> dict[int, str]:
    """By number of a use in its chapter: the sentence around it."""
    sentences: dict[int, str] = {}
    for text in texts:
        plain_text, begun = "", 0
        offsets = {}
        for mark in USE_MARK.finditer(text):
            plain_text += text[begun : mark.start()]
            offsets[int(mark[1])], begun = len(plain_text), mark.end()
        plain_text += text[begun:]
        sentences |= {number: sentence_at(plain_text, at) for number, at in offsets.items()}
    return sentences
