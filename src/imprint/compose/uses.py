"""What record.lua noted of a publication's chapters -> its uses, with sentence and place, and the
text as it is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from imprint.compose.numbering import Draft, Target
from imprint.compose.stages import Answer, lua_list
from imprint.compose.text.printed import with_printed
from imprint.core.document import ChapterText, Document, Use
from imprint.core.problems import Place
from imprint.read.chapters.sentences import sentence_at


def uses(
    document: Document,
    drafts: Sequence[Draft],
    written: Sequence[Answer],
    index: Mapping[str, Target],
) -> tuple[tuple[Use, ...], Document]:
    """The uses that record.lua noted, each with its sentence and its place in the source; and the
    document with citations and references as they are printed, for which `index` says what labels
    stand for."""
    found: list[Use] = []
    chapters = []
    for draft, answer, chapter in zip(drafts, written, document.chapters, strict=True):
        before, noted = len(found), lua_list(answer["uses"])
        cited = {str(it["run"]): it["text"] for it in noted if it["kind"] == "citation"}
        printed = with_printed(chapter, cited, index)
        chapters.append(printed)
        for it in noted:
            told = {name: value for name, value in it.items() if name != "run"}
            told["ids"] = tuple(told["ids"])
            told["locators"] = tuple(lua_list(told.get("locators", [])))
            told["number"] += before
            name = str(it["run"]) if "run" in it else it["anchor"]
            place = chapter.uses.get(name, Place(draft.path))
            sentence = _sentence(printed, *printed.runs[name]) if name in printed.runs else ""
            found.append(Use(**told, page=draft.output, sentence=sentence, place=place))
    return tuple(found), replace(document, chapters=tuple(chapters))


def _sentence(chapter: ChapterText, at: int, which: int) -> str:
    """The sentence around a run of a passage, without images and what one format alone shows."""
    passage = chapter.passages[at]
    text, start = passage.text.replace("\n", " "), passage.runs[which].start
    for left_out in reversed(list(passage.runs_of("raw", "image"))):
        text = text[: left_out.start] + text[left_out.end :]
        if left_out.end <= start:
            start -= left_out.end - left_out.start
    return sentence_at(text, start)
