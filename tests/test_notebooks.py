"""Chapters are read as Quarto reads them, or stopped with the place of every fault."""

import json
from pathlib import Path

import pytest
import yaml

from checks.building import report_of
from composing import composed
from imprint.core.model import Cell, Project, Text
from imprint.core.problems import ReportError
from imprint.editor.unrun import unknown_statistics
from imprint.read.chapters.ipynb import raw_as_markdown
from imprint.read.chapters.mentions import inline_expressions, possible_labels
from imprint.read.chapters.notebooks import read_chapter, survey_chapter
from imprint.read.plain import levelled
from imprint.run.chapter_script import needs_kernel

CASES = yaml.safe_load((Path(__file__).parent / "cases/notebooks.yml").read_text("utf-8"))


def chapter_of(root, files, path="a.qmd"):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return read_chapter(root, path, {"echo": False, "freeze": "auto"})


def problems_of(root, files, path="a.qmd"):
    with pytest.raises(ReportError) as raised:
        chapter_of(root, files, path)
    return raised.value.problems


def heads(problems):
    return [f"{problem.place}: {problem.message}" for problem in problems]


def where(found):
    return [
        f"{name}@{place.line}:{place.column}" + (f" {place.file}" if place.file != "a.qmd" else "")
        for name, place in found
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["it"])
def test_case(tmp_path, case):
    """Each case of cases/notebooks.yml reads as it says."""
    files = {"a.qmd": case["text"], **case.get("files", {})}
    if "problems" in case:
        problems = problems_of(tmp_path, files)
        assert len(problems) == len(case["problems"]), heads(problems)
        for found, wanted in zip(heads(problems), case["problems"], strict=True):
            assert found.startswith(wanted)
        if "fix" in case:
            assert problems[0].fix == case["fix"]
        return
    chapter = chapter_of(tmp_path, files)
    cells = [part for part in chapter.parts if isinstance(part, Cell)]
    texts = [part for part in chapter.parts if isinstance(part, Text)]
    if "cells" in case:
        assert case["cells"] == [
            {
                "code": cell.code,
                "options": cell.options,
                "line": cell.place.line,
                "code_line": cell.code_line,
            }
            for cell in cells
        ]
    if "text_lines" in case:
        assert [line.text for text in texts for line in text.lines] == case["text_lines"]
    if not case.keys().isdisjoint(("labels", "references", "citations")):
        box = {"crossref": {"custom": [{"kind": "float", "key": "box"}]}}
        report = composed(report_of(tmp_path, chapter, metadata=box))
        found = {
            "labels": [
                (it.name, it.place)
                for it in report.mentions(chapter)
                if it.kind in ("label", "heading")
            ],
            "references": list(report.keys(chapter, "reference")),
            "citations": list(report.keys(chapter, "citation")),
        }
        assert {name: where(found[name]) for name in found if name in case} == {
            name: case[name] for name in found if name in case
        }


def test_captions_cite(tmp_path):
    """A citation and a reference in a cell's caption are found at the caption."""
    cell = (
        '```{python}\n#| label: fig-b\n#| fig-cap: "By [@key], see @fig-b; `@no`"\n'
        "from IPython.display import Image\nImage(b'\\x89PNG', format='png')\n```\n"
    )
    chapter = chapter_of(tmp_path, {"a.qmd": cell})
    report = composed(report_of(tmp_path, chapter), runs=True)
    assert where(report.keys(chapter, "citation")) == ["key@3:13"]
    assert where(report.keys(chapter, "reference")) == ["fig-b@3:13"]


def test_inline_code_follows_quartos_rule():
    """Inline code needs single backticks and a space; the doubled brace is an escape."""
    line = 'It is `{python} stat("x") `, ``{python} no`` and `{{python}} shown`; `{python}no`'
    run, shown = inline_expressions(line)
    assert (run.expression, run.escaped, run.language) == ('stat("x")', False, "python")
    assert line[run.start : run.end] == '`{python} stat("x") `'
    assert (shown.expression, shown.escaped) == ("shown", True)


def notebook(*cells, **extra):
    listed = [{"cell_type": kind, "source": source} for kind, source in cells]
    return json.dumps({"cells": listed, "metadata": {}, "nbformat": 4, **extra})


def test_ipynb_reads_like_qmd(tmp_path):
    """A notebook's raw front matter, Markdown and code cells make the same parts."""
    text = notebook(
        ("raw", "---\ntitle: T\n---"), ("markdown", ["# A\n", "@key"]), ("code", "#| echo: true\n1")
    )
    chapter = chapter_of(tmp_path, {"a.ipynb": text}, "a.ipynb")
    assert chapter.metadata == {"title": "T"}
    words, cell = chapter.parts
    assert [line.text for line in words.lines] == ["", "# A", "@key", ""]
    assert (cell.code, cell.options, cell.code_line) == ("1", {"echo": True}, 2)


def test_ipynb_problems_name_their_cell(tmp_path):
    """A fault in a notebook is reported with its cell and the line within it."""
    text = notebook(("markdown", "Text\n{{< nope >}}"), ("code", "#| ecko: 1"))
    assert heads(problems_of(tmp_path, {"a.ipynb": text}, "a.ipynb")) == [
        "a.ipynb:1:4: the embedded engine does not know the cell option 'ecko', in cell 2",
        "a.ipynb:2:1: the embedded engine does not know the shortcode 'nope', in cell 1",
    ]


def test_a_block_may_go_through_several_cells(tmp_path):
    """Quarto reads a notebook's cells as one text, raw ones too; what is never closed is told."""
    opened = [("markdown", "::: {.panel-tabset}\n\n## A"), ("code", "1"), ("raw", "*B*")]
    text = notebook(*opened, ("markdown", "Text.\n\n:::"))
    chapter = chapter_of(tmp_path, {"a.ipynb": text}, "a.ipynb")
    texts = [line.text for part in chapter.parts if isinstance(part, Text) for line in part.lines]
    assert texts == ["::: {.panel-tabset}", "", "## A", "", "*B*", "", "Text.", "", ":::", ""]
    assert heads(problems_of(tmp_path, {"a.ipynb": notebook(*opened)}, "a.ipynb")) == [
        "a.ipynb:1:1: this div is never closed, in cell 1"
    ]


@pytest.mark.parametrize(
    ("form", "texts"),
    [("text/html", ["```{=html}", "<b>", "```"]), ("text/markdown", ["<b>"]), ("text/x-rst", [])],
)
def test_raw_cells_are_of_their_format(form, texts):
    assert raw_as_markdown({"metadata": {"raw_mimetype": form}}, ["<b>"]) == texts


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ('{"cells": [', "a.ipynb:1:12: the notebook is not valid JSON"),
        ("[]", "a.ipynb: the notebook wants `key: value` pairs, not a list"),
        (notebook(nbformat=3), "a.ipynb: `nbformat` of the notebook wants version 4 of the format"),
        (
            '{"nbformat": 3, "worksheets": []}',
            "a.ipynb: `nbformat` of the notebook wants version 4",
        ),
        (notebook(metadata={"kernelspec": {"language": "R"}}), "a.ipynb: the notebook's language"),
        (
            notebook(("markdown", 7)),
            "a.ipynb:1: `source` of the cell wants text or a list of lines, not '7', in cell 1",
        ),
        (
            '{"nbformat": 4, "cells": [{"cell_type": "code", "outputs": [1]}]}',
            "a.ipynb:1: `outputs` of the cell wants `key: value` pairs, not '1', in cell 1",
        ),
        (
            '{"nbformat": 4, "cells": [{"cell_type": "code", "metadata": {"tags": "a"}}]}',
            "a.ipynb:1: `metadata: tags` of the cell wants a list, not 'a', in cell 1",
        ),
    ],
)
def test_broken_ipynb(tmp_path, text, head):
    """A notebook that cannot be read is one problem."""
    (problem,) = heads(problems_of(tmp_path, {"a.ipynb": text}, "a.ipynb"))
    assert problem.startswith(head)


def test_missing_chapter_and_bad_bytes(tmp_path):
    """A chapter that is not there or not UTF-8 is a problem with the nearest name or the line."""
    (tmp_path / "b.qmd").write_bytes(b"one\n\xff\n")
    (missing,) = problems_of(tmp_path, {}, "bb.qmd")
    assert (missing.code, missing.fix) == ("chapter-exists", "did you mean 'b.qmd'?")
    assert heads(problems_of(tmp_path, {}, "b.qmd")) == ["b.qmd:2: byte 0xff is not UTF-8"]
    (other,) = problems_of(tmp_path, {}, "a.docx")
    assert other.code == "chapter-is-supported"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("# A\n\nText.\n".encode("utf-16-le"), "1: file is UTF-16, not UTF-8"),
        ("# A\n\nText.\n".encode("utf-16"), "1: file is UTF-16, not UTF-8"),
        (b"# A\n\nTe\0xt.\n", "3: line holds a NUL byte"),
    ],
)
def test_a_chapter_that_is_no_text_is_refused(tmp_path, data, says):
    """Its letters would come apart, or vanish."""
    (tmp_path / "b.qmd").write_bytes(data)
    (tmp_path / "a.qmd").write_text("{{< include b.qmd >}}\n", encoding="utf-8")
    assert heads(problems_of(tmp_path, {}, "b.qmd")) == [f"b.qmd:{says}"]
    assert heads(problems_of(tmp_path, {}, "a.qmd")) == [f"b.qmd:{says}"]


def test_truncated_input_never_crashes(tmp_path):
    """A chapter cut anywhere is a chapter or problems with places, never another error."""
    whole = (
        "---\ntitle: 'T'\nexecute: {echo: false}\n---\n# A {#sec-a}\n\n"
        '::: {#box-a title="x"}\n<!-- c -->\n'
        'See [@k; @fig-a] `{python} s("x")` $a$ {{< meta x >}}\n:::\n\n'
        '```{python}\n#| label: fig-a\n#| fig-cap: "C"\n1\n```\n\n~~~\n@x\n~~~\n'
    )
    cells = notebook(("raw", "---\na: 1\n---"), ("markdown", whole), ("code", "#| echo: {"))
    for name, text in (("a.qmd", whole), ("a.ipynb", cells)):
        for cut in range(0, len(text), 2):
            try:
                chapter = chapter_of(tmp_path, {name: text[:cut]}, name)
                possible_labels(chapter)
            except ReportError as error:
                assert all(problem.place.file == name for problem in error.problems)


ATTEMPTS = yaml.safe_load((Path(__file__).parent / "cases/attempts.yml").read_text("utf-8"))


@pytest.mark.parametrize(("text", "head", "right"), ATTEMPTS["attempts"])
def test_what_would_print_as_it_stands_is_reported(tmp_path, text, head, right):
    """Code, blocks and shortcodes that are nearly written right, each with the right form."""
    found = problems_of(tmp_path, {"a.qmd": text + "\n"})
    assert any(at.startswith(f"a.qmd:{head}") for at in heads(found)), heads(found)
    told = next(one for one in found if f"{one.place}: {one.message}".startswith(f"a.qmd:{head}"))
    assert right in told.fix


@pytest.mark.parametrize("text", ATTEMPTS["plain"])
def test_what_prints_as_meant_is_left_alone(tmp_path, text):
    """Code quoted in prose, escapes, attributes and sets raise no alarm."""
    chapter_of(tmp_path, {"a.qmd": text + "\n"})


ENDLESS = {
    "".join("  " * level + "- a\n" for level in range(1_000)): 54,
    "".join("    " * level + "1. a\n" for level in range(1_000)): 29,
    "> " * 20_000 + "a": 4,
    ">" * 20_000 + " a": 4,
    "- " * 1_000 + "a": 4,
    "A `b` " + "a" * 200_000: 4,
    "`" + "a" * 200_000 + "`": 0,
    "![](data:image/png;base64," + "iVB0+g/" * 2_000 + ")": 0,
    "```\n" + "> " * 200 + "a\n```": 0,
    "[" * 9 + "a" + "]{.b}" * 9: 4,
    "a^[" * 2_000 + "b" + "]" * 2_000: 4,
    "[a\n" * 16: 19,
    "<table><tr><td>" * 51 + "a": 4,
    "[" * 8 + "a" + "]{.b}" * 8: 0,
    "| [0, 1) |\n" * 40: 0,
    "[a](b) \\[ ![c [d]](e) `[`" * 40: 0,
    "- " * 200: 0,
    " " * 200 + "a": 0,
    "".join("  " * level + "- a\n" for level in range(20)): 0,
}


@pytest.mark.parametrize(("text", "line"), ENDLESS.items(), ids=lambda it: str(it)[:9])
def test_what_has_no_end_is_told(tmp_path: Path, text: str, line: int) -> None:
    """At the first line of it; pandoc and Typst, which would take minutes, never see it."""
    (tmp_path / "a.qmd").write_text(f"# A\n\nB\n{text}\n", encoding="utf-8")
    chapter, problems = survey_chapter(tmp_path, "a.qmd", {})
    assert [it.place.line for it in problems if it.code in ("text-is-shallow", "word-ends")] == (
        [line] if line else []
    )
    if line:
        assert chapter
        printed = "".join(
            it.text for part in chapter.parts if isinstance(part, Text) for it in part.lines
        )
        assert len(printed) < 10_000


def test_nothing_runs_in_an_md_file(tmp_path: Path) -> None:
    """As Quarto has it: what looks like inline code prints as it stands, and a cell is refused."""
    text = "# A\n\nWrite `` `{python} 1 + 1` `` or `{python} 2 + 2`.\n\n```{python}\n3\n```\n"
    (tmp_path / "a.md").write_text(text)
    chapter, problems = survey_chapter(tmp_path, "a.md", {})
    assert [(str(it.place), it.message, it.severity) for it in problems] == [
        (
            "a.md:3:33",
            "nothing runs in an .md file: `{python} 2 + 2` prints as it stands",
            "warning",
        ),
        ("a.md:5:1", "nothing runs in an .md file, and 'a.md' is one", "error"),
    ]
    assert not needs_kernel(chapter)
    (tmp_path / "a.md").write_text('# A\n\nWrite `` `{python} stat("none")` ``.\n')
    chapter, _ = survey_chapter(tmp_path, "a.md", {})
    assert list(unknown_statistics(chapter, ())) == [], "no editor tells of code that is only shown"


def test_calls_are_ours_alone(tmp_path: Path) -> None:
    """`table("x")` is code like any other where the report's own functions are not at hand."""
    (tmp_path / "a.qmd").write_text('# A\n\nCall `table("x")`.\n')
    problems = survey_chapter(tmp_path, "a.qmd", {})[1]
    assert [it.code for it in problems] == ["call-is-marked"]
    assert levelled(Project(tmp_path, (), "file", (), "", is_plain=True), problems) == []
