"""Reading: executed chapters of one publication -> what they hold, and their text with places.

Chapters are read one by one (`lua/read.lua`) and numbered together.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from unicodedata import normalize

from imprint.compose.addresses import File, file_addressed
from imprint.compose.extension import Extension
from imprint.compose.numbering import Draft, Numbers, number
from imprint.compose.problem_places import ComposedText, problems_of_text
from imprint.compose.settings import Annexes, put_in_settings, read_settings
from imprint.compose.stages import Answer, StageRequest, Stages, lua_list
from imprint.compose.text.cache import cached_text
from imprint.compose.text.document import chapter_text, origin_files
from imprint.compose.words.metadata import chapter_metadata
from imprint.compose.words.title_block import title_block
from imprint.core.document import ChapterText, Document
from imprint.core.model import Executed, Format, Line, Project, Publication
from imprint.core.problems import Problem
from imprint.read.chapters.shortcodes import environment_names
from imprint.read.plain import levelled
from imprint.read.project.brand import BRAND
from imprint.read.project.publications import VARIABLES


@dataclass(frozen=True)
class ComposeOptions:
    """What publications are composed for and with."""

    formats: Collection[Format]
    extension: Extension
    keys: Collection[str]
    """The bibliography's keys."""
    works: str = ""
    """The bibliography as pandoc has read it, for its citeproc."""
    annexes: Annexes = field(default_factory=Annexes)
    """What stands beside the text."""
    labels_elsewhere: Collection[str] = ()
    """Where part of a book is rendered: labels that its other chapters define, so that a reference
    to them is no mistake."""
    chapters_elsewhere: Collection[str] = ()
    """Paths of those chapters, so that a link to them is no mistake."""


@dataclass(frozen=True)
class ReadText:
    """A publication's chapters as they were read."""

    drafts: Sequence[Draft]
    numbers: Numbers
    problems: tuple[Problem, ...]
    """In the order of their places: references, citations and links that resolve to nothing, labels
    used twice, figures without alternative text, constructs that are not supported, images that
    do not exist."""
    images: tuple[str, ...]
    """Images that it shows and files that it links to, from the project's root."""
    answers: Sequence[Answer]
    """Of `lua/read.lua`, one for each chapter."""


def read_text(
    project: Project,
    publication: Publication,
    chapters: Sequence[Executed],
    options: ComposeOptions,
    stages: Stages,
) -> ReadText:
    """Read one publication.

    `chapters` holds one executed chapter for each entry that has a file, in the entries' order.
    Raises ReportError where pandoc cannot read one.
    """
    by_path = {chapter.path: chapter for chapter in chapters}
    asks = reading(publication, by_path)
    named = stages.named_answers(asks)
    elsewhere = dict.fromkeys(options.chapters_elsewhere, "") | _other_pages(project, publication)
    addressed = partial(file_addressed, project.root, by_path, elsewhere)
    drafts = [
        _draft(ask, answer, name, addressed)
        for ask, (name, answer) in zip(asks, named, strict=True)
    ]
    numbers = number(drafts)
    answers = dict(zip(by_path, named, strict=True))

    def placed(path: str) -> ChapterText:
        return _placed(project.root, publication, by_path[path], answers[path], stages)

    text = ComposedText(
        project, publication.name, by_path, drafts, numbers, options.keys,
        options.labels_elsewhere, options.chapters_elsewhere, placed,
    )  # fmt: skip
    found = [problem for _, answer in named for problem in lua_list(answer["problems"])]
    images = {file["path"] for draft in drafts for file in text.shown(draft) if file["is_there"]}
    problems = sorted(levelled(project, problems_of_text(text, found)))
    return ReadText(
        drafts, numbers, tuple(problems), tuple(sorted(images)),
        [answer for _, answer in named],
    )  # fmt: skip


def document_of(
    root: Path,
    publication: Publication,
    chapters: Sequence[Executed],
    read: ReadText,
    stages: Stages,
) -> Document:
    """The text of a publication; chapters that are as they were are not looked at again."""
    texts = [
        _placed(root, publication, chapter, (draft.read_from, answer), stages)
        for chapter, draft, answer in zip(chapters, read.drafts, read.answers, strict=True)
    ]
    return Document(publication.name, tuple(texts))


def _placed(
    root: Path,
    publication: Publication,
    chapter: Executed,
    named: tuple[str, Answer],
    stages: Stages,
) -> ChapterText:
    """The text of a chapter by pandoc's answer and the name under which that is kept."""
    name, answer = named
    key = ("text", publication.name, chapter.path)
    files = origin_files(root, chapter, answer)
    made_from = (chapter.lines, chapter.cells, answer["passages"], answer["mentions"], files)
    text = partial(chapter_text, root, chapter, answer)
    if stages.keeps:
        text = partial(cached_text, root, chapter, answer, name)
    found: ChapterText = stages.derived.get(key, made_from, text)
    return found


def output_path(publication: Publication, path: str) -> str:
    """Where a chapter's page stands in the publication's folder: `chapters/cycling.html`."""
    if not publication.is_book:
        return "index.html"
    return str(PurePosixPath(path).with_suffix(".html"))


def _other_pages(project: Project, publication: Publication) -> dict[str, str]:
    """The pages of chapters that other publications alone print, from this one's folder."""
    own = {entry.path for entry in publication.entries}
    return {
        entry.path: f"../{other.name}/{output_path(other, entry.path)}"
        for other in reversed(project.publications)
        for entry in other.entries
        if entry.path and entry.path not in own
    }


def reading(publication: Publication, executed: Mapping[str, Executed]) -> list[StageRequest]:
    """What is to be read: one stage for each of the publication's chapters among `executed`."""
    settings = read_settings(publication)
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
        front = chapter_metadata(publication, chapter.metadata)
        own = {name: front[name] for name in chapter.metadata if name in front}
        asked = {
            "path": entry.path,
            "output": output_path(publication, entry.path),
            "role": entry.role,
            "part": part,
            "markdown": markdown(chapter.lines),
            "metadata": front,
            **put_in_settings(publication, entry, chapter.metadata),
            "about": "" if publication.is_book else title_block(own, publication.metadata),
            "variables": publication.metadata.get(VARIABLES) or {},
            "brand": publication.metadata.get(BRAND) or {},
            "environment": {
                name: os.environ[name]
                for name in sorted(environment_names(chapter.lines) & os.environ.keys())
            },
        }
        asks.append(StageRequest("read", entry.path, {"settings": settings, "chapter": asked}))
    return asks


_RESERVED = dict.fromkeys(range(0xE000, 0xE010), "\ufffd")
"""Characters for private use with which stages mark places: an author's, which mean nothing to any
reader, are shown as such and not taken for marks."""


def markdown(lines: Sequence[Line]) -> str:
    """The lines as one text in Unicode's normal form."""
    return normalize("NFC", "\n".join(line.text for line in lines)).translate(_RESERVED)


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


_LISTS = (
    "labels", "anchors", "labelled", "references", "citations", "cited", "files", "mentions",
)  # fmt: skip
