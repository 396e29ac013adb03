"""A publication's citations and list of works, printed together by pandoc's citeproc."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from imprint.compose.numbering import Draft
from imprint.compose.settings import citation_style, cites_by_place, numbers_works
from imprint.compose.stages import StageRequest, Stages, lua_list
from imprint.core.model import Project, Publication


@dataclass(frozen=True)
class Citing:
    """The publication's citations as printed."""

    printed: Mapping[str, str]
    """By form."""
    works: str
    """The list of works as JSON; empty where none is printed."""
    entries: frozenset[str]
    """Identifiers of the works in it."""
    names: Mapping[str, str]
    """By key, as running text names them; empty where that depends on the place."""
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


def cite(
    project: Project, publication: Publication, drafts: Sequence[Draft], stages: Stages, works: str
) -> Citing | None:
    """Print all citations of works together; None without a bibliography."""
    if not works:
        return None
    style = citation_style(project, publication, works)
    forms = list(dict.fromkeys(form for draft in drafts for form in draft.citations))
    if not numbers_works(project):
        # Where a citation stands changes nothing, so that the same ones need not be set again.
        forms.sort()
    request = {
        "style": style,
        "citations": forms,
        "only_cited": not (publication.is_book or project.is_plain),
        "names": not (numbers_works(project) or cites_by_place(project)),
    }
    (answer,) = stages.answers([StageRequest("cite", publication.file, request)])
    holders = [draft for draft in drafts if "refs" in draft.anchors]
    holder = (holders or [drafts[-1]])[0]
    by_itself = None
    if cites_by_place(project):
        keys = sorted({f"@{key}" for draft in drafts for key in draft.cited})
        nocite = " ".join([style["nocite"], *keys]).strip()
        by_itself = {**style, "nocite": nocite, "works_title": "", "suppress_bibliography": True}
    return Citing(
        printed=dict(zip(forms, lua_list(answer["citations"]), strict=True)),
        works=answer["works"],
        entries=frozenset(lua_list(answer["entries"])),
        names=dict(answer["names"]),
        works_in=holder.path,
        are_works_printed=not holders or "refs" in holder.labelled,
        ends_in_stop=answer["ends_in_stop"],
        style=by_itself,
    )
