"""A document whose authors use neither our extension nor our settings is held to what pandoc and
accessibility ask, not to the rules of a house that is not theirs."""

from __future__ import annotations

from collections.abc import Iterable

from imprint.check.levels import ALWAYS_HELD
from imprint.check.registry import read_rules
from imprint.core.model import Project
from imprint.core.problems import Problem
from imprint.read.plain import WARNED, levelled

_HELD = frozenset({
    "address-is-safe", "attribute-runs-nothing", "construct-is-supported", "html-is-text",
    "image-exists", "maths-is-set", "output-is-printed", "tex-is-maths",
})  # fmt: skip
"""Beside those that nothing can be built without: what breaks them would lose words, or run."""


def plain_problems(project: Project, problems: Iterable[Problem]) -> list[Problem]:
    """The problems that such a document has."""
    always = {code for code, rule in read_rules().items() if rule.group in ALWAYS_HELD}
    kept = always | _HELD | WARNED
    return levelled(project, (found for found in problems if found.code in kept))
