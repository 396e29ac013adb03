"""What editors note for themselves reaches no reader; what they note for readers does."""

from __future__ import annotations

import contextlib
import csv
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pypdfium2
import pytest

from imprint.author.calls import TableError, data_rows, table
from reports import ReportFolder, tree

SECRET = "nobody-reads-this"
LEFT = (
    "smith-left,smith_2010_survey,Survey of teachers,teachers asked,view of the proposal,other,"
    "36,,,percent,exact,,p. 4,2010,views,ours alone,{secret},100 - smith-agree"
)


def with_notes(made: ReportFolder) -> ReportFolder:
    """The minimal report with an editors' note in every row, and a derived row that it prints."""
    path = made.folder / "data" / "statistics.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    rows = [row + f"told to readers,{SECRET}," for row in rows] + [LEFT.format(secret=SECRET)]
    path.write_text("\n".join([f"{header},editor_note,derived", *rows]) + "\n", encoding="utf-8")
    package = json.loads((made.folder / "data/datapackage.json").read_text(encoding="utf-8"))
    fields = package["resources"][0]["schema"]["fields"]
    fields += [{"name": name, "type": "string"} for name in ("editor_note", "derived")]
    made.write("data/datapackage.json", json.dumps(package, indent=1))
    made.write(
        "chapters/outlook.qmd",
        "# Outlook\n\n```{python}\nfrom imprint import stat, table\n```\n\n"
        f"Before. <!-- allow number-has-source: {SECRET} -->\n"
        'After it `{python} stat("smith-left")` had no view [@smith_2010_survey]. '
        f"<!-- {SECRET} -->\n\n<!-- {SECRET} -->\n\n"
        '```{python}\ntable("statistics", columns=["id", "value", "note", "derived"])\n```\n',
    )
    return made


def texts(output: Path) -> Iterator[tuple[str, str]]:
    """Every file below a folder as text: packed ones unpacked, PDFs with what they hide."""
    for path, content in tree(output).items():
        if path.endswith(".pdf"):
            reader = pypdf.PdfReader(output / path)
            with contextlib.closing(pypdfium2.PdfDocument(output / path)) as document:
                pages = [page.get_textpage().get_text_range() for page in document]
            streams = (found.get_object() for found in map(reader.get_object, range(1, 9)))
            yield path, "\n".join([*pages, *map(str, streams), str(reader.metadata)])
            continue
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        yield path, content.decode("utf-8", "replace")


def test_editor_notes_reach_no_reader(report: Callable[[str], ReportFolder]) -> None:
    """Pages, panels, tables, CSV, records, PDF and search hold the note and the formula alone."""
    made = with_notes(report("minimal"))
    made.render("--draft")
    output = made.folder / "_output"
    told = dict(texts(output))
    assert [path for path, text in told.items() if SECRET in text] == []
    assert [path for path, text in told.items() if "editor_note" in text] == []
    for path in ("review/statistics.html", "review/chapters/outlook.html", "review/statistics.csv",
                 "review/small-report.pdf", "provenance.json", "figures/answers.csv"):  # fmt: skip
        assert "told to readers" in " ".join(told[path].split()), path
    words = "100 less 64\u00a0per cent (view of the proposal)"
    assert f"<dt>Worked out as</dt><dd>{words}</dd>" in told["review/statistics.html"]
    assert words in told["review/chapters/outlook.html"], "the panel says it too"
    text = made.words("review/chapters/outlook.html")
    assert "Before. After it 36 per cent had no view" in text.replace("\u00a0", " ")
    with (output / "review/statistics.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["id"] == "smith-left")
    assert (row["derived"], row["note"]) == ("100 - smith-agree", "ours alone")


def test_editor_notes_cannot_be_asked_for(
    report: Callable[[str], ReportFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither figure modules nor tables get the column."""
    made = with_notes(report("minimal"))
    monkeypatch.setenv("QUARTO_PROJECT_DIR", str(made.folder))
    assert all("editor_note" not in row and row["note"] for row in data_rows("statistics"))
    with pytest.raises(TableError, match="no column 'editor_note'"):
        table("statistics", columns=["id", "editor_note"])
