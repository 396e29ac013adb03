"""Composing: executed chapters of one publication -> one `Book`.

Chapters are read one by one, then numbered and cited together, then written one by one, each with
what it takes from the others. So an edited chapter alone is read again, and beyond it only those
are written anew that refer to what has changed. pandoc does the reading and writing (stages.py);
this module says what is to be done and turns what comes back into values; whatever went wrong is
placed in the author's source (placing.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from imprint.compose.extension import Extension
from imprint.compose.marks import marked
from imprint.compose.numbering import Draft, Numbers, document_labels, first_holders, number
from imprint.compose.problem_places import Text, place_of, problems_of_text
from imprint.compose.sentences import sentence_at
from imprint.compose.settings import (
    chapter_metadata,
    citation_style,
    cites_by_place,
    numbers_works,
    read_settings,
    typst_metadata,
    typst_template,
    write_settings,
)
from imprint.compose.stages import Answer, Ask, Stages
from imprint.core.memo import ValueMemo
from imprint.core.model import Book, Executed, Format, Heading, Page, Project, Publication, Use
from imprint.core.problems import ReportError


def compose(
    project: Project,
    publication: Publication,
    chapters: Sequence[Executed],
    *,
    stages: Stages,
    extension: Extension,
    formats: Collection[Format],
    keys: Collection[str],
    elsewhere: Collection[str] = (),
    statistics_page: str = "",
    chapters_elsewhere: Collection[str] = (),
) -> Book:
    """Compose one publication for all wanted formats.

    `chapters` holds one executed chapter for each entry that has a file, in the entries' order.
    `keys` are the bibliography's keys. When only part of a book is rendered, `elsewhere` are the
    labels that its other chapters define and `chapters_elsewhere` the paths of those chapters, so
    that a reference or link to them is no mistake.

    Raises ReportError with every problem of the text: references, citations and links that resolve
    to nothing, labels used twice, figures without alternative text, unsupported constructs, images
    that do not exist.
    """
    by_path = {chapter.path: chapter for chapter in chapters}
    frame = _frame(publication, chapters, extension) if "pdf" in formats else None
    if frame:
        stages.begin(frame)
    asks = reading(publication, by_path, keys, stages.derived)
    named = stages.named_answers(asks)
    drafts = [_draft(ask, answer, name) for ask, (name, answer) in zip(asks, named, strict=True)]
    numbers = number(drafts)
    text = Text(project.root, by_path, drafts, numbers, keys, elsewhere, chapters_elsewhere)
    told = [found for _, answer in named for found in _list(answer["problems"])]
    problems = problems_of_text(text, told)
    if problems:
        raise ReportError(problems)

    citing = _cite(project, publication, drafts, stages)
    settings = write_settings(publication, extension, formats, statistics_page)
    code = (*extension.html_filters, *extension.typst_filters)
    arounds = _arounds(drafts, numbers, citing)
    written = stages.answers(
        Ask(
            "write",
            draft.path,
            {
                "settings": settings,
                "chapter": {
                    "path": draft.path,
                    "output": draft.output,
                    "conditional": "content-" in draft.blocks,
                },
                "blocks": numbers.filled(draft.path, draft.blocks),
                "around": around,
            },
            [draft.read_from, numbers.own[draft.path], settings, around],
            code,
            len(draft.blocks),
        )
        for draft, around in zip(drafts, arounds, strict=True)
    )
    return Book(
        publication=publication,
        pages=tuple(_pages(drafts, numbers, written)) if "html" in formats else (),
        typst=_typst(publication, drafts, numbers, written, stages.answers([frame])[0])
        if frame
        else "",
        uses=tuple(_uses(publication, drafts, written, by_path, stages.derived)),
        images=tuple(sorted({file["path"] for draft in drafts for file in text.shown(draft)})),
    )


def output_path(publication: Publication, path: str) -> str:
    """Where a chapter's page stands in the publication's folder: `chapters/training.html`."""
    if not publication.is_book:
        return "index.html"
    return str(PurePosixPath(path).with_suffix(".html"))


# --- reading -----------------------------------------------------------------------------------


def reading(
    publication: Publication,
    executed: Mapping[str, Executed],
    keys: Collection[str],
    derived: ValueMemo[Any],
) -> list[Ask]:
    """What is to be read: one stage for each of the publication's chapters among `executed`.

    `derived` keeps what is worked out on the way.
    """
    settings = read_settings(publication)
    known = frozenset(keys)
    asks = []
    part = ""
    for entry in publication.entries:
        if entry.role == "part":
            part = entry.title
        elif entry.role == "appendix":
            part = ""
        if entry.path not in executed:
            continue
        chapter = executed[entry.path]
        asked = {
            "path": entry.path,
            "output": output_path(publication, entry.path),
            "role": entry.role,
            "part": part,
            "markdown": derived.get(
                ("marked", entry.path),
                (chapter.lines, known),
                partial(marked, chapter.lines, known),
            ),
            "metadata": chapter_metadata(publication, chapter.metadata),
        }
        asks.append(Ask("read", entry.path, {"settings": settings, "chapter": asked}))
    return asks


def _draft(ask: Ask, answer: Answer, read_from: str) -> Draft:
    asked = ask.request["chapter"]
    return Draft(
        path=asked["path"],
        output=asked["output"],
        role=asked["role"],
        part=asked["part"],
        read_from=read_from,
        blocks=answer["blocks"],
        begun=int(answer["begun"]),
        first_heading=answer["first_heading"],
        **{name: tuple(_list(answer[name])) for name in _LISTS},
    )


_LISTS = ("labels", "anchors", "labelled", "references", "citations", "cited", "files")


def _list(value: Any) -> list[Any]:
    """Lua writes an empty list as an empty map."""
    return value if isinstance(value, list) else []


# --- citing ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Citing:
    """The publication's citations as printed."""

    printed: Mapping[str, str]
    """By form."""
    works: str
    """The list of works as JSON; empty where none is printed."""
    entries: frozenset[str]
    """Identifiers of the works in it."""
    works_in: str
    """Path of the chapter that holds the list."""
    are_works_printed: bool
    """The list stands in the PDF."""
    ends_in_stop: bool
    style: Mapping[str, Any] | None
    """Set where each chapter must be cited by itself."""

    def of(self, draft: Draft) -> dict[str, Any]:
        """What one chapter needs of it."""
        if self.style:
            return {"style": self.style}
        printed = {form: self.printed[form] for form in draft.citations}
        return {"citations": printed, "ends_in_stop": self.ends_in_stop}


def _cite(
    project: Project, publication: Publication, drafts: Sequence[Draft], stages: Stages
) -> _Citing | None:
    """Print all citations together; None without a bibliography."""
    if not project.bibliography:
        return None
    style = citation_style(project, publication)
    forms = list(dict.fromkeys(form for draft in drafts for form in draft.citations))
    if not numbers_works(project):
        # Where a citation stands changes nothing, so that the same ones need not be set again.
        forms.sort()
    request = {"style": style, "citations": forms, "only_cited": not publication.is_book}
    (answer,) = stages.answers([Ask("cite", publication.file, request)])
    holders = [draft for draft in drafts if "refs" in draft.anchors]
    holder = (holders or [drafts[-1]])[0]
    by_itself = None
    if cites_by_place(project):
        keys = sorted({f"@{key}" for draft in drafts for key in draft.cited})
        nocite = " ".join([style["nocite"], *keys]).strip()
        by_itself = {**style, "nocite": nocite, "works_title": "", "suppress_bibliography": True}
    return _Citing(
        printed=dict(zip(forms, _list(answer["citations"]), strict=True)),
        works=answer["works"],
        entries=frozenset(_list(answer["entries"])),
        works_in=holder.path,
        are_works_printed=not holders or "refs" in holder.labelled,
        ends_in_stop=answer["ends_in_stop"],
        style=by_itself,
    )


# --- writing -----------------------------------------------------------------------------------


def _arounds(
    drafts: Sequence[Draft], numbers: Numbers, citing: _Citing | None
) -> Iterator[dict[str, Any]]:
    """For each chapter: what it takes from the others, and no more, for it is written anew when
    any of it changes."""
    holders = first_holders(drafts)
    by_path = {draft.path: draft for draft in drafts}
    labels = document_labels(drafts)
    first_labels: dict[str, str] = {}
    for own in labels.values():
        first_labels = {**own, **first_labels}
    for draft in drafts:
        index = {
            found["label"]: target
            for found in draft.references
            if (target := numbers.index.get(found["label"]))
        }
        links = [file for file in draft.files if file["kind"] == "link"]
        anchors = {*index, *(link["anchor"] for link in links if not link["path"])}
        elsewhere = sorted((anchors & holders.keys()) - set(draft.anchors))
        holds = {anchor: holders[anchor].output for anchor in elsewhere}
        holds |= {
            label: target.page
            for label, target in index.items()
            if not target.implicit and label not in draft.anchors
        }
        leads_to = {anchor: first_labels[anchor] for anchor in holds if anchor in first_labels}
        if citing and citing.works_in != draft.path:
            cited = sorted({f"ref-{key}" for key in draft.cited} & citing.entries)
            holds |= dict.fromkeys(cited, by_path[citing.works_in].output)
            if citing.are_works_printed:
                leads_to |= {entry: entry for entry in cited}
        linked = sorted({link["path"] for link in links} & by_path.keys())
        yield {
            "index": {
                label: {"number": target.number, "word": target.word, "title": target.title}
                for label, target in sorted(index.items())
            },
            "holds": holds,
            "outputs": {path: by_path[path].output for path in linked},
            "chosen": {id: label for id, label in labels[draft.path].items() if id != label},
            "labels": leads_to,
            "places": {path: _places(by_path[path], labels[path], links) for path in linked},
            "citing": citing.of(draft) if citing else False,
            "works": citing.works if citing and citing.works_in == draft.path else "",
        }


def _places(
    draft: Draft, labels: Mapping[str, str], links: Sequence[Mapping[str, str]]
) -> dict[str, str]:
    """Labels of a chapter by the anchor of a link to it; that of its first heading without one."""
    wanted = {link["anchor"] for link in links if link["path"] == draft.path} - {""}
    found = {anchor: labels[anchor] for anchor in sorted(wanted & labels.keys())}
    top = labels.get(draft.first_heading)
    return found | ({"": top} if top else {})


def _pages(drafts: Sequence[Draft], numbers: Numbers, written: Sequence[Answer]) -> Iterator[Page]:
    for draft, answer in zip(drafts, written, strict=True):
        page = answer["page"]
        headings = tuple(Heading(**heading) for heading in _list(page["headings"]))
        own = numbers.own[draft.path]
        yield Page(
            **{**page, "headings": headings},
            source=draft.path,
            output=draft.output,
            role=draft.role,
            number=own[0] if own else "",
            part=draft.part,
        )


# --- the Typst document ------------------------------------------------------------------------

BODY = "\ue006"
"""Stands for the chapters in the frame around them."""
USE_NUMBER = re.compile("\ue004(\\d+)\ue005")
"""The number of a use within its chapter, as record.lua leaves it."""


def _frame(publication: Publication, chapters: Sequence[Executed], extension: Extension) -> Ask:
    """Asks for all of the document but the chapters."""
    request = {
        "metadata": typst_metadata(publication, chapters, extension),
        "template": typst_template(extension),
        "parts": _parts(publication),
        "mark": BODY,
    }
    return Ask("frame", publication.file, request)


def _parts(publication: Publication) -> list[str]:
    titles = (entry.title for entry in publication.entries if entry.role == "part")
    return list(dict.fromkeys(titles))


def _typst(
    publication: Publication,
    drafts: Sequence[Draft],
    numbers: Numbers,
    written: Sequence[Answer],
    frame: Answer,
) -> str:
    """The whole publication as Typst source."""
    titles = dict(zip(_parts(publication), _list(frame["parts"]), strict=True))
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
        pieces.append(_numbered(answer["typst"], uses))
        uses += len(_list(answer["uses"]))
    return str(frame["text"]).replace(BODY, "\n\n".join(piece.strip("\n") for piece in pieces))


def _numbered(typst: str, before: int) -> str:
    """A chapter's source with its uses counted on from those `before` it."""
    return USE_NUMBER.sub(lambda use: str(int(use[1]) + before), typst)


# --- uses --------------------------------------------------------------------------------------

USE_MARK = re.compile("\ue000(\\d+)\ue001")
"""Stands in a block's text where the use of that number begins, as record.lua writes it."""


def _uses(
    publication: Publication,
    drafts: Sequence[Draft],
    written: Sequence[Answer],
    executed: Mapping[str, Executed],
    derived: ValueMemo[Any],
) -> Iterator[Use]:
    """The uses that record.lua noted, each with its sentence and its place in the source."""
    before = 0
    for draft, answer in zip(drafts, written, strict=True):
        chapter = executed[draft.path]
        texts = _list(answer["texts"])
        key = ("sentences", publication.name, draft.path)
        sentences = derived.get(key, texts, partial(_sentences, texts))
        noted = _list(answer["uses"])
        for found in noted:
            told = {name: value for name, value in found.items() if name not in _PLACING}
            told["ids"] = tuple(told["ids"])
            told["locators"] = tuple(_list(told.get("locators", [])))
            line = found.get("line")
            if line is None:
                needle = found["anchor"] if found.get("block") is None else told["ids"][0]
                place = place_of(needle, chapter)
            else:
                place = chapter.lines[line].place
            sentence = sentences.get(found["number"], "")
            told["number"] += before
            yield Use(**told, page=draft.output, sentence=sentence, place=place)
        before += len(noted)


_PLACING = {"line", "block"}
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
