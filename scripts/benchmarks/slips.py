"""`scripts/slips`: how many slips of editors' kinds the checks name, and how many true edits they
leave in peace.

Each of tests/report/slips/editors/*.yml has a `kind`, the `rules` that may speak of it, and
`slips`: a `file`, an `old` text that stands in it once, and the `new` text in its place. The right
place is a line of the new text, or the one that holds `line` (in the file `at`). A file without
rules holds edits after which a report is as sound as before. Every third entry is held back: rules
are written without it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from imprint.build.examine import check_report
from imprint.build.plan import Request
from imprint.core.events import ignore_events
from imprint.core.problems import Problem
from imprint.read.report import Memory, read_report

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "report" / "slips" / "editors"
DOCUMENT = ROOT / "docs" / "checks.md"
UNNEEDED = (".*", "_output", "tests", "__pycache__", "docs", "src")
HARMLESS = "harmless edits"


@dataclass(frozen=True)
class Edit:
    """A change of one file, and the line that a rule must then name."""

    kind: str
    number: int
    rules: frozenset[str]
    entry: dict[str, Any]

    @property
    def name(self) -> str:
        """`locators 3`."""
        return f"{self.kind} {self.number}"

    @property
    def is_held_back(self) -> bool:
        """Whether rules are written without it."""
        return self.number % 3 == 0


@dataclass(frozen=True)
class Outcome:
    """What the checks say of an edit: `right`, `elsewhere`, `missed`, or `stale` where the report
    has no such text any more."""

    edit: Edit
    verdict: str
    problems: tuple[Problem, ...] = ()


def main() -> int:
    """Try all edits, or those that are asked for; the exit status."""
    parser = argparse.ArgumentParser("slips", description=__doc__)
    parser.add_argument("kinds", nargs="*", help="parts of kinds; default: all")
    parser.add_argument("--held-back", action="store_true", help="try what is held back as well")
    parser.add_argument("--only", type=int, help="the one with this number")
    parser.add_argument("--show", action="store_true", help="show what is said of each edit")
    parser.add_argument("--write", action="store_true", help="write the table into docs/checks.md")
    parser.add_argument("--of", type=str, default="1/1", help="a part of the edits: 1/2, 2/2")
    arguments = parser.parse_args()
    wanted = [
        edit
        for edit in read_edits()
        if (not arguments.kinds or any(kind in edit.kind for kind in arguments.kinds))
        and (arguments.held_back or arguments.write or not edit.is_held_back)
        and arguments.only in (None, edit.number)
    ]
    part, parts = map(int, arguments.of.split("/"))
    wanted = wanted[part - 1 :: parts]
    outcomes = []
    for outcome in tried(wanted):
        outcomes.append(outcome)
        if arguments.show:
            _show(outcome)
    print("\n".join(table(outcomes)))
    if arguments.write:
        _write(outcomes)
    return 0


def read_edits() -> Iterator[Edit]:
    """Every edit, kind by kind."""
    for path in sorted(FOLDER.glob("*.yml")):
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        rules = frozenset(told.get("rules", ()))
        for number, entry in enumerate(told["slips"], 1):
            yield Edit(told["kind"], number, rules, entry)


def tried(edits: Sequence[Edit]) -> Iterator[Outcome]:
    """What is said of each edit, in one copy of the report after another."""
    with tempfile.TemporaryDirectory(prefix="slips-") as scratch:
        folder = Path(scratch, "report")
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*UNNEEDED))
        memory = Memory()
        before = frozenset(map(_shape, _problems(folder, memory)))
        for edit in edits:
            path = folder / edit.entry["file"]
            sound = path.read_text(encoding="utf-8") if path.is_file() else ""
            changed = sound
            for change in (edit.entry, edit.entry.get("also")):
                if change and changed.count(change["old"]) == 1:
                    changed = changed.replace(change["old"], change["new"])
                elif change:
                    changed = ""
            if not changed:
                yield Outcome(edit, "stale")
                continue
            path.write_text(changed, encoding="utf-8")
            try:
                found = [it for it in _problems(folder, memory) if _shape(it) not in before]
                yield _outcome(edit, folder, changed, found)
            finally:
                path.write_text(sound, encoding="utf-8")


def _problems(folder: Path, memory: Memory) -> Sequence[Problem]:
    report, read = read_report(folder, (), memory)
    checked = check_report(report, read, Request(jobs=1), ignore_events, draft=False)
    return checked.problems


def _shape(problem: Problem) -> tuple[str, str, str]:
    """A problem without its line, which an edit may move."""
    return problem.code, problem.place.file, problem.message


def _outcome(edit: Edit, folder: Path, changed: str, found: Sequence[Problem]) -> Outcome:
    where = edit.entry.get("at", edit.entry["file"])
    right = [
        it
        for it in found
        if it.place.file == where
        and (it.code in edit.rules or it.code.split("-")[0] == "cell")
        and _is_right(edit, folder, changed, it.place.line)
    ]
    verdict = "right" if right else "elsewhere" if found else "missed"
    return Outcome(edit, verdict, tuple(found))


def _is_right(edit: Edit, folder: Path, changed: str, line: int) -> bool:
    if said := edit.entry.get("line"):
        path = folder / edit.entry.get("at", edit.entry["file"])
        lines = path.read_text(encoding="utf-8").split("\n")
        return bool(line) and said in lines[line - 1]
    if edit.entry["file"].startswith("figures/"):
        return True
    start = changed.find(edit.entry["new"])
    first = changed.count("\n", 0, start) + 1
    return first <= line <= first + edit.entry["new"].count("\n")


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What came of the edits, kind by kind, in Markdown."""
    yield "| Kind | named in its place | named elsewhere | missed | held back: named in its place |"
    yield "|---|---|---|---|---|"
    kinds = dict.fromkeys(it.edit.kind for it in outcomes if it.edit.rules)
    slips = [it for it in outcomes if it.edit.rules and it.verdict != "stale"]
    for kind in (*kinds, "all"):
        of_kind = [it for it in slips if kind in (it.edit.kind, "all")]
        seen = Counter(it.verdict for it in of_kind if not it.edit.is_held_back)
        held = Counter(it.verdict for it in of_kind if it.edit.is_held_back)
        shown = f"{held['right']} of {held.total()}" if held else "not tried"
        right = f"{seen['right']} of {seen.total()}"
        yield f"| {kind} | {right} | {seen['elsewhere']} | {seen['missed']} | {shown} |"
    true = [it for it in outcomes if not it.edit.rules and it.verdict != "stale"]
    for kind in dict.fromkeys(it.edit.kind for it in true):
        of_kind = [it for it in true if it.edit.kind == kind]
        alarms = sum(it.verdict != "missed" for it in of_kind)
        yield ""
        yield f"Of {len(of_kind)} {kind}, {alarms} raised an alarm."
    named = sum(it.verdict == "right" for it in slips)
    false = sum(it.verdict != "missed" for it in true)
    if named and true:
        yield f"Precision: {named / (named + false):.3f}."
    stale = [it.edit.name for it in outcomes if it.verdict == "stale"]
    if stale:
        yield f"Not tried, for the report has their text no more: {', '.join(stale)}."


def _show(outcome: Outcome) -> None:
    said = outcome.edit.entry["new"].strip().split("\n")[0][:90]
    print(f"{outcome.verdict:9} {outcome.edit.name}: {said}")
    for problem in outcome.problems:
        print(f"            {problem.place}: {problem.message[:150]} [{problem.code}]")
    sys.stdout.flush()


def _write(outcomes: Sequence[Outcome]) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    begin, end = "<!-- editors' slips -->", "<!-- /editors' slips -->"
    before, _, rest = text.partition(begin)
    after = rest.partition(end)[2]
    shown = "\n".join(table(outcomes))
    DOCUMENT.write_text(f"{before}{begin}\n\n{shown}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    started = time.monotonic()
    status = main()
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
    sys.exit(status)
