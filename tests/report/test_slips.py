"""The slips that were printed in the originals, put back one at a time into the real sources.

Each of tests/report/slips/*.yml holds a list of

    - id: an01                 as in data/settled_slips.csv; one slip may have several entries
      file: references.bib     the file that is changed
      old: Bandele, F.         text that stands in it once
      new: Bandelet, F.        what takes its place
      code: author-has-one-name
      line: Bandelet           part of the line that the problem must name
      at: chapters/x.qmd       where that line stands in another file than the changed one
    - id: an32
      missed: why no check can name it
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from composing import check_all
from imprint.build.plan import Request
from imprint.build.single import check_file
from imprint.check.registry import read_rules
from imprint.core.problems import Problem
from imprint.read.report import Memory, read_report
from reports import ROOT
from test_checks_doc import update_between

TABLE = ROOT / "docs" / "checks.md"
PRINTED = [f"an{number:02}" for number in range(1, 48)]
"""The slips of the editorial notes; what this edition found besides may have entries too."""
LEAST = 42

ENTRIES: list[dict[str, Any]] = [
    entry
    for path in sorted(Path(__file__).with_name("slips").glob("*.yml"))
    for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
]
TRIED = {f"{it['id']}-{it['code']}-{it['line']}": it for it in ENTRIES if "missed" not in it}
FIRST = [*{entry["code"]: entry for entry in reversed(TRIED.values())}.values()]
"""One slip for each rule, which is tried in every run."""


@pytest.fixture(scope="module")
def before(sources: Path) -> frozenset[Problem]:
    """What the checks say of the sources as they are."""
    return frozenset(problems_of(sources))


MEMORY = Memory()
"""Of a report with a slip in it, only what the slip has changed is read again."""


def problems_of(folder: Path, names: Sequence[str] = ()) -> tuple[Problem, ...]:
    parsed, read = read_report(folder, names, MEMORY)
    return check_all(parsed, read, runs=True, keeps=True).problems


@pytest.mark.parametrize("names", [[], ["review"], ["summary"], ["developments"]], ids=str)
def test_report_is_clean(names: list[str], sources: Path) -> None:
    """The checks report nothing of the sources as they are, whatever is asked for."""
    assert [str(problem) for problem in problems_of(sources, names)] == []


@pytest.mark.parametrize("name", ["training", "executive-summary", "conclusion"])
def test_a_chapter_alone_is_clean(name: str, sources: Path) -> None:
    """One file says nothing of what the others print, cite and expand."""
    checked = check_file(sources / f"chapters/{name}.qmd", Request())
    assert [str(problem) for problem in checked.problems] == []


@pytest.mark.slow
def test_a_slip_of_each_rule_is_named(sources: Path, before: frozenset[Problem]) -> None:
    """A check names each, by the expected rule and at its line, where all are put in together; a
    few that others hide are tried alone."""
    together = named(sources, before, FIRST)
    hidden = [entry for entry in FIRST if not together[entry["code"]]]
    assert len(hidden) <= len(FIRST) / 5, hidden
    for entry in hidden:
        assert all(named(sources, before, [entry]).values()), entry


@pytest.mark.thorough
@pytest.mark.parametrize("entry", TRIED.values(), ids=TRIED)
def test_slip_is_named(entry: Mapping[str, Any], sources: Path, before: frozenset[Problem]) -> None:
    """A check names the slip, alone, by the expected rule and at its line."""
    assert all(named(sources, before, [entry]).values())


def named(
    folder: Path, before: Collection[Problem], entries: Sequence[Mapping[str, Any]]
) -> dict[str, bool]:
    """Whether each rule names its slip where all of them are put in; then all is as it was."""
    sound = {path: (folder / path).read_text("utf-8") for path in {it["file"] for it in entries}}
    changed = dict(sound)
    for entry in entries:
        text = changed[entry["file"]]
        if text.count(entry["old"]) == 1:
            changed[entry["file"]] = text.replace(entry["old"], entry["new"])
        else:
            assert len(entries) > 1, f"stands {text.count(entry['old'])} times"
    try:
        for path, text in changed.items():
            (folder / path).write_text(text, encoding="utf-8")
        found = [problem for problem in problems_of(folder) if problem not in before]
        return {
            entry["code"]: any(
                problem.code == entry["code"]
                and problem.place.file == entry.get("at", entry["file"])
                and entry["line"] in line_of(folder, problem)
                for problem in found
            )
            for entry in entries
        }
    finally:
        for path, text in sound.items():
            (folder / path).write_text(text, encoding="utf-8")


def line_of(folder: Path, problem: Problem) -> str:
    """The line that a problem names; its whole file where it names none."""
    text = (folder / problem.place.file).read_text(encoding="utf-8")
    return text.split("\n")[problem.place.line - 1] if problem.place.line else text


def test_every_slip_has_its_verdict() -> None:
    """All 47 slips are caught or explained, and enough of them are caught."""
    assert set(PRINTED) - {entry["id"] for entry in ENTRIES} == set()
    assert len({entry["id"] for entry in TRIED.values()} & set(PRINTED)) >= LEAST


def test_table_of_slips_is_up_to_date(pytestconfig: pytest.Config) -> None:
    """docs/checks.md holds the table of slips as these tests have it."""
    update_between(TABLE, "slips", "\n".join(rows()), pytestconfig.getoption("--update-docs"))


def rows() -> Iterator[str]:
    """The table in Markdown: each slip and the rules that catch it, or why none does."""
    by_slip: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in ENTRIES:
        by_slip[entry["id"]].append(entry)
    caught = {entry["id"] for entry in TRIED.values()} & set(PRINTED)
    yield f"Of the {len(PRINTED)} slips, {len(caught)} are caught."
    yield ""
    yield "| Slip | What was printed | Verdict |"
    yield "|---|---|---|"
    for slip in (slip for slip in slips() if slip["id"] in {*PRINTED, *by_slip}):
        rules = sorted({entry["code"] for entry in by_slip[slip["id"]] if "missed" not in entry})
        why = [entry["missed"] for entry in by_slip[slip["id"]] if "missed" in entry]
        verdict = ", ".join(f"`{rule}`" for rule in rules)
        if why and not rules:
            verdict = f"missed: {' '.join(why[0].split())}"
        yield f"| {slip['id']} | {slip['slip']} | {verdict or 'not tried'} |"


def slips() -> Iterator[dict[str, str]]:
    with (ROOT / "data" / "settled_slips.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_slips_that_editors_find_can_be_tried() -> None:
    """Each file of scripts/slips has a kind, rules that exist, and edits of what stands once in the
    report."""
    known = read_rules()
    count = {"slips": 0, "sound": 0}
    folder = Path(__file__).with_name("slips")
    for path in sorted([*folder.glob("editors/*.yml"), *folder.glob("fresh/*.yml")]):
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert told["kind"]
        assert set(told.get("rules", ())) <= set(known), path
        count["slips" if "rules" in told else "sound"] += len(told["slips"])
        for entry in told["slips"]:
            assert {"file", "old", "new"} <= set(entry) <= {
                "file", "old", "new", "at", "line", "also", "seen",
            }  # fmt: skip
            sound = (ROOT / entry["file"]).read_text(encoding="utf-8")
            for change in filter(None, (entry, entry.get("also"))):
                assert change["old"] != change["new"], entry
                assert sound.count(change["old"]) == 1, entry
    assert count["slips"] >= 240
    assert count["sound"] >= 100
