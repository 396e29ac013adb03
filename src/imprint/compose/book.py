"""Composing: executed chapters of one publication -> one `Book`.

Chapters are read one by one, then numbered and cited together, then written one by one, each with
what it takes from the others. So an edited chapter alone is read again, and beyond it only those
are written anew that refer to what has changed. pandoc does the reading and writing (stages.py);
this module says what is to be done and turns what comes back into values; whatever went wrong is
placed in the author's source (problem_places.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from imprint.compose.addresses import File, file_addressed
from imprint.compose.citing import Citing, cite
from imprint.compose.extension import Extension
from imprint.compose.marks import marked
from imprint.compose.numbering import Draft, Numbers, document_labels, first_holders, number
from imprint.compose.pages import pages
from imprint.compose.problem_places import ComposedText, problems_of_text
from imprint.compose.settings import chapter_metadata, read_settings, write_settings
from imprint.compose.stages import Answer, StageRequest, Stages, lua_list
from imprint.compose.typst import frame_request, typst_source
from imprint.compose.uses import uses
from imprint.core.memo import ValueMemo
from imprint.core.model import Book, Executed, Format, Project, Publication
from imprint.core.problems import ReportError


@dataclass(frozen=True)
class ComposeOptions:
    """What publications are composed for and with."""

    formats: Collection[Format]
    extension: Extension
    keys: Collection[str]
    """The bibliography's keys."""
    statistics_page: str = ""
    """Address of the page that lists the statistics, where there is one."""
    labels_elsewhere: Collection[str] = ()
    """Where part of a book is rendered: labels that its other chapters define, so that a reference
    to them is no mistake."""
    chapters_elsewhere: Collection[str] = ()
    """Paths of those chapters, so that a link to them is no mistake."""


def compose(
    project: Project,
    publication: Publication,
    chapters: Sequence[Executed],
    options: ComposeOptions,
    stages: Stages,
) -> Book:
    """Compose one publication for all wanted formats.

    `chapters` holds one executed chapter for each entry that has a file, in the entries' order.

    Raises ReportError with every problem of the text: references, citations and links that resolve
    to nothing, labels used twice, figures without alternative text, unsupported constructs, images
    that do not exist.
    """
    by_path = {chapter.path: chapter for chapter in chapters}
    frame = None
    if "pdf" in options.formats:
        frame = frame_request(publication, chapters, options.extension)
        stages.begin(frame)
    asks = reading(publication, by_path, options.keys, stages.derived)
    named = stages.named_answers(asks)
    addressed = partial(file_addressed, project.root, by_path, options.chapters_elsewhere)
    drafts = [
        _draft(ask, answer, name, addressed)
        for ask, (name, answer) in zip(asks, named, strict=True)
    ]
    numbers = number(drafts)
    text = ComposedText(
        project.root, by_path, drafts, numbers, options.keys,
        options.labels_elsewhere, options.chapters_elsewhere,
    )  # fmt: skip
    found = [problem for _, answer in named for problem in lua_list(answer["problems"])]
    problems = problems_of_text(text, found)
    if any(problem.severity == "error" for problem in problems):
        raise ReportError(problems)

    citing = cite(project, publication, drafts, stages)
    settings = write_settings(
        publication,
        options.extension,
        options.formats,
        options.statistics_page,
        project.root,
    )
    written = _write(drafts, numbers, citing, settings, options.extension, stages)
    typst = ""
    if frame:
        typst = typst_source(publication, drafts, numbers, written, stages.answers([frame])[0])
    return Book(
        publication=publication,
        pages=tuple(pages(drafts, numbers, written)) if "html" in options.formats else (),
        typst=typst,
        uses=tuple(uses(publication, drafts, written, by_path, stages.derived)),
        images=tuple(sorted({file["path"] for draft in drafts for file in text.shown(draft)})),
        sources=tuple(chapters) if frame else (),
        warnings=tuple(sorted(problems)),
    )


def output_path(publication: Publication, path: str) -> str:
    """Where a chapter's page stands in the publication's folder: `chapters/cycling.html`."""
    if not publication.is_book:
        return "index.html"
    return str(PurePosixPath(path).with_suffix(".html"))


# --- reading -----------------------------------------------------------------------------------


def reading(
    publication: Publication,
    executed: Mapping[str, Executed],
    keys: Collection[str],
    derived: ValueMemo[Any],
) -> list[StageRequest]:
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
        asks.append(StageRequest("read", entry.path, {"settings": settings, "chapter": asked}))
    return asks


def _draft(
    ask: StageRequest,
    answer: Answer,
    read_from: str,
    addressed: Callable[[str, Mapping[str, str]], File],
) -> Draft:
    asked = ask.request["chapter"]
    lists = {name: tuple(lua_list(answer[name])) for name in _LISTS}
    lists["files"] = tuple(addressed(asked["path"], file) for file in lists["files"])
    return Draft(
        path=asked["path"],
        output=asked["output"],
        role=asked["role"],
        part=asked["part"],
        read_from=read_from,
        blocks=answer["blocks"],
        begun=int(answer["begun"]),
        first_heading=answer["first_heading"],
        **lists,
    )


_LISTS = ("labels", "anchors", "labelled", "references", "citations", "cited", "files")


# --- writing -----------------------------------------------------------------------------------


def _write(
    drafts: Sequence[Draft],
    numbers: Numbers,
    citing: Citing | None,
    settings: Mapping[str, Any],
    extension: Extension,
    stages: Stages,
) -> list[Answer]:
    """Write every chapter with what it takes from the others."""
    code = (*extension.html_filters, *extension.typst_filters)
    arounds = _arounds(drafts, numbers, citing)
    return stages.answers(
        StageRequest(
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


def _arounds(
    drafts: Sequence[Draft], numbers: Numbers, citing: Citing | None
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
            "files": {
                file["needle"]: {name: file[name] for name in ("path", "is_whole", "size")}
                for file in draft.files
            },
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
