"""Authoring: what stat, claim, figure and table print in a chapter, and what they refuse."""

from __future__ import annotations

import csv
import errno
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pypandoc
import pytest

from data_project import ROWS, csv_text, resource, write_project
from imprint import claim, figure, stat, table
from imprint.author.calls import (
    AuthorError,
    ClaimFails,
    StatisticError,
    TableError,
    UnknownStatistic,
    figure_rows,
)
from imprint.author.drawing import FigureError

ROOT = Path(__file__).parent.parent

FIGURE = '''"""A figure."""
from imprint.author.calls import figure_rows
from imprint.charts import bar_chart


def rows():
    return figure_rows({"time-to-work": "Too little time", "recording": "Recording works"})


def draw(rows):
    return bar_chart(rows)


def caption(rows):
    return f"Views of [practitioners](#sec-x)\\n [@{rows[0]['source']}]"


def alt(rows):
    return f'{rows[0]["wording"]} say "no" <to> {{time}}'
'''

EXAMPLES = resource("examples", {"name": "place"}, {"name": "n", "type": "integer"},
                    {"name": "source", "imprint:references": True})  # fmt: skip


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A tiny project that the chapter's kernel stands in."""
    files: dict[str, str | bytes] = {
        "figures/views.py": FIGURE,
        "data/examples.csv": "place,n,source\nHaringey,7,cqc_2010; a_1\nA|B *c*,,cqc_2010\n",
    }
    write_project(tmp_path, files, EXAMPLES)
    monkeypatch.setenv("QUARTO_PROJECT_DIR", str(tmp_path))
    yield tmp_path


def html(markdown: object) -> str:
    return pypandoc.convert_text(str(markdown), "html", format="markdown")


# --- stat and claim --------------------------------------------------------------------------


def test_a_statistic_prints_in_a_span_that_carries_its_id() -> None:
    """The span lets a reader's page and the record say where the number comes from."""
    printed = stat("time-to-work")
    assert str(printed) == '[64\u00a0per cent]{.stat data-stat="time-to-work"}'
    assert printed._repr_markdown_() == str(printed)
    assert str(stat("investment")) == '[£2.5\u00a0million]{.stat data-stat="investment"}'
    assert str(stat("recording", "sentence")).startswith("[Almost a third]")


def test_an_unknown_statistic_names_the_nearest() -> None:
    """A mistyped id is answered in one line with the ids it may mean."""
    with pytest.raises(UnknownStatistic) as caught:
        stat("time-to-wrok")
    assert isinstance(caught.value, LookupError)
    assert str(caught.value) == (
        "there is no statistic 'time-to-wrok' in data/statistics.csv: did you mean 'time-to-work'?"
    )
    assert caught.value._render_traceback_() == [f"UnknownStatistic: {caught.value}"]


def test_a_vague_statistic_has_no_bare_value() -> None:
    """A vague wording cannot be printed as if it were exact."""
    with pytest.raises(StatisticError, match="reported as 'almost a third'"):
        stat("recording", "value")


def test_a_claim_prints_only_while_the_data_bear_it_out(project: Path) -> None:
    """The word stands while the row does; a changed row stops the chapter at once."""
    assert str(claim("most", "time-to-work")) == '[most]{.claim data-stat="time-to-work"}'
    assert str(claim("most", "appraisal", form="sentence")).startswith("[Most]")
    data = project / "data" / "statistics.csv"
    data.write_text(data.read_text("utf-8").replace(",64,", ",46.5,"), "utf-8")
    with pytest.raises(ClaimFails, match=r"'time-to-work' \('64 per cent disagree', 46.5 per cent"):
        claim("most", "time-to-work")


def test_a_comparison_carries_both_ids() -> None:
    """A claim over two rows is a use of both."""
    printed = str(claim("more", "time-to-work", "budget"))
    assert printed == '[more]{.claim data-stat="time-to-work budget"}'
    with pytest.raises(ClaimFails, match="did you mean 'most'"):
        claim("mots", "budget")


def test_broken_data_give_one_line(project: Path) -> None:
    """A chapter meets malformed data as one message with file and line."""
    write_project(project, {"data/statistics.csv": csv_text([*ROWS, {"id": "x", "value": "y"}])})
    with pytest.raises(StatisticError, match=r"^data/statistics\.csv:8: value 'y'[^\n]*$"):
        stat("budget")


def test_the_root_is_found_from_a_chapters_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Without Quarto's variable the nearest folder upwards with _quarto.yml is the project."""
    monkeypatch.delenv("QUARTO_PROJECT_DIR")
    (project / "chapters").mkdir()
    monkeypatch.chdir(project / "chapters")
    assert "64" in str(stat("time-to-work"))
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(AuthorError, match=r"no _quarto\.yml here"):
        stat("time-to-work")


def test_importing_what_chapters_use_stays_cheap() -> None:
    """A kernel that prints a statistic pays for neither pandas nor matplotlib."""
    code = (
        "import sys; from imprint import stat; print(stat('budget'));"
        "print(sorted({'pandas', 'matplotlib', 'numpy', 'frictionless', 'yaml'} & {*sys.modules}))"
    )
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        capture_output=True, text=True, check=True, env=os.environ,
    )  # fmt: skip
    assert run.stdout.splitlines() == ['[a third]{.stat data-stat="budget"}', "[]"]


# --- figure ----------------------------------------------------------------------------------


def test_a_figure_prints_image_caption_and_alt_text() -> None:
    """The image's line is one Quarto numbers; quotes and braces in the alt text stay text."""
    printed = str(figure("views"))
    assert printed.startswith(
        "![Views of [practitioners](#sec-x) [@ofsted_2010]](/figures/drawn/views.svg)"
        '{#fig-views fig-alt="64\u00a0per cent say &quot;no&quot; '
    )
    native = pypandoc.convert_text(printed, "native", format="markdown")
    assert '"64\\160per cent say \\"no\\" <to> {time}"' in native
    assert "\n" not in printed


def test_a_figure_leaves_image_picture_and_rows(project: Path) -> None:
    """Readers can download what is drawn and the rows behind it; nothing else is left."""
    figure("views")
    drawn = project / "figures" / "drawn"
    assert sorted(path.name for path in drawn.iterdir()) == [
        "views.csv", "views.json", "views.narrow.svg", "views.svg", "views.wide.svg",
    ]  # fmt: skip
    assert all(path.stat().st_size for path in drawn.iterdir())
    rows = list(csv.DictReader((drawn / "views.csv").open(encoding="utf-8")))
    assert [(row["id"], row["kind"]) for row in rows] == [
        ("time-to-work", "exact"), ("recording", "range"),
    ]  # fmt: skip
    assert not (project / "figures" / "__pycache__").exists()


def test_a_figure_drawn_twice_is_the_same_bytes(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock and the drawings before it leave no mark on a figure."""
    drawn = project / "figures" / "drawn"
    figure("views")
    first = {path.name: path.read_bytes() for path in drawn.iterdir()}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1291161600")
    figure("views")
    assert {path.name: path.read_bytes() for path in drawn.iterdir()} == first
    assert b"<dc:date>" not in first["views.svg"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "    return f'{rows[0]",
            "    return ''\n    return f'{rows[0]",
            r"alt\(\) returns no text",
        ),
        ("def caption", "def captoin", r"views\.py:1: this figure lacks caption\(\)"),
        ('return f"Views of [', 'return f"Views of ', "square bracket without its partner"),
        (
            '"time-to-work":',
            '"time-to-wrok":',
            r"views\.py:7: there is no statistic 'time-to-wrok'.*did you",
        ),
        ("bar_chart(rows)", "rows", r"draw\(\) returns no matplotlib Figure"),
        ("bar_chart(rows)", "1 / 0", r"figures/views\.py:11: ZeroDivisionError"),
        ("def draw(rows):", "def draw(rows:", r"figures/views\.py:10: "),
        ("return figure_rows", "return []; figure_rows", r"rows\(\) returns no list of rows"),
        ("Too little time", "Toolittletime" * 12, "runs off the figure"),
    ],
)
def test_an_unfinished_figure_is_named(project: Path, old: str, new: str, expected: str) -> None:
    """What a figure module lacks is reported in one line with its file, and nothing is written."""
    assert old in FIGURE
    (project / "figures" / "views.py").write_text(FIGURE.replace(old, new), "utf-8")
    with pytest.raises(FigureError, match=expected) as caught:
        figure("views")
    assert "\n" not in str(caught.value)
    assert not (project / "figures" / "drawn").exists()


@pytest.mark.parametrize("name", ["veiws", "../views", "views.py"])
def test_an_unknown_figure_names_the_nearest(name: str) -> None:
    """A figure is one module of figures/, by its name alone."""
    with pytest.raises(FigureError, match=r"no figure .* did you mean 'views'"):
        figure(name)


def test_an_unwritable_figure_leaves_the_old_one(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk the last drawing stays whole and no half file is left."""
    figure("views")
    drawn = project / "figures" / "drawn"
    before = {path.name: path.read_bytes() for path in drawn.iterdir()}
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        write(path, data[:10])
        if ".csv" in path.name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    changed = FIGURE.replace("Too little time", "Time")
    (project / "figures" / "views.py").write_text(changed, "utf-8")
    with pytest.raises(FigureError, match="cannot write figures/drawn: No space left"):
        figure("views")
    assert {path.name: path.read_bytes() for path in drawn.iterdir()} == before


def test_figure_rows_tell_exact_vague_and_derived_apart() -> None:
    """The kind of a row decides the form in which it may be drawn."""
    labels = {"time-to-work": "a", "appraisal": "b", "rest": "c"}
    assert [row["kind"] for row in figure_rows(labels)] == ["exact", "range", "derived"]


# --- table -----------------------------------------------------------------------------------


def test_a_table_of_data_has_headers_citations_and_numbers_on_the_right() -> None:
    """Named columns in order; keys print as citations; what looks like Markdown stays text."""
    columns = {"place": "Place", "n": "Examples", "source": "Source"}
    lines = str(table("examples", columns)).splitlines()
    assert lines[0] == "| Place | Examples | Source |"
    assert [rule.strip("-") for rule in lines[1].strip("| ").split(" | ")] == [":", ":", ":"]
    assert lines[1].split(" | ")[1].endswith("-:")
    assert lines[2:] == [
        "| Haringey | 7 | [@cqc_2010; @a_1] |",
        r"| A\|B \*c\* |  | [@cqc_2010] |",
    ]
    assert "<td>A|B *c*</td>" in html(table("examples", columns)).replace(
        '<td style="text-align: left;">', "<td>"
    )


def test_a_labelled_table_is_a_numbered_div() -> None:
    """Label and caption make a float whose caption is its last paragraph."""
    text = str(table("examples", ["place"], caption="Where\n it is", label="tbl-where"))
    assert text.startswith('::: {#tbl-where data-table="examples"}\n\n| place |')
    assert text.endswith("\n\nWhere it is\n\n:::")
    assert str(table("examples", ["place"], caption="Where")).endswith("\n\n: Where")


def test_a_table_takes_rows_and_data_frames_alike() -> None:
    """Rows worked out in a cell print as those of a file do; missing values are empty."""
    rows = [{"who": "a\nb", "share": 0.5, "n": 12_000}, {"who": None, "share": None, "n": 3}]
    expected = ["| a b | 0.5 | 12,000 |", "|  |  | 3 |"]
    assert str(table(rows)).splitlines()[2:] == expected
    assert str(table(pd.DataFrame(rows))).splitlines()[2:] == expected


def test_a_cell_may_hold_a_statistic() -> None:
    """What stat returns keeps its span inside a table."""
    text = str(table([{"Finding": stat("budget")}]))
    assert '| [a third]{.stat data-stat="budget"} |' in text


def test_a_column_may_be_worked_out_from_its_row() -> None:
    """Chapters print what their data imply, in house style, without a copy of the data."""
    said = table("examples", ["place", "share"], cells={"share": lambda _: stat("budget")})
    assert str(said).count('| [a third]{.stat data-stat="budget"} |') == 2


def test_a_table_wider_than_the_page_shares_it_out() -> None:
    """Columns take the room they are given, however short or long their cells are."""
    said = table("examples", ["place", "n", "source"], widths={"place": 4, "source": 2.5})
    shares = re.findall(r'<col style="width: (\d+)%', html(said))
    assert [int(share) for share in shares] == pytest.approx([53, 13, 33], abs=1)


def test_a_citation_in_a_table_carries_its_page() -> None:
    """The page stands with its source, unless it has a column of its own."""
    rows = table("examples", ["source"], cells={"locator": lambda _: "p. 22"})
    assert "| [@cqc_2010, p. 22] |" in str(rows)
    apart = table("examples", ["source", "locator"], cells={"locator": lambda _: "p. 22"})
    assert "| [@cqc_2010] | p. 22 |" in str(apart)


def test_rows_can_be_chosen_by_value_or_by_function() -> None:
    """A table may show a part of its rows."""
    for where in ({"place": "Haringey"}, {"place": ["Haringey", "x"]}, lambda row: row["n"] == 7):
        assert len(str(table("examples", where=where)).splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"name_or_rows": "exmaples"}, "did you mean 'examples'"),
        ({"name_or_rows": "examples", "columns": ["plaec"]}, "did you mean 'place'"),
        ({"name_or_rows": "examples", "where": {"plaec": 1}}, "did you mean 'place'"),
        ({"name_or_rows": "examples", "where": {"place": "Hull"}}, "table has no rows"),
        ({"name_or_rows": "examples", "widths": {"plaec": 2}}, "did you mean 'place'"),
        ({"name_or_rows": "examples", "widths": {"place": 0}}, "a number above nought"),
        ({"name_or_rows": "examples", "label": "tbl-x"}, "needs a caption"),
        ({"name_or_rows": "examples", "label": "x", "caption": "y"}, "the form 'tbl-name'"),
    ],
)
def test_a_table_that_cannot_be_made_says_why(arguments: dict[str, object], expected: str) -> None:
    """A mistyped table, column or label is reported with what it may mean."""
    with pytest.raises(TableError, match=expected):
        table(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "**b** _i_ `c` ~~s~~", "[a](http://x) ![i](x)", "a | b", "$x$",
        "{{< include x >}}", "@key [@key]", "a^b^ ~c~", "\\newpage", "<!-- c -->", "&lt; &amp;",
        "[x]{.stat}", "# h", "a[^1] ^[n]", ":::", "`{python} stat('x')`",
    ],
)  # fmt: skip
def test_no_cell_can_inject_markup(text: str) -> None:
    """Whatever a cell holds is printed as it is, as plain text and nothing else."""
    printed = str(table([{"cell": text}, {"cell": "z"}]))
    native = pypandoc.convert_text(printed, "native", format="markdown-smart")
    body = native.split("TableBody")[1]
    for node in ("RawInline", "RawBlock", "Link", "Image", "Strong", "Emph", "Code", "Math",
                 "Cite", "Span", "Note", "Superscript", "Subscript", "Strikeout"):  # fmt: skip
        assert node not in body.replace("RowSpan", "").replace("ColSpan", "")
    plain = pypandoc.convert_text(printed, "plain", format="markdown-smart")
    assert " ".join(text.split()) in " ".join(plain.split())
    assert "{{<" not in printed
