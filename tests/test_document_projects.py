"""A project of several documents, as `quarto create project default` makes one: each by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from imprint.core.problems import ReportError
from imprint.read.single_file import documents_of, read_single_file
from reports import ReportFolder

WORK = "@misc{fox, author = {Fox, A.}, title = {Foxes}, year = {2010}}\n"
CITING = "---\ntitle: Foxes\nbibliography: works.bib\n---\n\nSee @fox.\n"


@pytest.fixture
def project(tmp_path: Path) -> ReportFolder:
    """Two documents, one of which has a bibliography beside it, and files that are none."""
    made = ReportFolder(tmp_path)
    made.write("_quarto.yml", "project:\n  title: Animals\n")
    for path, text in {
        "owls.qmd": "---\ntitle: Owls\n---\n\nOwls are awake.\n",
        "more/foxes.qmd": CITING,
        "more/works.bib": WORK,
        "_part.qmd": "Part.\n",
        "README.md": "Read me.\n",
    }.items():
        made.write(path, text)
    return made


def named(project: ReportFolder) -> list[str]:
    return [it.relative_to(project.folder).as_posix() for it in documents_of(project.folder)]


@pytest.mark.parametrize(
    ("render", "documents"),
    [
        ("", ["more/foxes.qmd", "owls.qmd"]),
        ("\n  render: ['*.qmd', more/*.qmd, '!owls.qmd']", ["more/foxes.qmd"]),
        ("\n  render: [owls.qmd, README.md]", ["README.md", "owls.qmd"]),
        ("\n  render: [owls.qmd, more/]", ["more/foxes.qmd", "owls.qmd"]),
        ("\n  render: [owls.qmd]", []),
        ("\n  type: book", []),
        ("\n  type: website", ["more/foxes.qmd", "owls.qmd"]),
        ("\n  type: website\n  render: [owls.qmd]", ["owls.qmd"]),
    ],
)
def test_a_plain_project_renders_its_documents(
    project: ReportFolder, render: str, documents: list[str]
) -> None:
    """All of them, or those that it lists; a list of one is a publication of one page."""
    project.write("_quarto.yml", f"project:\n  title: Animals{render}\n")
    assert named(project) == documents


@pytest.mark.parametrize("listed", ["oowls.qmd", "../*.qmd", "", "**x/*.qmd", "!nothing.qmd"])
def test_what_it_lists_and_is_not_there_is_told(project: ReportFolder, listed: str) -> None:
    """At its place, and never left out in silence."""
    project.write("_quarto.yml", f"project:\n  render: [owls.qmd, '{listed}']\n")
    with pytest.raises(ReportError) as told:
        documents_of(project.folder)
    (found,) = told.value.problems
    assert (found.code, found.place.file, found.place.line) == ("chapter-exists", "_quarto.yml", 2)


def test_its_documents_are_rendered_and_checked_without_being_named(project: ReportFolder) -> None:
    """Each beside its file, with the bibliography that stands beside it."""
    rendered = project.run("render", "--to", "html", "--engine", "embedded")
    assert rendered.code == 0, rendered.problems
    assert "Fox" in (project.folder / "more/foxes.html").read_text(encoding="utf-8")
    assert (project.folder / "owls.html").is_file()
    project.write("owls.qmd", "See @fox and ![](no.png).\n")
    checked = project.run("check")
    assert checked.said.endswith("2 documents: 3 problems, 3 of them no more than a warning\n")
    checked = project.run("check", "more/foxes.qmd")
    assert checked.said.endswith("1 document: no problems\n")
    explained = project.run("why", "owls")
    assert explained.said == "owls.qmd: has no code to run\n"
    finished = project.run("finish")
    assert (finished.code, finished.said) == (0, "")


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("csl: https://example.org/a.csl", "csl 'https://example.org/a.csl' is an address"),
        ("csl: no.csl", "csl file 'no.csl' does not exist"),
        ("bibliography: work.bib", "bibliography file 'work.bib' does not exist"),
        ("bibliography: https://example.org/works.json", "bibliography 'https://example.org/works"),
    ],
)
def test_files_that_cannot_serve_are_told_where_they_are_named(
    project: ReportFolder, said: str, problem: str
) -> None:
    """At their line in the front matter, before pandoc looks for them."""
    project.write("owls.qmd", f"---\n{said}\n---\n\nSee @fox.\n")
    with pytest.raises(ReportError) as told:
        read_single_file(project.folder / "owls.qmd")
    (found,) = told.value.problems
    assert found.message.startswith(problem)
    assert (found.place.file, found.place.line) == ("owls.qmd", 2)
