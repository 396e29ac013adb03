"""What documents of people who use neither our extension nor our settings may do: what Quarto
renders too is told as a warning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from imprint.core.model import Project
from imprint.core.problems import Problem

WARNED = frozenset({
    "access-date-is-a-date", "attributes-are-readable", "block-stands-apart",
    "caption-has-output", "citation-resolves", "div-stands-apart", "field-is-readable",
    "field-is-unique", "figure-has-alt", "float-has-caption", "format-is-supported",
    "heading-has-words", "headings-are-in-order", "html-tag-is-known", "label-is-unique",
    "link-resolves", "metadata-exists", "name-is-readable", "note-is-unique", "note-is-used",
    "note-resolves", "nothing-is-fetched", "option-is-known", "pdf-standard-is-known",
    "raw-is-for-both", "reference-has-fields", "reference-key-is-unique", "reference-resolves",
    "reference-type-is-known", "table-fits", "tex-is-maths", "text-is-printed",
    "value-is-known", "year-is-a-year",
})  # fmt: skip
OURS = frozenset({"call-is-marked"})
"""What is no slip where the functions of our extension are not there to be called."""


def levelled(project: Project, problems: Iterable[Problem]) -> list[Problem]:
    """The problems of a project; as warnings where Quarto renders them and it is plain."""
    if not project.is_plain:
        return list(problems)
    return [
        replace(it, severity="warning") if it.code in WARNED else it
        for it in problems
        if it.code not in OURS
    ]
