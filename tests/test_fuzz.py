"""Whatever is done to a source file, authors get problems with a place: no crash, no hang."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from composing import check_all
from imprint.core.problems import Problem, ReportError
from imprint.read.file_names import is_file
from imprint.read.report import read_report
from reports import REPORTS, copy_report
from thorough import THOROUGH

MOST_SECONDS = 10

NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Findings {#sec-findings}\n"]},
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": ["#| label: setup\n", "from imprint import claim, figure, stat, table"],
        },
        {
            "cell_type": "markdown",
            "metadata": {},
            "source": [
                "{{< include _finding.qmd >}}\n",
                '`{python} claim("most", "smith-agree")` agree [@smith_2010_survey, p. 4].\n',
                "\n",
                "See @fig-answers and @box-reasons.\n",
            ],
        },
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": ['figure("answers")'],
        },
    ],
    "metadata": {"kernelspec": {"name": "python3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}

TRANSPORT = REPORTS / "transport"

KINDS = {
    "csv": ("data/statistics.csv", TRANSPORT / "data" / "statistics.csv"),
    "bibtex": ("references.bib", TRANSPORT / "references.bib"),
    "yaml": ("_quarto.yml", TRANSPORT / "_quarto.yml"),
    "qmd": ("chapters/findings.qmd", TRANSPORT / "chapters" / "travel.qmd"),
    "ipynb": ("chapters/findings.ipynb", None),
    "datapackage": ("data/datapackage.json", None),
}
"""For each kind the file of the minimal report to damage, and one of the report on transport to
damage in its place."""

TABLES = sorted((TRANSPORT / "data").glob("*.csv"))
"""Every table of the report on transport, damaged one at a time among the others."""

MOST_BYTES = 6_000
"""Of that file: its beginning will do."""
MOST_LONG = 100_000
"""Bytes of a very long line."""
TOKENS = [
    b'"', b"'", b"`", b"```", b"```{python}\n", b"`{python} stat(", b"{", b"}", b"[", b"]", b"(",
    b")", b"<", b"<!--", b"-->", b"{{<", b"{{< include _finding.qmd >}}", b":::", b"::: {#box-a",
    b"---\n", b"$", b"$$", b"@", b"[^", b"[@", b"](", b"#|", b"#| label: ", b"%", b"&", b"*", b"|",
    b"\\", b"!", b"!!python/object:os.system ", b"&a [*a]", b": ", b"- ", b"\t", b"\n", b"\r",
    b"\r\n", b"\0", b"\x01", b"\x0b", b"\x0c", b"\x1b", b"\x7f", b"\xc2\x85", b"\xe2\x80\xa8",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf0\x9f\x92\xa5", b",",
    b";", b"=", b"nan", b"1e999", b"-1", b"9" * 400, b"\xd9\xa3", b"null", b"true",
    b"@misc{a, b = {c}}", b"@string{", b"@comment{", b"allow x", b"<!-- allow x: y -->",
]  # fmt: skip
NESTING = [
    b"[", b"{", b"(", b"- ", b"> ", b"*", b"\\", b"`", b'"', b"'", b"a: ", b"{a: ", b"::: {.a}\n\n",
    b"[^a]", b"![a](", b"<b", b"$a", b"@a;", b'{"a":', b"  ", b"a ", b"a,", b"a-", b"\n", b"<!--",
    b"{{<", b"=\"a' ", b"1,", b"one ", b"A. ", b"#",
]  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, originals: tuple[bytes, ...]) -> bytes:
    """A file after one to four kinds of damage."""
    data = draw(st.sampled_from(originals))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        damage = draw(st.sampled_from(("flip", "cut", "insert", "delete", "lines", "deep", "long")))
        if damage == "flip" and at < len(data):
            data = data[:at] + bytes([data[at] ^ (1 << draw(st.integers(0, 7)))]) + data[at + 1 :]
        elif damage == "cut":
            data = data[:at]
        elif damage == "insert":
            data = data[:at] + draw(st.sampled_from(TOKENS)) + data[at:]
        elif damage == "delete":
            data = data[:at] + data[at + draw(st.integers(1, 40)) :]
        elif damage == "lines":
            data = _lines_moved(draw, data)
        elif damage == "deep":
            opening = draw(st.sampled_from(NESTING))
            data = data[:at] + opening * draw(st.sampled_from((3, 50, 2_000))) + data[at:]
        elif damage == "long":
            token = draw(st.sampled_from(TOKENS))
            times = min(draw(st.integers(1, 5_000)), MOST_LONG // len(token))
            data = data[:at] + token * times + data[at:]
    return data


def _lines_moved(draw: st.DrawFn, data: bytes) -> bytes:
    lines = data.split(b"\n")
    one, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    how = draw(st.sampled_from(("double", "drop", "swap")))
    if how == "double":
        lines.insert(other, lines[one])
    elif how == "drop":
        del lines[one]
    else:
        lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


@contextmanager
def time_limit() -> Iterator[None]:
    """Fail what takes longer than ten seconds of work, however busy the machine is."""

    def stop(*_: object) -> None:
        # No OSError, as TimeoutError is: the code under test takes some of these for an odd file's.
        raise AssertionError(f"took more than {MOST_SECONDS} s")

    if not hasattr(signal, "SIGPROF"):
        yield
        return
    before = signal.signal(signal.SIGPROF, stop)
    # Again after that, where what it raised was caught on its way.
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def everything_found(root: Path) -> tuple[Problem, ...]:
    """The problems of reading and checking the project at `root`."""
    try:
        parsed, problems = read_report(root)
        return check_all(parsed, problems).problems
    except ReportError as error:
        return error.problems


def misplaced(root: Path, found: Problem) -> str:
    """Why an author could not find a problem's place; empty where one can."""
    place = found.place
    path = root / place.file
    if not place.file or not is_file(root, place.file):
        # A table that is described and missing is its own place.
        return "" if found.code == "table-exists" else f"{place.file!r} is no file of the project"
    lines = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    if place.line < 0 or place.line > lines or place.column < 0:
        return f"{path.name} has {lines} lines"
    return "" if found.message.strip() and "\n" not in found.message else "it says nothing"


@pytest.fixture(scope="module")
def small_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy of the minimal report, whose files are damaged one at a time."""
    return copy_report("minimal", tmp_path_factory.mktemp("fuzz") / "minimal").folder


def originals(kind: str) -> tuple[bytes, ...]:
    """What is damaged: the small report's own file and, where there is one, a real one."""
    file, real = KINDS[kind]
    own = json.dumps(NOTEBOOK, indent=1).encode() if kind == "ipynb" else b""
    texts = [own or (REPORTS / "minimal" / file).read_bytes()]
    if real:
        texts.append(real.read_bytes()[:MOST_BYTES])
    return tuple(texts)


@contextmanager
def as_chapter(root: Path, kind: str) -> Iterator[None]:
    """Let the small report have a notebook as a chapter, while one is damaged."""
    contents, chapter = root / "_quarto.yml", root / "chapters" / "findings.qmd"
    if kind != "ipynb":
        yield
        return
    text, hidden = contents.read_text(encoding="utf-8"), chapter.with_suffix(".away")
    contents.write_text(text.replace("findings.qmd", "findings.ipynb"), encoding="utf-8")
    shutil.move(chapter, hidden)
    try:
        yield
    finally:
        shutil.move(hidden, chapter)
        contents.write_text(text, encoding="utf-8")


@contextmanager
def as_it_was(file: Path) -> Iterator[bytes]:
    """The file's content, which it has again after the block; where there is none, none."""
    before = file.read_bytes() if file.exists() else None
    try:
        yield before or b""
    finally:
        if before is None:
            file.unlink(missing_ok=True)
        else:
            file.write_bytes(before)


def feed(root: Path, kind: str, examples: int) -> None:
    """Damage a file so many times; whatever happens to it is reported in problems."""
    file = root / KINDS[kind][0]

    @settings(
        max_examples=examples,
        deadline=None,
        phases=[Phase.generate],
        derandomize=not THOROUGH,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(damaged(originals(kind)))
    def holds(data: bytes) -> None:
        file.write_bytes(data)
        with time_limit():
            found = everything_found(root)
        wrong = [(problem, why) for problem in found if (why := misplaced(root, problem))]
        assert wrong == []

    with as_it_was(file), as_chapter(root, kind):
        holds()


@pytest.fixture(scope="module")
def report_with_all_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on transport, which has several tables and figures made of them."""
    return copy_report("transport", tmp_path_factory.mktemp("fuzz-tables") / "report").folder


def feed_tables(root: Path, examples: int) -> None:
    """Damage so many tables of the data, each put right again before the next."""
    texts = {path.name: path.read_bytes() for path in TABLES}
    one = st.sampled_from(sorted(texts))

    @settings(
        max_examples=examples,
        deadline=None,
        phases=[Phase.generate],
        derandomize=not THOROUGH,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(one.flatmap(lambda name: st.tuples(st.just(name), damaged((texts[name],)))))
    def holds(chosen: tuple[str, bytes]) -> None:
        name, data = chosen
        (root / "data" / name).write_bytes(data)
        try:
            with time_limit():
                found = everything_found(root)
            wrong = [(problem, why) for problem in found if (why := misplaced(root, problem))]
        finally:
            (root / "data" / name).write_bytes(texts[name])
        assert wrong == []

    holds()


def test_every_table_may_be_damaged(report_with_all_tables: Path) -> None:
    """So does any table of the report, with the figures and rows that rest on it."""
    feed_tables(report_with_all_tables, 3)


@pytest.mark.slow
@pytest.mark.thorough
def test_thousands_of_damaged_tables_give_problems(report_with_all_tables: Path) -> None:
    """So do two thousand damaged tables, other ones in every run."""
    feed_tables(report_with_all_tables, 2_000)


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_give_problems(small_report: Path, kind: str) -> None:
    """A damaged file gives problems whose places exist, or none, within ten seconds."""
    feed(small_report, kind, 8)


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("kind", KINDS)
def test_thousands_of_damaged_files_give_problems(small_report: Path, kind: str) -> None:
    """So do two thousand files of each kind, other ones in every run."""
    feed(small_report, kind, 2_000)
