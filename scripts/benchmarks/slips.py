"""`scripts/slips`: how many slips of editors' kinds the checks name, and how many true edits they
leave in peace.

Each of tests/report/slips/editors/*.yml has a `kind`, the `rules` that may speak of it, and
`slips`: a `file`, an `old` text that stands in it once, and the `new` text in its place. The right
place is a line of the new text, or the one that holds `line` (in the file `at`). A file without
rules holds edits after which a report is as sound as before. Every third entry is held back, unless
it is `seen`: rules are written without it. tests/report/slips/fresh/*.yml hold a set of the same
form that was written when the rules stood; no rule is changed for them until they are `seen`.
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
from imprint.core.commit import revision
from imprint.core.events import ignore_events
from imprint.core.problems import Problem
from imprint.read.report import Memory, read_report

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "report" / "slips" / "editors"
FRESH = FOLDER.with_name("fresh")
DOCUMENT = ROOT / "docs" / "checks.md"
UNNEEDED = (".*", "_output", "tests", "__pycache__", "docs", "src")
CACHE = ".imprint/cache"
"""What chapters gave when they were last run, so that they need not run again for each copy."""
TOGETHER = 16
"""Edits of the text that are put in at a time."""


@dataclass(frozen=True)
class Edit:
    """A change of one file, and the line that a rule must then name."""

    kind: str
    number: int
    rules: frozenset[str]
    entry: dict[str, Any]
    is_fresh: bool = False
    """Whether it was written when the rules stood."""

    @property
    def name(self) -> str:
        """`locators 3`, or `fresh locators 3`."""
        return f"{'fresh ' * self.is_fresh}{self.kind} {self.number}"

    @property
    def is_held_back(self) -> bool:
        """Whether rules are written without it."""
        return not self.entry.get("seen") and (self.is_fresh or self.number % 3 == 0)

    @property
    def is_text(self) -> bool:
        """Whether it changes prose, which others may do at the same time."""
        return str(self.entry["file"]).endswith(".qmd")


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
    arguments = parser.parse_args()
    wanted = [
        edit
        for edit in read_edits()
        if (not arguments.kinds or any(kind in edit.kind for kind in arguments.kinds))
        and (arguments.held_back or arguments.write or not edit.is_held_back)
        and arguments.only in (None, edit.number)
    ]
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
    for path in (*sorted(FOLDER.glob("*.yml")), *sorted(FRESH.glob("*.yml"))):
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        rules = frozenset(told.get("rules", ()))
        for number, entry in enumerate(told["slips"], 1):
            yield Edit(told["kind"], number, rules, entry, path.parent == FRESH)


class Copy:
    """A copy of the report into which edits are put, and what was said of it before."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*UNNEEDED))
        if (ROOT / CACHE).is_dir():
            shutil.copytree(ROOT / CACHE, folder / CACHE)
        self.folder = folder
        self._memory = Memory()
        self._before = frozenset(map(_shape, self._problems()))

    def outcomes(self, edits: Sequence[Edit]) -> list[Outcome]:
        """What is said of edits that stand in the copy together, for each of them."""
        sound: dict[Path, str] = {}
        try:
            stale = {edit.name for edit in edits if not self._put_in(edit, sound)}
            told = [it for it in self._problems() if _shape(it) not in self._before]
            return [
                Outcome(edit, "stale") if edit.name in stale else _outcome(edit, self.folder, told)
                for edit in edits
            ]
        finally:
            for path, text in sound.items():
                path.write_text(text, encoding="utf-8")

    def _put_in(self, edit: Edit, sound: dict[Path, str]) -> bool:
        """Change the edit's file; False where it has its text no more."""
        path = self.folder / edit.entry["file"]
        changed = text = path.read_text(encoding="utf-8") if path.is_file() else ""
        for change in filter(None, (edit.entry, edit.entry.get("also"))):
            if changed.count(change["old"]) != 1:
                return False
            changed = changed.replace(change["old"], change["new"])
        sound.setdefault(path, text)
        path.write_text(changed, encoding="utf-8")
        return True

    def _problems(self) -> Sequence[Problem]:
        report, read = read_report(self.folder, (), self._memory)
        checked = check_report(report, read, Request(jobs=1), ignore_events, draft=False)
        return checked.problems


def tried(edits: Sequence[Edit]) -> Iterator[Outcome]:
    """What is said of each edit, put into a copy of the report.

    Edits of the text are put in several at a time, as a draft has several slips; slips that are not
    named then are tried once more alone, and so are true edits of which something is said.
    """
    with tempfile.TemporaryDirectory(prefix="slips-") as scratch:
        copy = Copy(Path(scratch, "report"))
        for group in _groups(edits):
            if group[0].rules:
                for outcome in copy.outcomes(group):
                    again = len(group) > 1 and outcome.verdict != "right"
                    yield copy.outcomes([outcome.edit])[0] if again else outcome
            else:
                yield from _halved(copy, group)


def _groups(edits: Sequence[Edit]) -> Iterator[Sequence[Edit]]:
    """Edits that may stand together: of text, in places of their own, slips and true ones apart."""
    rest = list(edits)
    while rest:
        group: list[Edit] = []
        for edit in rest:
            fits = not group or (edit.is_text and bool(group[0].rules) == bool(edit.rules))
            if fits and not any(_near(edit, other) for other in group):
                group.append(edit)
            if len(group) == TOGETHER or not group[0].is_text:
                break
        rest = [edit for edit in rest if edit not in group]
        yield group


def _near(one: Edit, other: Edit) -> bool:
    """Within two paragraphs of one file."""
    if one.entry["file"] != other.entry["file"]:
        return False
    text = (ROOT / one.entry["file"]).read_text(encoding="utf-8")
    first, second = (text[: text.find(it.entry["old"])].count("\n\n") for it in (one, other))
    return abs(first - second) < 3


def _halved(copy: Copy, edits: Sequence[Edit]) -> Iterator[Outcome]:
    """True edits together; where something is said, each half of them by itself."""
    outcomes = copy.outcomes(edits)
    middle = len(edits) // 2
    if middle and any(it.problems for it in outcomes):
        yield from _halved(copy, edits[:middle])
        yield from _halved(copy, edits[middle:])
    else:
        yield from outcomes


def _shape(problem: Problem) -> tuple[str, str, str]:
    """A problem without its line, which an edit may move."""
    return problem.code, problem.place.file, problem.message


def _outcome(edit: Edit, folder: Path, found: Sequence[Problem]) -> Outcome:
    where = edit.entry.get("at", edit.entry["file"])
    right = [
        it
        for it in found
        if it.place.file == where
        and (it.code in edit.rules or it.code.split("-")[0] == "cell")
        and _is_right(edit, folder, it.place.line)
    ]
    verdict = "right" if right else "elsewhere" if found else "missed"
    return Outcome(edit, verdict, tuple(right or found))


def _is_right(edit: Edit, folder: Path, line: int) -> bool:
    if edit.entry["file"].startswith("figures/"):
        return True
    path = folder / edit.entry.get("at", edit.entry["file"])
    text = path.read_text(encoding="utf-8")
    if said := edit.entry.get("line"):
        return bool(line) and said in text.split("\n")[line - 1]
    first = text.count("\n", 0, text.find(edit.entry["new"])) + 1
    return first <= line <= first + edit.entry["new"].count("\n")


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What came of the edits, kind by kind, in Markdown; of the fresh ones apart."""
    fresh = [it for it in outcomes if it.edit.is_fresh and not it.edit.entry.get("seen")]
    yield from _table([it for it in outcomes if it not in fresh])
    if fresh:
        yield ""
        yield "A set written when the rules stood, for which none was changed:"
        yield ""
        yield from _fresh_table(fresh)
        yield from _precision(fresh)


def _fresh_table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield "| Kind | named in its place | named elsewhere | missed |"
    yield "|---|---|---|---|"
    slips = [it for it in outcomes if it.edit.rules and it.verdict != "stale"]
    for kind in (*dict.fromkeys(it.edit.kind for it in slips), "all"):
        seen = Counter(it.verdict for it in slips if kind in (it.edit.kind, "all"))
        right = f"{seen['right']} of {seen.total()}"
        yield f"| {kind} | {right} | {seen['elsewhere']} | {seen['missed']} |"


def _table(outcomes: Sequence[Outcome]) -> Iterator[str]:
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
    yield from _precision(outcomes)


def _precision(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """How many sound edits raised an alarm, and what was not tried."""
    slips = [it for it in outcomes if it.edit.rules and it.verdict != "stale"]
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
    shown = "\n".join((*table(outcomes), "", f"Measured at commit {revision(ROOT)}."))
    DOCUMENT.write_text(f"{before}{begin}\n\n{shown}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    started = time.monotonic()
    status = main()
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
    sys.exit(status)
