"""The rules a report must keep, one module per subject.

A check is a function from `Sources` to problems. All run, whatever the others find; none starts a
kernel or writes a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from imprint.checks.citations import check_citations
from imprint.checks.lookups import check_lookups
from imprint.checks.references import check_references
from imprint.problems import Problem
from imprint.sources import Sources

CHECKS: tuple[Callable[[Sources], Iterable[Problem]], ...] = (
    check_citations,
    check_references,
    check_lookups,
)


def run_checks(sources: Sources) -> list[Problem]:
    """Every problem that every check finds."""
    return [found for check in CHECKS for found in check(sources)]
