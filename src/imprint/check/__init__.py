"""The rules a report must keep, one module per subject.

A check is a function from `Report` to problems. All run, whatever the others find; none starts a
kernel or writes a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from imprint.check.composed import ComposedReport, composed_report
from imprint.check.consequences import without_consequences
from imprint.check.exceptions import Excused, apply_exceptions
from imprint.check.levels import apply_levels, check_levels, levels_held, plain_problems
from imprint.check.registry import read_rules
from imprint.check.rules.evidence.credits import check_credits
from imprint.check.rules.evidence.printed_rows import check_printed_rows
from imprint.check.rules.evidence.sense import check_sense
from imprint.check.rules.evidence.wording import check_wording
from imprint.check.rules.figures.figures import check_figures
from imprint.check.rules.figures.labels import check_labels
from imprint.check.rules.figures.tables import check_tables
from imprint.check.rules.numbers.answers import check_answers
from imprint.check.rules.numbers.attribution import check_attribution
from imprint.check.rules.numbers.claims import check_claims
from imprint.check.rules.numbers.comparisons import check_comparisons
from imprint.check.rules.numbers.data import check_data
from imprint.check.rules.numbers.numbers import check_numbers
from imprint.check.rules.numbers.reported import check_reported
from imprint.check.rules.numbers.samples import check_samples
from imprint.check.rules.numbers.values import check_values
from imprint.check.rules.structure.addresses import check_addresses
from imprint.check.rules.structure.boxes import check_boxes
from imprint.check.rules.structure.counts import check_counts
from imprint.check.rules.structure.findings import check_findings
from imprint.check.rules.structure.links import check_links, check_references
from imprint.check.rules.structure.pointers import check_pointers
from imprint.check.rules.time.dates import check_dates
from imprint.check.rules.words.abbreviations import check_abbreviations
from imprint.check.rules.words.names import check_names
from imprint.check.rules.words.near_names import check_near_names
from imprint.check.rules.words.own_rules import check_own_rules
from imprint.check.rules.words.text import check_text
from imprint.check.rules.works.agreement import check_agreement
from imprint.check.rules.works.authors import check_authors
from imprint.check.rules.works.bibliography import check_bibliography
from imprint.check.rules.works.citations import check_citations
from imprint.check.rules.works.list_place import check_list_place
from imprint.check.rules.works.pandoc_reading import check_pandoc_reading
from imprint.check.rules.works.quotations import check_quotations
from imprint.check.rules.works.recorded_quotations import check_recorded_quotations
from imprint.check.rules.works.registers import check_registers
from imprint.check.rules.works.shared_names import check_shared_names
from imprint.check.rules.works.witnesses import check_witnesses
from imprint.core.document import Document
from imprint.core.parallel import in_parallel
from imprint.core.problems import Problem
from imprint.core.settings import RuleLevel, Settings
from imprint.read.report import Report

Check = Callable[[ComposedReport], Iterable[Problem]]

CHECKS: tuple[Check, ...] = (
    check_citations,
    check_quotations,
    check_recorded_quotations,
    check_attribution,
    check_bibliography,
    check_authors,
    check_agreement,
    check_witnesses,
    check_shared_names,
    check_pandoc_reading,
    check_data,
    check_reported,
    check_registers,
    check_references,
    check_list_place,
    check_boxes,
    check_counts,
    check_pointers,
    check_links,
    check_addresses,
    check_numbers,
    check_claims,
    check_comparisons,
    check_answers,
    check_values,
    check_samples,
    check_names,
    check_near_names,
    check_abbreviations,
    check_findings,
    check_dates,
    check_credits,
    check_wording,
    check_printed_rows,
    check_sense,
    check_figures,
    check_labels,
    check_tables,
    check_text,
    check_own_rules,
    check_levels,
)

IN_PARALLEL = frozenset({
    check_abbreviations, check_citations, check_credits, check_dates, check_figures, check_labels,
    check_names, check_near_names, check_printed_rows, check_quotations, check_sense, check_text,
    check_wording,
})  # fmt: skip
"""About half of the work: what another core does while this one does the rest. What looks at the
same alignments stands on the same side."""

FOR_ALL = frozenset({
    check_addresses, check_citations, check_figures, check_links, check_pandoc_reading,
    check_references,
})  # fmt: skip
"""Those of them that look at documents of whoever uses neither our extension nor our settings."""

UNFINISHED = {
    "abbreviation-is-expanded": "the text before its first use may not be written yet",
    "abbreviation-is-used": "the text that needs it may not be written yet",
    "exception-is-used": "what an exception is for may not be written yet",
    "figure-is-used": "the chapter that shows it may not be written yet",
    "float-is-referred-to": "the sentence that refers to it may not be written yet",
    "note-is-used": "the sentence that needs it may not be written yet",
    "number-has-source": "the row behind a number may not be in the data yet",
    "reference-is-used": "the sentence that cites it may not be written yet",
    "statistic-is-used": "the sentence that needs the row may not be written yet",
    "theme-has-findings": "findings are written last",
    "word-is-spelt": "the word list is completed last",
}
"""Rules that text in the making cannot keep yet, each with the reason; `--draft` turns them off."""

_NAMES = ("author-has-one-name", "name-is-canonical", "person-has-no-article", "word-is-spelt")
_ABBREVIATIONS = (
    "abbreviation-is-expanded", "abbreviation-is-listed", "author-has-one-name",
    "expansion-is-as-listed", "word-is-spelt",
)  # fmt: skip
_HIDES_ROWS = frozenset({
    "cell-has-its-type", "datapackage-is-valid", "row-is-whole", "table-has-its-columns",
    "table-is-described", "table-is-readable",
})  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """What the checks found."""

    problems: tuple[Problem, ...]
    """In the order of their places, warnings among them."""
    excused: tuple[Excused, ...]
    """What the authors allow, with their reasons: at its place, or because its rule is off."""
    rules: Mapping[str, RuleLevel] = field(default_factory=dict)
    """The rules that the report switches off or to a warning."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop a render."""
        return tuple(found for found in self.problems if found.severity == "error")


def run_checks(
    report: Report,
    read: Iterable[Problem] = (),
    documents: Sequence[Document] = (),
    *,
    incomplete: Collection[str] = (),
    draft: bool = False,
) -> Checked:
    """Run every check, and leave out problems that the authors' exceptions allow.

    `read` are the problems found while the report was read, run and composed; an exception may
    speak of them too. `documents` are the texts of its publications, `incomplete` the paths of the
    chapters of which they do not hold all.
    `draft` leaves out the rules of UNFINISHED.
    """
    read = list(read)
    composed = composed_report(report, documents, incomplete)
    unreliable = _unreliable(report, read)

    def told(checks: Iterable[Check]) -> list[Problem]:
        return [
            found for check in checks for found in check(composed) if found.code not in unreliable
        ]

    checks = [it for it in CHECKS if it in FOR_ALL or not report.project.is_plain]
    with in_parallel(lambda: told(check for check in checks if check in IN_PARALLEL)) as others:
        found = [*told(check for check in checks if check not in IN_PARALLEL), *others()]
    found = without_consequences(found, read)
    # What could not be read, or was not asked for, may be what an exception is for.
    whole = not read and composed.is_complete
    problems, excused = apply_exceptions(report, found, judge_unused=whole)
    problems = [found for found in problems if not _follows_from_data(found, report, problems)]
    if report.project.is_plain:
        problems = plain_problems(report.project, problems)
    if draft:
        problems = [problem for problem in problems if problem.code not in UNFINISHED]
    levels = levels_held(report)
    problems, off = apply_levels(problems, levels)
    return Checked(tuple(problems), (*excused, *off), levels)


def while_writing(checked: Checked) -> Checked:
    """What was found, where a text is still being written: what it cannot keep yet, slips of
    spelling and punctuation, and what breaks the report's own rules are warnings."""
    rules = read_rules()

    def told(found: Problem) -> Problem:
        rule = rules.get(found.code)
        passes = found.code in UNFINISHED or rule is None or rule.group == "Text"
        return replace(found, severity="warning") if passes else found

    return replace(checked, problems=tuple(map(told, checked.problems)))


def unreliable_because_of(settings: Settings) -> Mapping[str, Collection[str]]:
    """For each file, the rules that cannot be judged while it cannot be read."""
    return {
        f"data/{settings.tables.names}.csv": _NAMES,
        f"data/{settings.tables.abbreviations}.csv": _ABBREVIATIONS,
        "data/datapackage.json": {*_NAMES, *_ABBREVIATIONS},
    }


def _unreliable(report: Report, read: Iterable[Problem]) -> set[str]:
    """The rules that what cannot be read keeps from being judged."""
    hidden = {problem.place.file for problem in read if problem.code in _HIDES_ROWS}
    rules = {
        rule for file in hidden for rule in unreliable_because_of(report.settings).get(file, ())
    }
    return rules | ({"word-is-spelt"} if report.library is None else set())


def _follows_from_data(found: Problem, report: Report, others: Iterable[Problem]) -> bool:
    """A figure that fails over a row which is reported to be wrong where it stands."""
    if found.code != "figure-draws":
        return False
    places = {
        (Path(other.place.file).stem, other.place.line)
        for other in others
        if other.severity == "error" and other.place.file.startswith("data/") and other.place.line
    }
    rows = (report.statistics or {}).values()
    ids = {row.id for row in rows if ("statistics", row.line) in places}
    try:
        code = (report.project.root / found.place.file).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    read = set(re.findall(r"data_rows\(\s*[\"'](\w+)[\"']", code))
    named = set(re.findall(r"[\"']([a-z0-9-]+)[\"']", code))
    return not read.isdisjoint({table for table, _ in places}) or not named.isdisjoint(ids)
