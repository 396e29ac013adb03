"""`imprint editions`: one edition of a page for each row of a table."""

from __future__ import annotations

import contextlib
import csv
import json
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import psutil
import pypdf
import pytest

from imprint.core.problems import ReportError
from imprint.editions.table import read_editions
from imprint.read.parameters import Parameter
from reports import Outcome, ReportFolder, pdf_words, plain_words

KNOWN = {"place": Parameter("place", str), "year": Parameter("year", int)}


# --- the table ---------------------------------------------------------------------------------


def table(folder: Path, text: str) -> Path:
    """A table of this text."""
    file = folder / "places.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_each_row_is_an_edition(tmp_path: Path) -> None:
    """Named by its first column or a pattern, values typed, blank lines left out."""
    file = table(tmp_path, '\ufeffplace,year\nHull,2011\n\n"Åre, Jämtland", 2012\n')
    found = read_editions(file, "", KNOWN, "places.csv")
    assert [(it.name, dict(it.values)) for it in found] == [
        ("Hull", {"place": "Hull", "year": 2011}),
        ("Åre, Jämtland", {"place": "Åre, Jämtland", "year": 2012}),
    ]
    named = read_editions(file, "{place}-{year}", KNOWN, "places.csv")
    assert [it.name for it in named] == ["Hull-2011", "Åre, Jämtland-2012"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "places.csv:1: the table has no header row"),
        ("place\n", "places.csv:1: the table has no rows"),
        ("place,place\nHull,Hull\n", "places.csv:1: the column 'place' stands twice"),
        ("plaice\nHull\n", "places.csv:2: there is no parameter 'plaice'"),
        ("place,year\nHull,soon\n", "places.csv:2: parameter 'year' takes a whole number"),
        ("place,year\nHull\n", "places.csv:2: the row has 1 cells, and the header 2"),
        (
            "place\nHull\nhull\n",
            "places.csv:3: 'hull' is the name of another edition, that of line 2",
        ),
        ("place\n../Hull\n", "places.csv:2: '../Hull' cannot be the name of a file"),
        ("place\n.Hull\n", "places.csv:2: '.Hull' cannot be the name of a file"),
        ("place\nCON\n", "places.csv:2: 'CON' cannot be the name of a file"),
        ('place,year\n" ",2010\n', "places.csv:2: '' cannot be the name of a file"),
        ('place\n"Hull\n', "places.csv:2: a quotation mark opened in this row is never closed"),
        ("place\n" + "Hull\n" * 50_001, "places.csv:1: the table has 50,001 rows"),
    ],
)
def test_a_wrong_table_is_told_before_any_work(text: str, said: str, tmp_path: Path) -> None:
    """Each at its line."""
    with pytest.raises(ReportError) as told:
        read_editions(table(tmp_path, text), "", KNOWN, "places.csv")
    assert str(told.value.problems[0]).startswith(said)


def test_a_table_that_is_no_text_is_told(tmp_path: Path) -> None:
    """Another encoding, no file, a pattern of no column."""
    (tmp_path / "places.csv").write_bytes("place\nÅre\n".encode("utf-16"))
    with pytest.raises(ReportError, match="UTF-8"):
        read_editions(tmp_path / "places.csv", "", KNOWN, "places.csv")
    with pytest.raises(ReportError, match="cannot be read"):
        read_editions(tmp_path / "none.csv", "", KNOWN, "none.csv")
    with pytest.raises(ReportError, match="asks for a column 'town'"):
        read_editions(table(tmp_path, "place\nHull\n"), "{town}", KNOWN, "places.csv")


def test_a_secret_value_is_in_no_message(tmp_path: Path) -> None:
    """It may be wrong, and is still nobody else's."""
    known = {"key": Parameter("key", int, is_public=False)}
    with pytest.raises(ReportError) as told:
        read_editions(table(tmp_path, "key\nhunter2\n"), "edition", known, "places.csv")
    assert "hunter2" not in str(told.value.problems[0])


# --- the editions ------------------------------------------------------------------------------

PAGE = """\
---
title: "What it says for {{< meta params.place >}}"
params: {place: Hull}
---

```{python}
#| tags: [parameters]
place = "Hull"
```

```{python}
#| include: false
assert place != "Nowhere", "there is no such place"
```

`{python} place` has `{python} len(place)` letters.
"""


def editions(folder: Path, *words: str) -> Outcome:
    """Run the command in a process of its own: it forks others, which a process with the threads of
    a test runner may not."""
    asked = [sys.executable, "-m", "imprint", "editions", "places.csv", "page.qmd", *words]
    ran = subprocess.run(
        asked, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    return Outcome(ran.returncode, ran.stdout, ran.stderr)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """A page, a table of four places, and what was made of them."""
    folder = tmp_path_factory.mktemp("editions")
    (folder / "_quarto.yml").write_text("project: {type: default, render: [page.qmd]}\n")
    (folder / "page.qmd").write_text(PAGE)
    table(folder, "place\nHull\nÅre & Öre\nNowhere\nBath\n")
    report = ReportFolder(folder)
    outcome = editions(folder, "--jobs", "2")
    assert outcome.code == 1, outcome.problems
    assert "Nowhere: page.qmd:13" in outcome.said, outcome.said
    assert "there is no such place" in outcome.said
    assert "3 editions made, 1 failed" in outcome.said
    return report


def test_each_edition_says_what_is_its_own(made: ReportFolder) -> None:
    """In code, title and PDF; one that fails stops no other."""
    for name in ("Hull", "Åre & Öre", "Bath"):
        page = (made.folder / f"_editions/{name}.html").read_text(encoding="utf-8")
        assert f"{name} has {len(name)} letters." in plain_words(page)
        words = pdf_words(pypdf.PdfReader(made.folder / f"_editions/{name}.pdf"))
        assert f"What it says for {name}" in words
    assert not (made.folder / "_editions/Nowhere.html").exists()


def test_a_table_and_a_page_tell_of_all_editions(made: ReportFolder) -> None:
    """With what each took, and why one is missing."""
    with (made.folder / "_editions/editions.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["edition"]: row for row in csv.DictReader(file)}
    assert [rows[name]["made"] for name in ("Hull", "Nowhere")] == ["yes", "no"]
    assert "there is no such place" in rows["Nowhere"]["problems"]
    assert rows["Bath"]["files"] == "Bath.html; Bath.pdf"
    index = (made.folder / "_editions/index.html").read_text(encoding="utf-8")
    assert 'href="%C3%85re%20%26%20%C3%96re.html">Åre &amp; Öre</a>' in index
    assert "3 editions; 1 could not be made" in index
    assert re.findall(r"<h2>(.)</h2>", index) == ["A", "B", "H", "N"], "found by their letters"


def test_a_second_run_makes_what_is_missing_or_changed(made: ReportFolder) -> None:
    """A file that was taken away, one that somebody has changed, a row that is new."""
    folder = made.folder / "_editions"
    times = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    content = (folder / "Hull.pdf").read_bytes()
    (folder / "Hull.pdf").unlink()
    (folder / "Bath.html").write_text("Hello")
    table(made.folder, "place\nHull\nÅre & Öre\nBath\nYork\n")
    outcome = editions(made.folder, "--jobs", "1")
    assert "3 editions made, 1 as they were, 0 failed" in outcome.said, outcome.said
    assert (folder / "Åre & Öre.pdf").stat().st_mtime_ns == times["Åre & Öre.pdf"]
    assert (folder / "Hull.pdf").read_bytes() == content, (
        "the same bytes by any number of processes"
    )
    assert (folder / "York.html").exists()


def test_editions_are_packed_as_asked(made: ReportFolder) -> None:
    """In folders of their own, and all in one archive with the page that leads to them."""
    asked = (
        "--to",
        "html",
        "--output",
        "apart",
        "--in-folders",
        "--zip",
        "all.zip",
        "--only",
        "Bath",
    )
    outcome = editions(made.folder, *asked, "--jobs", "1")
    assert outcome.code == 0, outcome.said
    with zipfile.ZipFile(made.folder / "all.zip") as archive:
        names = archive.namelist()
        page = archive.read("Bath/Bath.html")
        index = archive.read("index.html").decode()
    assert names[:2] == ["index.html", "editions.csv"]
    assert page == (made.folder / "apart/Bath/Bath.html").read_bytes()
    assert 'href="Bath/Bath.html">Bath</a>' in index


def test_a_dry_run_makes_nothing(made: ReportFolder, tmp_path: Path) -> None:
    """It says how many, how long and how large."""
    target = tmp_path / "none"
    outcome = editions(made.folder, "--to", "html", "--dry-run", "--output", str(target))
    assert "about" in outcome.said and "MB, by a sample of" in outcome.said, outcome.said
    assert not target.exists()
    unknown = editions(made.folder, "--only", "Leeds")
    assert "there is no edition 'Leeds'" in unknown.problems


def has_children(process: psutil.Process) -> bool:
    """Whether it has any now; one that has ended has none."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(process.children())
    return False


def test_an_edition_whose_process_is_killed_is_made_again(made: ReportFolder) -> None:
    """From outside, at any moment: all are there in the end, whole."""
    table(made.folder, "place\nHull\nBath\nYork\nLeeds\n")
    (made.folder / "_editions/editions.jsonl").unlink(missing_ok=True)
    asked = ["editions", "places.csv", "page.qmd", "--to", "html", "--jobs", "2"]
    running = psutil.Popen([sys.executable, "-m", "imprint", *asked], cwd=made.folder,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    workers: list[psutil.Process] = []
    while running.poll() is None and not workers:
        time.sleep(0.05)
        workers = [it for it in running.children() if has_children(it)]
    if workers:
        time.sleep(0.2)
        with contextlib.suppress(psutil.NoSuchProcess):
            workers[0].kill()
    said, problems = running.communicate(timeout=120)
    outcome = Outcome(running.returncode, said, problems)
    assert outcome.code == 0, outcome.said + outcome.problems
    lines = (made.folder / "_editions/editions.jsonl").read_text(encoding="utf-8").splitlines()
    assert all(json.loads(line)["files"] for line in lines)
