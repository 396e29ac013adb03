"""What a finding must keep of its chapter, tried on this report with a slip put into it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

import pytest

from composing import composed, examined
from imprint.check.rules.structure.findings import check_findings
from imprint.core.problems import Problem
from imprint.read.chapters.notebooks import survey_chapter
from imprint.read.report import Report, read_report
from thorough import THOROUGH

CAUGHT = {"caution": 0.6, "amount": 0.75, "denial": 0.45, "credit": 0.8, "source left out": 0.35,
          "number": 0.85, "page": 1.0, "addition": 0.75}  # fmt: skip
"""Shares of the slips of each kind that must be caught."""
SHARE = 0.6
"""The least share of all of them together, in every run."""
EACH = 1 if THOROUGH else 24
"""Of the rounds of slips, every one or one in so many is tried."""
SUMMARY = "chapters/executive-summary.qmd"


@dataclass(frozen=True)
class Slip:
    """One line of the findings or the summary, changed."""

    kind: str
    file: str
    line: int
    new: str


CAUTION = (
    ("suggests that", "shows that"), ("suggest that", "show that"), ("may not be", "are not"),
    ("seems to have", "has"), ("indicates that", "establishes that"), ("appears less", "is less"),
    ("could be drawn", "was drawn"), (" may be", " are"), ("have very probably been", "have been"),
    ("it is perhaps no", "it is no"), ("is likely to be", "is"),
    ("What follows indicates", "What follows proves"),
)  # fmt: skip
AMOUNT = (
    ("many ", "all "), ("Many ", "All "), ("Some ", "All "), ("some ", "all "),
    ("a number of", "all"),
    ("A number of", "All"), ("numerous ", "all "), ("often", "always"), ("several ", "all "),
    ("not always", "never"), ("In some instances", "In most instances"),
    ("fairly little", "nothing at all, none,"),
)  # fmt: skip
DENIAL = (
    ("have no ", "have a "), ("do not ", "do "), ("has not ", "has "), ("had not ", "had "),
    ("may not be", "may be"), ("are not understood", "are understood"), ("is not ", "is "),
    ("without telling", "and told"), ("are not always", "are always"),
)  # fmt: skip
CODE = re.compile(r'`\{python\} (?P<call>stat|claim)\((?:"[^"]*", )?"(?P<id>[^"]+)"\)`')
CITED = re.compile(r"\[@(?P<key>\w+)(?:, p\. (?P<page>\d+))?\]")


def slips(files: dict[str, list[str]], bodies: dict[str, str]) -> Iterator[Slip]:
    """Slips of every kind, in every place where they can be made."""
    for index, (file, lines) in enumerate(files.items()):
        body = bodies[file]
        keys = sorted(set(re.findall(r"@([a-z]\w+_20\d\d\w*)", body)))
        rows = list(dict.fromkeys(found["id"] for found in CODE.finditer(body)))
        for number, line in enumerate(lines, 1):
            for kind, pairs in (("caution", CAUTION), ("amount", AMOUNT), ("denial", DENIAL)):
                for old, new in pairs:
                    if old in line:
                        yield Slip(kind, file, number, line.replace(old, new, 1))
            for found in CITED.finditer(line):
                start, end = found.span()
                other = keys[(keys.index(found["key"]) + 1 + number) % len(keys)]
                if other != found["key"]:
                    new = f"{line[:start]}[@{other}]{line[end:]}"
                    yield Slip("credit", file, number, new)
                yield Slip("source left out", file, number, line[: start - 1] + line[end:])
                if found["page"]:
                    page = int(found["page"]) + 1
                    new = f"{line[:start]}[@{found['key']}, p. {page}]{line[end:]}"
                    yield Slip("page", file, number, new)
            for found in CODE.finditer(line):
                others = [id for id in rows if id not in line]
                if others:
                    other = others[number % len(others)]
                    new = line[: found.start("id")] + other + line[found.end("id") :]
                    yield Slip("number", file, number, new)
        elsewhere = bodies[list(files)[index - 1]]
        told = [one for one in elsewhere.split("\n") if 60 < len(one) < 200 and one[0].isupper()]
        for shift in range(4):
            added = told[(7 * shift + 3) % len(told)]
            last = max(n for n, line in enumerate(lines, 1) if line.endswith("."))
            yield Slip("addition", file, last, f"{lines[last - 1]}\n{added}")


@pytest.mark.slow
def test_slips_put_into_the_findings_are_named(
    sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of slips of each kind in findings and summary, at least the stated share is named.

    When thorough, all slips are tried and each kind is held to its own share.
    """
    root = sources
    report, problems = read_report(root)
    assert not problems
    sound = set(check_findings(composed(report, keeps=True)))
    assert sound == set()
    findings = sorted((root / "chapters/_findings").glob("*.qmd"))
    texts = {f"chapters/_findings/{path.name}": path.read_text("utf-8") for path in findings}
    bodies = {file: (root / "chapters" / Path(file).name).read_text("utf-8") for file in texts}
    texts[SUMMARY] = (root / SUMMARY).read_text("utf-8")
    bodies[SUMMARY] = "".join(
        [
            (root / f"chapters/{name}.qmd").read_text("utf-8")
            for name in ("introduction", "conclusion")
        ]
        + [*bodies.values()]
    )
    made = list(slips({file: text.split("\n") for file, text in texts.items()}, bodies))
    caught: dict[str, list[bool]] = {kind: [] for kind in CAUGHT}
    missed = []
    by_file = [[slip for slip in made if slip.file == file] for file in texts]
    for together in list(zip_longest(*by_file))[::EACH]:
        tried_now = [slip for slip in together if slip]
        told = {problem.place.file for problem in tried(report, tried_now, texts)}
        for slip in tried_now:
            caught[slip.kind].append(slip.file in told)
            if slip.file not in told:
                missed.append(f"{slip.kind} {slip.file}:{slip.line} {slip.new.splitlines()[-1]}")
    assert len(made) >= 60
    said = ", ".join(f"{kind} {sum(hits)} of {len(hits)}" for kind, hits in caught.items())
    with capsys.disabled():
        sys.stdout.write(f"\nslips in findings that are named: {said}\n")
    tried_ones = [hit for hits in caught.values() for hit in hits]
    assert len(tried_ones) >= len(made) / EACH / 2
    assert sum(tried_ones) >= SHARE * len(tried_ones), "\n".join([said, *missed])
    if not THOROUGH:
        return
    shares = {kind: sum(hits) / len(hits) for kind, hits in caught.items()}
    assert all(shares[kind] >= least for kind, least in CAUGHT.items()), "\n".join([said, *missed])


def tried(report: Report, slips: Sequence[Slip], texts: Mapping[str, str]) -> list[Problem]:
    """What the check says with the slips, each of another file, in their places."""
    root = report.project.root
    for slip in slips:
        lines = texts[slip.file].split("\n")
        lines[slip.line - 1] = slip.new
        (root / slip.file).write_text("\n".join(lines), encoding="utf-8")
    try:
        chapters = dict(report.chapters)
        for name, chapter in report.chapters.items():
            if {slip.file for slip in slips} & set(chapter.files):
                chapters[name] = survey_chapter(root, name, {})[0]
        changed = replace(report, chapters=chapters)
        # A claim that its new row does not bear out is told while the code runs.
        told = examined(changed, runs=True, keeps=True).problems
        return [*told, *check_findings(composed(changed, runs=True, keeps=True))]
    finally:
        for slip in slips:
            (root / slip.file).write_text(texts[slip.file], encoding="utf-8")
