"""Results are kept: what runs again after each kind of change, and that pages are right always."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from imprint.core import digests
from imprint.core.store import FOLDER, prune
from imprint.run import current
from reports import Outcome, ReportFolder, copy_report, pdf_words, tree
from thorough import cases

SUMMARY, FINDINGS, EXTRA = (f"chapters/{name}.qmd" for name in ("summary", "findings", "extra"))
ROW = (
    "smith-spare,smith_2010_survey,Survey,teachers,teachers left,,56,,,count,exact,56,p. 3,2010,v,"
)
EXTRA_TEXT = """# Extra

```{python}
import os
from pathlib import Path
import helper
print(helper.WORD, Path("notes.txt").read_text(), os.environ.get("HOME"))
print(sorted(path.name for path in Path("notes").iterdir()))
```
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """A report of which every result is kept: four chapters, of which `outlook` has no code."""
    made = copy_report("minimal", tmp_path_factory.mktemp("cache") / "report", cold=True)
    rows = (made.folder / "data/statistics.csv").read_text()
    made.write("data/statistics.csv", f"{rows}{ROW}\n")
    made.write(EXTRA, EXTRA_TEXT).write("helper.py", 'WORD = "helped"\n')
    made.write("notes.txt", "noted").write("notes/one.txt", "").write("uv.lock", "version = 1\n")
    made.edit("_quarto.yml", "    - chapters/outlook.qmd\n", f"    - {EXTRA}\n")
    assert ran(made) == {SUMMARY, FINDINGS, EXTRA}
    return made


@pytest.fixture
def kept(report: ReportFolder) -> Iterator[ReportFolder]:
    """The same, put back afterwards as it was."""
    before = _sources(report)
    yield report
    for name in _sources(report).keys() - before.keys():
        (report.folder / name).unlink()
    for name, content in before.items():
        if tree_file(report, name) != content:
            (report.folder / name).write_bytes(content)


def _sources(report: ReportFolder) -> dict[str, bytes]:
    built = ("_output/", ".imprint/", "figures/drawn/")
    found = tree(report.folder).items()
    return {name: content for name, content in found if not name.startswith(built)}


def tree_file(report: ReportFolder, name: str) -> bytes | None:
    path = report.folder / name
    return path.read_bytes() if path.exists() else None


def render(report: ReportFolder, *words: str) -> Outcome:
    return report.render("review", "--draft", "--to", "html", *words)


def ran(report: ReportFolder, *words: str) -> set[str]:
    """Render; the chapters whose code was run."""
    said = render(report, *words).said.splitlines()
    return {line.removeprefix("executed ") for line in said if line.startswith("executed ")}


def why(report: ReportFolder, chapter: str) -> str:
    outcome = report.run("why", chapter)
    assert outcome.code == 0, outcome.problems
    return outcome.said


# --- what does not count ---


def test_nothing_runs_when_nothing_has_changed(kept: ReportFolder) -> None:
    """A second render runs no code and makes the same files, byte for byte."""
    render(kept, "--no-cache")
    fresh = tree(kept.folder / "_output")
    assert ran(kept) == set()
    assert tree(kept.folder / "_output") == fresh


UNREAD = {
    "prose": (FINDINGS, "Others found", "Some found", "chapters/findings", "Some found the same"),
    "included prose": ("chapters/_finding.qmd", "of teachers", "of all", "chapters/summary",
                       "of all agreed"),
    "bibliography": ("references.bib", "Smith, Ann},\n  title = {A S",
                     "Jones, Ann},\n  title = {A S", "chapters/findings", "(Jones, 2010"),
    "profile": ("_quarto.yml", "A small report", "A tiny report", "index", "A tiny report"),
    "echo": ("_quarto.yml", "echo: false", "echo: true", "chapters/findings", "answers"),
    "citation style": ("styles/imprint.csl", '<layout prefix="(" suffix=")"',
                       '<layout prefix="[" suffix="]"', "chapters/findings", "[Smith, 2010"),
    "unused row": ("data/statistics.csv", "56,p. 3,2010,v,", "56,p. 3,2010,v,unused", "statistics",
                   "unused"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new"), [case[:3] for case in UNREAD.values()], ids=UNREAD)
def test_no_code_would_run_for(kept: ReportFolder, file: str, old: str, new: str) -> None:
    """`why` names a file that no code reads for the chapters whose pages it has a hand in, and for
    no others."""
    render(kept)
    text = (kept.folder / file).read_text()
    kept.write(file, text.replace(old, new, 1))
    assert text != (kept.folder / file).read_text()
    texts = {FINDINGS: {FINDINGS}, "chapters/_finding.qmd": {FINDINGS, SUMMARY}}
    concerned = texts.get(file, set() if file.startswith("data/") else {SUMMARY, FINDINGS, EXTRA})
    for chapter in (SUMMARY, FINDINGS, EXTRA):
        said = why(kept, chapter)
        assert "its kept result holds" in said
        assert (f"its pages would be made anew: changed: {file}" in said) == (chapter in concerned)


@pytest.mark.parametrize(("file", "old", "new", "page", "says"), cases(UNREAD, ("included prose",)))
def test_code_is_not_run_again_for(
    kept: ReportFolder, file: str, old: str, new: str, page: str, says: str
) -> None:
    """What no code reads changes pages alone, and they are those of a render from nothing."""
    kept.write(file, (kept.folder / file).read_text().replace(old, new, 1))
    assert ran(kept) == set()
    assert "made anew" not in "".join(why(kept, name) for name in (SUMMARY, FINDINGS, EXTRA))
    built = tree(kept.folder / "_output")
    render(kept, "--no-cache")
    assert tree(kept.folder / "_output") == built
    html = kept.page(f"review/{page}.html").replace("\u00a0", " ")
    assert says in html or says in kept.words(f"review/{page}.html").replace("\u00a0", " ")


def test_a_style_changes_the_site_alone(kept: ReportFolder) -> None:
    """An edited style sheet is copied, and no code runs."""
    style = kept.folder / "_extensions/imprint/assets/imprint.css"
    style.write_text(style.read_text() + "\n.new { color: red; }\n")
    assert ran(kept) == set()
    assert ".new { color: red; }" in kept.page("review/assets/imprint.css")


PRINTS = {
    "filter": ("_extensions/imprint/filters/statistics.lua", "'];')", "'!];')", "64 per cent!"),
    "template": ("_extensions/imprint/typst-template.typ", "listed: false, body) = {",
                 "listed: false, body) = {\n  [exactly ]", "exactly 64 per cent"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "says"), cases(PRINTS, ("filter",)))
def test_how_print_is_made_changes_print_alone(
    kept: ReportFolder, file: str, old: str, new: str, says: str
) -> None:
    """An edited filter or template makes another PDF, and no code runs; `why` names the file."""
    kept.render("review", "--draft")
    before = tree(kept.folder / "_output/review")
    kept.edit(file, old, new)
    for chapter in (SUMMARY, FINDINGS, EXTRA):
        assert "its kept result holds" in why(kept, chapter)
        assert f"its pages would be made anew: changed: {file}" in why(kept, chapter)
    assert "executed" not in kept.render("review", "--draft").said
    assert says in pdf_words(kept.pdf("review/small-report.pdf")).replace("\u00a0", " ")
    after = tree(kept.folder / "_output/review")
    assert [name for name in after if after[name] != before[name]] == ["small-report.pdf"]


def test_typst_files_count_that_others_include(kept: ReportFolder) -> None:
    """A Typst file that another one includes makes another PDF when it is edited."""
    block = '\n```{=typst}\n#include "/typeset/outer.typ"\n```\n'
    kept.write(EXTRA, (kept.folder / EXTRA).read_text() + block)
    kept.write("typeset/outer.typ", '#include "inner.typ"\n')
    kept.write("typeset/inner.typ", "An inner word.\n")
    kept.render("review", "--draft")
    assert "An inner word." in pdf_words(kept.pdf("review/small-report.pdf"))
    kept.edit("typeset/inner.typ", "inner word", "inmost word")
    assert "executed" not in kept.render("review", "--draft").said
    assert "An inmost word." in pdf_words(kept.pdf("review/small-report.pdf"))


def test_files_that_no_chapter_reads_do_not_count(kept: ReportFolder) -> None:
    """Another figure, another note elsewhere, another module deep below: nothing runs."""
    module = (kept.folder / "figures/answers.py").read_text()
    kept.write("figures/other.py", module).write("elsewhere.txt", "x").write("chapters/x.py", "")
    assert ran(kept) == set()


# --- what counts, and for whom ---


CHANGED = {
    "code": (FINDINGS, 'stat("smith-asked")', 'stat("smith-spare")', {FINDINGS},
             "its code, `stat"),
    "included code": ("chapters/_finding.qmd", '"smith-agree"', '"smith-agree", "words"',
                      {FINDINGS, SUMMARY}, "its code"),
    "row": ("data/statistics.csv", "agree,64,,,percent,exact,64", "agree,65,,,percent,exact,65",
            {FINDINGS, SUMMARY}, "row 'smith-agree' of data/statistics.csv"),
    "figure's row": ("data/statistics.csv", "almost a third disagreed", "nearly a third disagreed",
                     {FINDINGS}, "row 'smith-disagree' of data/statistics.csv"),
    "set of rows": ("data/statistics.csv", ROW + "\n", "", {FINDINGS},
                    "rows or columns that table 'statistics' has"),
    "cell looked at": ("data/statistics.csv", "56,,,count,exact,56",
                       "56,,,percent,exact,56 per cent", {FINDINGS},
                       "table 'statistics', line 5"),
    "figure module": ("figures/answers.py", "Bar chart of", "Chart of", {FINDINGS},
                      "figures/answers.py"),
    "module": ("helper.py", "helped", "aided", {EXTRA}, "helper.py"),
    "file": ("notes.txt", "noted", "marked", {EXTRA}, "notes.txt"),
    "lock file": ("uv.lock", "1", "2", {FINDINGS, SUMMARY, EXTRA}, "uv.lock"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "who", "because"), CHANGED.values(), ids=CHANGED)
def test_code_would_run_again_for(
    kept: ReportFolder, file: str, old: str, new: str, who: set[str], because: str
) -> None:
    """`why` tells that a change runs the chapters that used what changed, and no others."""
    render(kept)
    kept.edit(file, old, new)
    for chapter in (SUMMARY, FINDINGS, EXTRA):
        assert ("would run" in why(kept, chapter)) == (chapter in who)
    assert because in why(kept, min(who))


@pytest.mark.parametrize(
    ("file", "old", "new", "who", "because"),
    cases(CHANGED, ("row",)),
)
def test_code_is_run_again_for(
    kept: ReportFolder, file: str, old: str, new: str, who: set[str], because: str
) -> None:
    """A change runs the chapters that used what changed, and no others, and `why` names it; the
    pages are those of a render from nothing; going back runs nothing."""
    text = (kept.folder / file).read_text()
    kept.edit(file, old, new)
    assert ran(kept) == who
    assert "its kept result holds" in why(kept, min(who)) and because in why(kept, min(who))
    built = tree(kept.folder / "_output")
    render(kept, "--no-cache")
    assert tree(kept.folder / "_output") == built
    kept.write(file, text)
    assert ran(kept) == set()


def test_a_folder_that_was_looked_through_counts(kept: ReportFolder) -> None:
    """A new file in it runs the chapter that listed the folder."""
    kept.write("notes/two.txt", "")
    assert "the files in notes/" in why(kept, "extra")
    assert ran(kept) == {EXTRA}
    assert "two.txt" in kept.page("review/chapters/extra.html")


def test_a_variable_counts_for_who_reads_it(
    kept: ReportFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Another value of a variable runs the chapter that asked for it, and no other."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "the environment's HOME" in why(kept, "extra")
    assert ran(kept) == {EXTRA}
    assert str(tmp_path) in kept.page("review/chapters/extra.html")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1290000001")
    assert ran(kept) == set()


def test_a_module_that_hides_another_counts(kept: ReportFolder) -> None:
    """A new module in the working folder runs the chapters that could import it, and no others:
    what all of Python has, anybody may."""
    kept.write("other.py", "")
    assert ran(kept) == set()
    kept.write("helper/__init__.py", 'WORD = "another"')
    assert ran(kept) == {EXTRA}
    kept.write("antigravity.py", "")
    assert ran(kept) == {SUMMARY, FINDINGS, EXTRA}


def test_our_own_code_counts(
    kept: ReportFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A change to how figures are drawn concerns the chapters with figures."""
    for file in digests.PACKAGE.rglob("*.py"):
        copied = tmp_path / file.relative_to(digests.PACKAGE)
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_bytes(file.read_bytes())
    monkeypatch.setattr(digests, "PACKAGE", tmp_path)
    assert "holds" in why(kept, "findings")
    with (tmp_path / "charts/bars.py").open("a") as module:
        module.write("# changed\n")
    assert "Imprint's own charts/bars.py" in why(kept, "findings")
    assert "holds" in why(kept, "summary")


# --- what is never kept ---


UNFOLLOWED = {
    SUMMARY: ('import subprocess\nsubprocess.run(["true"])', "it starts a program"),
    FINDINGS: ('import socket\nsocket.getaddrinfo("localhost", 80)', "it uses the network"),
    EXTRA: ('open("notes.txt", "a").close()', "it reads and rewrites notes.txt"),
}


def test_what_cannot_be_followed_runs_each_time(kept: ReportFolder) -> None:
    """A chapter whose reads cannot be known is run in every render, and `why` says so."""
    for chapter, (code, _) in UNFOLLOWED.items():
        text = (kept.folder / chapter).read_text()
        kept.write(chapter, text.replace("```{python}\n", f"```{{python}}\n{code}\n", 1))
    assert ran(kept) == set(UNFOLLOWED)
    for chapter, (_, because) in UNFOLLOWED.items():
        assert because in why(kept, chapter)
    assert ran(kept) == set(UNFOLLOWED)


def test_a_failure_is_not_kept(kept: ReportFolder) -> None:
    """A chapter that failed runs again, though nothing that it read has changed."""
    kept.edit(EXTRA, "import helper", 'import helper\nassert Path("gone").exists()')
    for _ in range(2):
        failed = kept.run("render", "--engine", "embedded", "review", "--draft", "--to", "html")
        assert failed.code == 1
    kept.write("gone", "")
    assert ran(kept) == {EXTRA}


def test_the_cache_can_be_passed_by(kept: ReportFolder) -> None:
    """`--no-cache` runs everything."""
    assert ran(kept, "--no-cache") == {SUMMARY, FINDINGS, EXTRA}


# --- what is on disk ---


def entries(report: ReportFolder) -> list[Path]:
    return sorted((report.folder / FOLDER).glob("chapters/*/*"))


def test_drawn_figures_come_back(kept: ReportFolder) -> None:
    """A figure that was deleted or spoilt is put back as it was drawn; nothing runs."""
    drawn = kept.folder / "figures/drawn"
    before = tree(drawn)
    (drawn / "answers.svg").unlink()
    (drawn / "answers.csv").write_bytes(b"spoilt")
    assert ran(kept) == set()
    assert tree(drawn) == before


DAMAGES = {name: name for name in ("cut", "changed", "empty", "not JSON")}


@pytest.mark.parametrize("damage", cases(DAMAGES, ("changed",)))
def test_a_damaged_entry_is_as_good_as_none(kept: ReportFolder, damage: str) -> None:
    """The chapter runs again, whatever has happened to its entries, and is kept again."""
    for entry in entries(kept):
        content = entry.read_bytes()
        if "findings" not in str(entry):
            continue
        damaged = {
            "cut": content[:-40],
            "changed": content.replace(b"64", b"99"),
            "empty": b"",
            "not JSON": b"00\n{",
        }
        entry.write_bytes(damaged[damage])
    assert ran(kept) == {FINDINGS}
    assert "64 per cent" in kept.words("review/chapters/findings.html").replace("\u00a0", " ")
    assert ran(kept) == set()


def test_lost_figures_are_drawn_again(kept: ReportFolder) -> None:
    """Where a figure is gone from the cache too, its chapter runs."""
    for file in (kept.folder / FOLDER / "files").iterdir():
        file.write_bytes(b"spoilt")
    (kept.folder / "figures/drawn/answers.svg").unlink()
    assert ran(kept) == {FINDINGS}
    assert "<svg" in (kept.folder / "figures/drawn/answers.svg").read_text()


def test_the_cache_can_be_deleted(kept: ReportFolder) -> None:
    """Without it everything runs, as it would the first time."""
    for path in sorted((kept.folder / FOLDER).rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    assert "no earlier result is kept" in why(kept, "summary")
    assert ran(kept) == {SUMMARY, FINDINGS, EXTRA}


def test_the_oldest_goes_first(tmp_path: Path) -> None:
    """A cache that is too large loses what has not been used for longest."""
    folder = tmp_path / FOLDER / "files"
    folder.mkdir(parents=True)
    for age, name in enumerate(["new", "middle", "old"]):
        (folder / name).write_bytes(b"x" * 100)
        os.utime(folder / name, ns=(10**18 - age, 10**18 - age))
    prune(tmp_path, most=250)
    assert sorted(path.name for path in folder.iterdir()) == ["middle", "new"]


@pytest.mark.slow
@pytest.mark.thorough
def test_two_renders_at_once_share_the_cache(kept: ReportFolder) -> None:
    """Two renders that begin together both succeed, and leave entries that hold."""
    for entry in entries(kept):
        entry.unlink()
    words = [sys.executable, "-m", "imprint.cli", "render", "--engine", "embedded", "--draft"]
    running = [
        subprocess.Popen(
            [*words, "chapters/findings.qmd", "--to", "html"],
            cwd=kept.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in running:
        _, problems = process.communicate(timeout=120)
        assert process.returncode == 0, problems
    assert not list((kept.folder / FOLDER).rglob("*.part"))
    assert all(json.loads(entry.read_bytes().split(b"\n", 1)[1]) for entry in entries(kept))
    (kept.folder / "chapters/findings.html").unlink()
    assert FINDINGS not in ran(kept)


def test_an_engine_module_that_is_not_there_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A module that has moved does not drop out of what results depend on."""
    monkeypatch.setattr(current, "ENGINE", ("run/gone.py",))
    with pytest.raises(FileNotFoundError, match=r"run/gone\.py"):
        _ = current.Current(tmp_path).setting


# --- in another folder ---


@pytest.fixture(scope="module")
def elsewhere(report: ReportFolder, tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """A copy of the report in another folder, with nothing but its sources and the cache."""
    report.render("review", "--draft")
    folder = tmp_path_factory.mktemp("elsewhere") / "copy"
    built = shutil.ignore_patterns("_output", "drawn", ".imprint")
    shutil.copytree(report.folder, folder, ignore=built)
    shutil.copytree(report.folder / FOLDER, folder / FOLDER)
    return ReportFolder(folder)


def test_results_serve_copies_in_other_folders(
    report: ReportFolder, elsewhere: ReportFolder
) -> None:
    """Where the cache is copied too nothing is run, composed or set; the output is the same."""
    parts = {"chapters", "read", "cite", "write", "frame", "pdfs", "pixels"}
    folders = [elsewhere.folder / FOLDER / part for part in parts]
    before = {folder: {path.name for path in folder.rglob("*")} for folder in folders}
    assert all(before.values())
    said = elsewhere.render("review", "--draft").said
    assert "executed" not in said
    assert {folder: {path.name for path in folder.rglob("*")} for folder in folders} == before
    assert tree(elsewhere.folder / "_output/review") == tree(report.folder / "_output/review")


def test_code_that_asks_where_it_is_runs_in_each_folder(elsewhere: ReportFolder) -> None:
    """Whatever way a chapter learns of its folder, its result is none for another folder."""
    asks = {
        "working": "os.getcwd()",
        "parts": "len(Path.cwd().parts)",
        "resolved": "Path('notes.txt').resolve().stem",
        "module": "placed.place()",
        "variable": "os.environ['QUARTO_PROJECT_DIR'][:3]",
        "printed": "re",
        "beside": "Path('../beside.txt').read_text()",
        "nothing": "Path('notes.txt').read_text(), os.environ.get('HOME'), helper.WORD",
    }
    elsewhere.write("placed.py", "def place():\n    return len(__file__)\n")
    elsewhere.write("re2.py", "")
    for name, code in asks.items():
        own = {"module": "placed", "printed": "re2 as re"}.get(name, "helper")
        cell = f"import os\nfrom pathlib import Path\nimport {own}\nprint({code})"
        elsewhere.write(f"chapters/{name}.qmd", f"# {name}\n\n```{{python}}\n{cell}\n```\n")
    listed = "".join(f"    - chapters/{name}.qmd\n" for name in asks)
    elsewhere.edit("_quarto.yml", f"    - {EXTRA}\n", listed)
    beside = elsewhere.folder.parent / "beside.txt"
    beside.write_text("here")
    assert len(ran(elsewhere)) >= len(asks)
    assert ran(elsewhere) == set()
    other = ReportFolder(elsewhere.folder.parent / "deeper" / "copy")
    shutil.copytree(elsewhere.folder, other.folder)
    (other.folder.parent / "beside.txt").write_text("there")
    assert "changed: the folder that the report is in" in why(other, "parts")
    assert ran(other) == {f"chapters/{name}.qmd" for name in asks.keys() - {"nothing"}}
    pages = "".join(other.page(f"review/chapters/{name}.html") for name in asks)
    assert str(elsewhere.folder / "re2.py") not in pages and "there" in pages


def test_warnings_name_modules_as_they_are_on_every_machine(elsewhere: ReportFolder) -> None:
    """What a module of the report warns of is printed with its path from the report's folder."""
    elsewhere.write("warns.py", "import warnings\nwarnings.warn('mind this')\n")
    cell = "\n```{python}\nimport warns\n```\n"
    elsewhere.write(FINDINGS, (elsewhere.folder / FINDINGS).read_text() + cell)
    assert FINDINGS in ran(elsewhere)
    page = elsewhere.page("review/chapters/findings.html")
    assert "mind this" in page and "warns.py:2: " in page
    assert str(elsewhere.folder) not in page
    found = [entry for entry in entries(elsewhere) if "findings" in entry.parent.name]
    assert not any('"place"' in entry.read_text() for entry in found)
