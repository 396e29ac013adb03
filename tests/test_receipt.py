"""A render with nothing to do does nothing; one with something to do does all of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from imprint.build import receipt
from imprint.build.receipt import ReceiptKey, source_files, starting_point, unchanged
from imprint.core import digests
from imprint.core.commit import build_time, iso_time
from imprint.core.files import write_json
from imprint.core.problems import Place
from imprint.core.store import FOLDER
from imprint.preview.watching import states, watched_folders
from imprint.terminal import rendering
from imprint.write.pdf import cache, typeset
from reports import ReportFolder, copy_report

NOTHING = "nothing has changed since the last render"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """The minimal report, rendered, with a chapter that reads a variable of the environment."""
    made = copy_report("minimal", tmp_path_factory.mktemp("receipt") / "report")
    cell = '\n```{python}\nimport os\nprint(os.environ.get("APPDATA"))\n```\n'
    made.write("chapters/outlook.qmd", (made.folder / "chapters/outlook.qmd").read_text() + cell)
    made.render()
    return made


def is_idle(report: ReportFolder, *words: str) -> bool:
    """Render; whether there was nothing to do."""
    return NOTHING in report.render(*words).said


def test_nothing_is_done_twice(report: ReportFolder) -> None:
    """The second render says where everything is, as the first did, and touches no file."""
    path = report.folder / "chapters/outlook.qmd"
    path.write_text(f"{path.read_text()}\n")
    first = report.render().said.splitlines()
    before = {path: path.stat().st_mtime_ns for path in (report.folder / "_output").rglob("*")}
    second = report.render().said.splitlines()
    assert second[1] == NOTHING
    assert second[2:-1] == first[-1 - len(second[2:-1]) : -1] and len(second[2:-1]) == 4
    assert {
        path: path.stat().st_mtime_ns for path in (report.folder / "_output").rglob("*")
    } == before


def test_names_that_are_no_text_are_names_too(tmp_path: Path) -> None:
    """As of an archive in another encoding; digests, records and problems bear them."""
    name = os.fsdecode(b"\xff\x1b[31m\n.txt")
    try:
        (tmp_path / name).touch()
    except OSError:
        pytest.skip("this file system takes no such name")
    before = starting_point(tmp_path, ReceiptKey((), ()))
    (tmp_path / name).rename(tmp_path / f"{name}.old")
    assert starting_point(tmp_path, ReceiptKey((), ())) != before
    write_json(tmp_path / "record.json", {name: 1})
    assert json.loads((tmp_path / "record.json").read_text(encoding="utf-8")) == {name: 1}
    assert str(Place(name, 2)) == "?[31m?.txt:2"


@pytest.mark.parametrize("given", ["-5", "soon", "²", "9" * 40, "9" * 5_000, "253402300800"])
def test_a_date_that_is_none_is_as_good_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    """Whoever sets SOURCE_DATE_EPOCH by mistake gets the commit's date, or 1970."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    assert iso_time(build_time(tmp_path)) == "1970-01-01T00:00:00Z"


def test_links_that_lead_to_themselves_are_files(tmp_path: Path) -> None:
    """Nobody can read them; nothing else is passed over for their sake."""
    (tmp_path / "data").mkdir()
    (tmp_path / "a").symlink_to("a")
    (tmp_path / "data/b").symlink_to("b")
    (tmp_path / "data/loop").symlink_to("..")
    for name in ("c.txt", "data/d.csv"):
        (tmp_path / name).touch()
    found = {Path(path).relative_to(tmp_path).as_posix() for path in source_files(tmp_path)}
    assert found == {"a", "data/b", "c.txt", "data/d.csv", *(it for it in found if "loop" in it)}
    assert set(states(tmp_path)) >= {"c.txt", "data/d.csv"}
    assert {path.name for path in watched_folders(tmp_path)} == {"data"}


def test_files_are_called_from_where_the_second_render_is_begun(
    report: ReportFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path that leads from the root alone would lead nowhere from another folder."""
    report.render()
    point = starting_point(report.folder, ReceiptKey((), ("html", "pdf")))
    last = unchanged(report.folder, point)
    assert last is not None
    for here in (report.folder, report.folder / "_output", report.folder / "chapters"):
        monkeypatch.chdir(here)
        paths = [Path(line.partition(": ")[2]) for line in last.file_lines(report.folder)]
        assert len(paths) == 4 and all(path.is_file() for path in paths)


def holds(root: Path) -> bool:
    """Whether a render of everything would find nothing to do; nothing is rendered."""
    return unchanged(root, starting_point(root, ReceiptKey((), ("html", "pdf")))) is not None


@pytest.mark.parametrize(
    "file",
    ["chapters/outlook.qmd", "chapters/_finding.qmd", "data/statistics.csv", "references.bib",
     "figures/answers.py", "_quarto-summary.yml", "styles/imprint.csl", "uv.lock",
     "_extensions/imprint/filters/statistics.lua", "_extensions/imprint/assets/imprint.css"],
)  # fmt: skip
def test_any_change_of_a_source_is_seen(report: ReportFolder, file: str) -> None:
    """An empty line more in any file of the report, or a new file, is something to do."""
    assert holds(report.folder)
    path = report.folder / file
    before = path.read_text() if path.exists() else None
    path.write_text(f"{before or ''}\n" if not file.endswith("csv") else f"{before}".rstrip("\n"))
    assert not holds(report.folder)
    path.unlink() if before is None else path.write_text(before)
    assert holds(report.folder)


def test_a_change_is_rendered_once(report: ReportFolder) -> None:
    """What is seen to have changed is rendered, and then there is nothing to do."""
    path = report.folder / "chapters/outlook.qmd"
    before = path.read_text()
    path.write_text(f"{before}\n")
    assert not is_idle(report)
    assert is_idle(report)
    path.write_text(before)
    assert not is_idle(report)


ELSEWHERE = {
    "outside": "../shared/refs.bib",
    "hidden": ".shared/refs.bib",
    "style": "../shared/own.csl",
    "include": "chapters/.parts/_more.qmd",
    "image": ".pictures/bar.svg",
    "link": "linked.bib",
}


@pytest.fixture(scope="module")
def scattered(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """The minimal report, rendered, with files of its sources outside its folder, in hidden folders
    and behind a link."""
    made = copy_report("minimal", tmp_path_factory.mktemp("scattered") / "report")
    cited = ""
    for file, key in (
        ("../shared/refs.bib", "brown_2007_outside"),
        (".shared/refs.bib", "green_2008_hidden"),
        ("../shared/linked.bib", "white_2009_linked"),
    ):
        author, year, title = key.split("_")
        made.write(
            file,
            f"@book{{{key},\n  author = {{{author.title()}, A.}},\n  title = {{What is {title}}},\n"
            f"  year = {{{year}}},\n  publisher = {{Press}},\n  address = {{London}}\n}}\n",
        )
        cited += f"[@{key}]"
    (made.folder / "linked.bib").symlink_to(made.folder.parent / "shared/linked.bib")
    files = "references.bib, ../shared/refs.bib, .shared/refs.bib, linked.bib"
    made.edit("_quarto.yml", "bibliography: references.bib", f"bibliography: [{files}]")
    style = (made.folder / "styles/imprint.csl").read_text(encoding="utf-8")
    made.write("../shared/own.csl", style)
    made.edit("_quarto.yml", "csl: styles/imprint.csl", "csl: ../shared/own.csl")
    made.write("chapters/.parts/_more.qmd", "More is said of it.\n")
    made.write(
        ".pictures/bar.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    )
    text = (made.folder / "chapters/method.qmd").read_text(encoding="utf-8")
    text += "\n{{< include .parts/_more.qmd >}}\n\n"
    text += '![A bar](/.pictures/bar.svg){#fig-bar fig-alt="A bar"}\n\nSee @fig-bar.\n\n'
    text += f"Others say so too {cited.replace('][', '; ')}.\n"
    made.write("chapters/method.qmd", text)
    made.render()
    return made


@pytest.mark.parametrize("file", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_source_is_watched_wherever_it_lies(scattered: ReportFolder, file: str) -> None:
    """What sources name outside the folder, in a hidden one or behind a link is looked at too."""
    root = scattered.folder
    assert holds(root)
    inputs = json.loads(scattered.page("manifest.json"))["publications"]["review"]["inputs"]
    path = root / file
    before = path.read_text(encoding="utf-8")
    assert inputs[file] == digests.file_digest(path)
    path.write_text(f"{before}\n", encoding="utf-8")
    assert not holds(root)
    path.write_text(before, encoding="utf-8")
    assert holds(root)


def test_what_was_edited_elsewhere_is_printed(scattered: ReportFolder) -> None:
    """A new title in a bibliography outside the folder is on the page after the next render."""
    scattered.edit("../shared/refs.bib", "What is outside", "Told anew")
    assert not is_idle(scattered)
    assert is_idle(scattered)
    assert "Told anew" in scattered.words("review/chapters/references.html")


def test_an_edit_elsewhere_during_a_render_is_not_missed(
    scattered: ReportFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is saved after it was read, but before the render ends, makes the next look again."""
    usual = rendering.render

    def edited_meanwhile(*arguments: Any) -> Path:
        made = usual(*arguments)
        scattered.edit("../shared/refs.bib", "{A Press}", "{Other Press}")
        return made

    monkeypatch.setattr(rendering, "render", edited_meanwhile)
    scattered.edit("../shared/refs.bib", "{Press}", "{A Press}").render()
    monkeypatch.undo()
    assert not is_idle(scattered)
    assert "Other Press" in scattered.words("review/chapters/references.html")


MADE = (
    "_output/review/index.html",
    "_output/review/small-report.pdf",
    "_output/manifest.json",
    "_output/figures/answers.csv",
    "figures/drawn/answers.svg",
)


@pytest.mark.parametrize("file", MADE)
def test_a_spoilt_output_is_seen(report: ReportFolder, file: str) -> None:
    """A made file that was changed or deleted, or one too many, is something to do."""
    root, path = report.folder, report.folder / file
    right = path.read_bytes()
    assert holds(root)
    path.write_bytes(b"spoilt")
    assert not holds(root)
    path.unlink()
    assert not holds(root)
    path.write_bytes(right)
    path.with_name("stray").write_bytes(b"")
    assert not holds(root)
    path.with_name("stray").unlink()
    assert holds(root)


@pytest.mark.parametrize("how", ["changed", "deleted"])
def test_a_spoilt_output_is_fixed(report: ReportFolder, how: str) -> None:
    """The next render puts right whatever was changed or deleted, and what is one too many."""
    right = {file: (report.folder / file).read_bytes() for file in MADE}
    for file in MADE:
        path = report.folder / file
        path.write_bytes(b"spoilt") if how == "changed" else path.unlink()
        if file.startswith("_output/"):
            path.with_name("stray").write_bytes(b"")
    assert not is_idle(report)
    assert {file: (report.folder / file).read_bytes() for file in MADE} == right
    assert not [path for path in report.folder.rglob("stray") if path.is_file()]


def test_what_is_asked_for_counts(report: ReportFolder) -> None:
    """Other formats, another publication, another date, another variable: all are done."""
    assert is_idle(report)
    for other in (ReceiptKey((), ("html",)), ReceiptKey(("review",), ("html", "pdf"))):
        assert unchanged(report.folder, starting_point(report.folder, other)) is None
    assert not is_idle(report, "review")
    assert is_idle(report, "review")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1290000000")
        assert not is_idle(report)
        assert '"date": "2010-11-17T13:20:00Z"' in report.page("manifest.json")
        patch.setenv("APPDATA", "elsewhere")
        assert not is_idle(report)
        assert "elsewhere" in report.page("review/chapters/outlook.html")
    report.render()


def test_a_failed_render_is_not_taken_for_done(report: ReportFolder) -> None:
    """After a failure the next render tries again, and says again what is wrong."""
    path = report.folder / "chapters/outlook.qmd"
    before = path.read_text()
    path.write_text(f"{before}\n@sec-nowhere\n")
    for _ in range(2):
        outcome = report.run("render", "--engine", "embedded")
        assert (outcome.code, "sec-nowhere" in outcome.problems) == (1, True)
    path.write_text(before)
    assert "nowhere" not in report.render().said


def test_a_damaged_receipt_is_as_good_as_none(report: ReportFolder) -> None:
    """Whatever stands in it, the report is rendered."""
    for damage in (b"", b"00\n{}", b"\xff\n"):
        (report.folder / FOLDER / "last-render").write_bytes(damage)
        assert not holds(report.folder)
    assert not is_idle(report)
    assert is_idle(report)


def test_only_changed_publications_are_composed_and_set(
    report: ReportFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change to one publication leaves the PDF of the other as it is."""
    report.render()
    made: list[str] = []
    usual = typeset.set_pdf

    def counted(
        book: typeset.Book, root: Path, timestamp: int, folder: Path | None = None
    ) -> typeset.Pdf:
        made.append(book.publication.name)
        return usual(book, root, timestamp, folder)

    monkeypatch.setattr(cache, "set_pdf", counted)
    report.edit("chapters/outlook.qmd", "looks ahead", "looks far ahead").render()
    assert made == ["review"]
    figure = report.folder / "figures/answers.py"
    figure.write_text(figure.read_text().replace("bar_chart(rows)", "bar_chart(rows[::-1])"))
    report.render()
    assert made == ["review", "review"], "the figure is drawn otherwise"


@pytest.mark.parametrize("place", ["src/imprint", ".venv/lib/site-packages/imprint", "../imprint"])
def test_another_program_renders_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Wherever the package is, in a hidden folder of the report too, its change ends a receipt."""
    root = tmp_path / "report"
    package = ReportFolder(root).write(f"{place}/__init__.py", "one").folder / place
    monkeypatch.setattr(receipt, "PACKAGE", package)
    asked = ReceiptKey((), ("html",))
    before = starting_point(root, asked)
    assert starting_point(root, asked) == before
    (package / "__init__.py").write_text("two")
    assert starting_point(root, asked) != before
