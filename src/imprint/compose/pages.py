"""What html.lua wrote of a publication's chapters -> its pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from imprint.compose.numbering import Draft, Numbers
from imprint.compose.stages import Answer, lua_list
from imprint.compose.words.phrases import part_name
from imprint.core.document import Heading, Page, PageFigure, Phrase


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
