"""Twice the text takes no more than two and a half times the work, whatever the text."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from data_project import resource, write_project
from imprint.check import CHECKS, Check
from imprint.check.composed import composed_report
from imprint.check.rules.structure import addresses
from imprint.check.rules.works.duplicates import duplicates
from imprint.compose.text.data_cells import cell_in_tables
from imprint.core.escaping import escape, escape_opening, is_safe_address
from imprint.core.problems import Place
from imprint.read.bibliography import Library
from imprint.read.bibtex import parse
from imprint.read.chapters.attempts import attempted_code, attribute_problems, fence_problem
from imprint.read.chapters.markdown_source import lay_out
from imprint.read.chapters.notebooks import read_chapter
from imprint.read.chapters.shortcodes import inline_code_problems, shortcode_problems
from imprint.read.csl import CslWork
from imprint.read.data import csv_rows
from imprint.read.data.constraints import check_data
from imprint.read.data.values import Value, to_value
from imprint.read.names import Person
from imprint.read.references import Reference
from imprint.read.report import read_report
from reports import copy_report

AT = Place("a.qmd", 1)
LETTERS = 10_000
QUICK, MOST_GROWTH = 0.05, 2.5
"""Seconds of work that are not worth a comparison; how much more work twice the text may be."""

PIECES = (
    " ", "a", "a ", "\t", "`", "``", "{", "}", "{{", "{{<", "{{< ", "{{‹ ", "{a", "{a ", "{meta ",
    ">}}", "[", "]", "[a](", "[](", "![", "[^a]", "[@a", "]{", "]{a", "*", "**a ", "_", "~",
    "<", "<a", "<a href=", "<!--", "-->", "> ", "- ", "::: ", ":::", ": {", "$", "$$", "|", "\\",
    "\\url{", "&", "&a", "&#1", "'", '"', "“", "('", "python", "{python", "`{python} ", "stat(\"",
    "#", "# ", "=", "a=\"", "1", "1.", "1,", "a:", "://", "http://", "javascript:", "%", "\u200b",
)  # fmt: skip

READERS: dict[str, Callable[[str], object]] = {
    "layout": lambda text: lay_out([text]),
    "shortcodes": lambda text: list(shortcode_problems(text, AT)),
    "attributes": lambda text: list(attribute_problems(text, AT)),
    "inline code": lambda text: list(inline_code_problems(text, AT)),
    "code spans": attempted_code,
    "fences": lambda text: fence_problem(text, False, AT),
    "addresses": lambda text: list(addresses._unsafe(text, AT)),
    "address": is_safe_address,
    "escapes": lambda text: (escape(text), escape_opening(text)),
    "bibliography": lambda text: list(parse("a.bib", f"@misc{{a, note = {{{text}")),
}


def process_seconds(do: Callable[[], object]) -> float:
    """Seconds of the processor's time, however busy the machine is."""
    begun = time.process_time()
    do()
    return time.process_time() - begun


def grows_with(do: Callable[[int], object], count: int) -> bool:
    """Whether twice as many take little more than twice the work, in one of a few tries: other work
    of the machine slows some, and none makes what grows faster look as if it did not."""

    def is_slow() -> bool:
        took = process_seconds(lambda: do(count))
        return process_seconds(lambda: do(2 * count)) > MOST_GROWTH * took + QUICK

    return not all(is_slow() for _ in range(5))


def work(read: Callable[[str], object], text: str) -> float:
    """Seconds that it takes to read a text."""
    return process_seconds(lambda: read(text))


@pytest.mark.parametrize("reader", READERS)
def test_work_grows_with_the_text(reader: str) -> None:
    """For one piece over and over, at the end of a word and of a line."""
    read = READERS[reader]
    slow = []
    for piece in PIECES:
        for text in (piece * (LETTERS // len(piece)), "{a" + piece * (LETTERS // len(piece)) + "x"):
            if work(read, text) > QUICK and not grows_with(lambda n, it=text: read(it * n), 1):  # type: ignore[misc]
                slow.append(piece)
    assert slow == []


def test_work_grows_with_the_rows_of_a_table(tmp_path: Path) -> None:
    """Where thousands of rows hold the same words, each printed cell is found all the same."""
    (tmp_path / "data").mkdir()

    def find(count: int) -> None:
        table = "".join(f"{number},agree,teachers\n" for number in range(count))
        (tmp_path / "data/big.csv").write_text(f"id,answer,people\n{table}", encoding="utf-8")
        fields = [{"name": name, "type": "string"} for name in ("id", "answer", "people")]
        described = {"name": "big", "path": "big.csv", "schema": {"fields": fields}}
        package = {"resources": [described]}
        (tmp_path / "data/datapackage.json").write_text(json.dumps(package), encoding="utf-8")
        for number in range(count):
            row = frozenset((str(number), "agree", "teachers"))
            found = cell_in_tables(tmp_path, ["big"], "agree", row)
            assert found
            assert found.place.line == number + 2

    assert grows_with(find, 500)


def test_a_value_of_a_table_is_looked_at_once_however_many_rows_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Types, patterns, limits and lists of allowed values are matters of the value alone."""
    looked: list[str] = []

    def noting(text: str, kind: str, form: str = "default") -> Value:
        looked.append(text)
        return to_value(text, kind, form)

    monkeypatch.setattr(csv_rows, "to_value", noting)
    fields = [
        {"name": "answer", "type": "string", "constraints": {"enum": ["agree"]}},
        {"name": "share", "type": "number", "constraints": {"maximum": 100}},
    ]
    table = resource("answers", *fields)
    text = "answer,share\n" + "agree,99.5\nagre,999.5\n,\n" * 300
    found = check_data(write_project(tmp_path, {"data/answers.csv": text}, table), set())
    lines = [it.place.line for it in found if it.place.file == "data/answers.csv"]
    assert lines == sorted([*range(3, 902, 3)] * 2)
    assert len([it for it in looked if it in ("agree", "agre", "99.5", "999.5")]) == 4


def test_work_of_every_rule_grows_with_the_rows(tmp_path: Path) -> None:
    """Thousands of statistics of one survey, of which one is suppressed."""
    report = read_report(copy_report("minimal", tmp_path / "report").folder)[0]
    first = next(iter(report.statistics.values()))

    def look(check: Check, count: int) -> None:
        rows = [
            replace(
                first,
                id=f"row-{number}",
                measure=f"whether {number:b}".translate({48: "they", 49: "all"}),
                note=f"Part of row-{number // 9}.",
                line=number + 2,
                qualifier="exact" if number else "suppressed",
            )
            for number in range(count)
        ]
        statistics = {row.id: row for row in rows}
        for _ in check(composed_report(replace(report, statistics=statistics), (), ())):
            pass

    slow = [check.__name__ for check in CHECKS if not grows_with(partial(look, check), 400)]
    assert slow == []


def test_work_grows_with_the_works_of_a_bibliography() -> None:
    """However long a bibliography of different works is, duplicates are looked for in it."""

    def look(count: int) -> None:
        chance = random.Random(count)
        references = {}
        for number in range(count):
            words = ("".join(chance.choices("abdeilmnorst", k=6)) for _ in range(8))
            names = {"author": (Person(f"Author {number // 3}", "A."),)}
            work = CslWork(f"w{number}", str(1950 + number % 60), names)
            fields = {"title": " ".join(words), "isbn": f"isbn {number}"}
            references[work.name] = Reference(work.name, "book", fields, {}, AT, {}, work)
        assert list(duplicates(Library(references))) == []

    assert grows_with(look, 1_500)


def test_work_grows_with_the_entries_of_a_bibliography() -> None:
    """So does the reading of what authors typed."""
    entry = "@book{{w{0},\n  title = {{Work {0}}},\n  year = {{2010}}\n}}\n\n"

    def read(count: int) -> None:
        text = "".join(map(entry.format, range(count)))
        assert sum(1 for _ in parse("a.bib", text)) == count

    assert grows_with(read, 2_000)


def test_work_grows_with_the_lines_of_a_chapter(tmp_path: Path) -> None:
    """However many of them hold code."""

    def read(count: int) -> None:
        text = "# A\n\n" + "A `word` and `other` here.\n\n" * count
        (tmp_path / "a.qmd").write_text(text, encoding="utf-8")
        read_chapter(tmp_path, "a.qmd", {})

    assert grows_with(read, 1_000)
