"""A render with nothing to do does nothing; one with something to do does all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from imprint.core.store import FOLDER
from imprint.write.pdf import kept, typeset
from reports import Report, copy_report, tree

NOTHING = "nothing has changed since the last render"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The minimal report, rendered, with a chapter that reads a variable of the environment."""
    made = copy_report("minimal", tmp_path_factory.mktemp("receipt") / "report")
    cell = '\n```{python}\nimport os\nprint(os.environ.get("APPDATA"))\n```\n'
    made.write("chapters/outlook.qmd", (made.folder / "chapters/outlook.qmd").read_text() + cell)
    made.render()
    return made


def is_idle(report: Report, *words: str) -> bool:
    """Render; whether there was nothing to do."""
    return NOTHING in report.render(*words).said


def test_nothing_is_done_twice(report: Report) -> None:
    """The second render says where everything is, as the first did, and touches no file."""
    first = report.render("--no-cache").said.splitlines()
    before = {path: path.stat().st_mtime_ns for path in (report.folder / "_output").rglob("*")}
    second = report.render().said.splitlines()
    assert second[1] == NOTHING
    assert second[2:-1] == first[-1 - len(second[2:-1]) : -1] and len(second[2:-1]) == 4
    assert {
        path: path.stat().st_mtime_ns for path in (report.folder / "_output").rglob("*")
    } == before


@pytest.mark.parametrize(
    "file",
    ["chapters/outlook.qmd", "chapters/_finding.qmd", "data/statistics.csv", "references.bib",
     "figures/answers.py", "_quarto-summary.yml", "styles/imprint.csl", "uv.lock",
     "_extensions/imprint/filters/statistics.lua", "_extensions/imprint/assets/imprint.css"],
)  # fmt: skip
def test_any_change_of_a_source_is_seen(report: Report, file: str) -> None:
    """An empty line more in any file of the report, or a new file, and the render is done again."""
    path = report.folder / file
    before = path.read_text() if path.exists() else None
    path.write_text(f"{before or ''}\n" if not file.endswith("csv") else f"{before}".rstrip("\n"))
    assert not is_idle(report)
    assert is_idle(report)
    path.unlink() if before is None else path.write_text(before)
    assert not is_idle(report)


@pytest.mark.parametrize(
    "file",
    [
        "_output/review/index.html",
        "_output/review/small-report.pdf",
        "_output/manifest.json",
        "_output/figures/answers.csv",
        "figures/drawn/answers.svg",
    ],
)
def test_a_spoilt_output_is_fixed(report: Report, file: str) -> None:
    """A made file that was changed or deleted, or one too many, is put right."""
    path = report.folder / file
    right = path.read_bytes()
    path.write_bytes(b"spoilt")
    assert not is_idle(report)
    assert path.read_bytes() == right
    path.unlink()
    assert not is_idle(report)
    assert path.read_bytes() == right
    path.with_name("stray").write_bytes(b"")
    assert not is_idle(report)
    path.with_name("stray").unlink(missing_ok=True)
    report.render()


def test_what_is_asked_for_counts(report: Report) -> None:
    """Other formats, another publication, another date, another variable: all are done."""
    assert is_idle(report)
    assert not is_idle(report, "--to", "html")
    assert not is_idle(report, "review")
    assert is_idle(report, "review")
    assert not is_idle(report)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1290000000")
        assert not is_idle(report)
        assert '"date": "2010-11-17T13:20:00Z"' in report.page("manifest.json")
        patch.setenv("APPDATA", "elsewhere")
        assert not is_idle(report)
        assert "elsewhere" in report.page("review/chapters/outlook.html")
    report.render()


def test_a_failed_render_is_not_taken_for_done(report: Report) -> None:
    """After a failure the next render tries again, and says again what is wrong."""
    path = report.folder / "chapters/outlook.qmd"
    before = path.read_text()
    path.write_text(f"{before}\n@sec-nowhere\n")
    for _ in range(2):
        outcome = report.run("render", "--engine", "embedded")
        assert (outcome.code, "sec-nowhere" in outcome.problems) == (1, True)
    path.write_text(before)
    assert "nowhere" not in report.render().said


def test_a_damaged_receipt_is_as_good_as_none(report: Report) -> None:
    """Whatever stands in it, the report is rendered."""
    for damage in (b"", b"00\n{}", b"\xff\n"):
        (report.folder / FOLDER / "last-render").write_bytes(damage)
        assert not is_idle(report)
        assert is_idle(report)


def test_only_changed_publications_are_composed_and_set(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change to one publication leaves the PDF of the other as it is, byte for byte."""
    report.render()
    made: list[str] = []
    usual = typeset.set_pdf

    def counted(
        book: typeset.Book, root: Path, timestamp: int, folder: Path | None = None
    ) -> typeset.Pdf:
        made.append(book.publication.name)
        return usual(book, root, timestamp, folder)

    monkeypatch.setattr(kept, "set_pdf", counted)
    report.edit("chapters/outlook.qmd", "looks ahead", "looks far ahead").render()
    assert made == ["review"]
    built = tree(report.folder / "_output")
    report.render("--no-cache")
    assert tree(report.folder / "_output") == built
    figure = report.folder / "figures/answers.py"
    figure.write_text(figure.read_text().replace("bar_chart(rows)", "bar_chart(rows[::-1])"))
    report.render()
    assert made == ["review", "review"], "the figure is drawn otherwise"
