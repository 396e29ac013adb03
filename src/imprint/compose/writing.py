"""Writing: chapters as read and numbered -> pages and Typst source.

Each takes from the others what it needs and no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from imprint.compose.citing import Citing
from imprint.compose.extension import Extension
from imprint.compose.numbering import Draft, Numbers, document_labels, first_holders
from imprint.compose.stages import Answer, StageRequest, lua_list
from imprint.compose.words.phrases import part_name
from imprint.core.document import Heading, Page, PageFigure, Phrase


def writing(
    drafts: Sequence[Draft],
    numbers: Numbers,
    citing: Citing | None,
    settings: Mapping[str, Any],
    extension: Extension,
) -> list[StageRequest]:
    """To write every chapter with what it takes from the others."""
    code = (*extension.html_filters, *extension.typst_filters)
    arounds = _arounds(drafts, numbers, citing)
    return [
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
    ]


def pages(
    drafts: Sequence[Draft],
    numbers: Numbers,
    written: Sequence[Answer],
    phrases: Mapping[str, Phrase],
) -> Iterator[Page]:
    """The chapters' pages in their order."""
    for draft, answer in zip(drafts, written, strict=True):
        page, own = answer["page"], numbers.own[draft.path]
        yield Page(
            source=draft.path,
            output=draft.output,
            role=draft.role,
            number=own[0] if own else "",
            title=page["title"],
            plain_title=page["plain_title"],
            body=page["body"],
            headings=tuple(Heading(**heading) for heading in lua_list(page["headings"])),
            description=page["description"],
            part=phrases[part_name(draft.part)].html if draft.part else "",
            figures=tuple(PageFigure(**figure) for figure in lua_list(page["figures"])),
            cited=tuple(lua_list(page["cited"])),
            whole=page["whole"],
            works={work["key"]: work["entry"] for work in lua_list(page["works"])},
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
                file["needle"]: {name: file[name] for name in _OF_A_FILE} for file in draft.files
            },
            "outputs": {path: by_path[path].output for path in linked},
            "chosen": {id: label for id, label in labels[draft.path].items() if id != label},
            "labels": leads_to,
            "places": {path: _places(by_path[path], labels[path], links) for path in linked},
            "citing": citing.of(draft) if citing else False,
            "works": citing.works if citing and citing.works_in == draft.path else "",
        }


_OF_A_FILE = ("path", "is_whole", "is_there", "page", "size", "is_misnamed")


def _places(
    draft: Draft, labels: Mapping[str, str], links: Sequence[Mapping[str, str]]
) -> dict[str, str]:
    """Labels of a chapter by the anchor of a link to it; that of its first heading without one."""
    wanted = {link["anchor"] for link in links if link["path"] == draft.path} - {""}
    found = {anchor: labels[anchor] for anchor in sorted(wanted & labels.keys())}
    top = labels.get(draft.first_heading)
    return found | ({"": top} if top else {})
