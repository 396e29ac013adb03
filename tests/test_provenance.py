"""provenance.json: where every printed number comes from, and can be made again from."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema

from recomputing import bears_out, rows_bear_out
from reports import ROOT, ReportFolder

SCHEMA = ROOT / "docs" / "provenance.schema.json"
CopyReport = Callable[[str], ReportFolder]
Record = dict[str, Any]


def provenance(report: ReportFolder) -> Record:
    text = (report.folder / "_output" / "provenance.json").read_text(encoding="utf-8")
    record: Record = json.loads(text)
    return record


def uses(record: Record, publication: str, kind: str = "statistics") -> list[Record]:
    found: list[Record] = record["publications"][publication][kind]
    return found


def every_use(record: Record) -> Iterator[tuple[str, Record]]:
    for name, publication in record["publications"].items():
        for kind in publication.values():
            for use in kind:
                yield name, use


def use_of(record: Record, id: str, page: str, publication: str = "review") -> Record:
    return next(
        use
        for use in uses(record, publication)
        if use["page"] == page and any(named["id"] == id for named in use["statistics"])
    )


# --- one small report ---------------------------------------------------------------------------


def test_the_file_keeps_its_schema(rendered: ReportFolder) -> None:
    """What is written is what docs/provenance.schema.json describes."""
    jsonschema.validate(provenance(rendered), json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_a_number_leads_to_its_line_sentence_and_page(rendered: ReportFolder) -> None:
    """An included number keeps its own file; its sentence is as printed, its anchor on the page."""
    use = use_of(provenance(rendered), "smith-agree", "chapters/findings.html")
    assert (use["file"], use["line"]) == ("chapters/_finding.qmd", 1)
    assert use["chapter"] == "chapters/findings.qmd"
    assert use["section"] == {"number": "1", "title": "Findings", "anchor": "sec-findings"}
    assert use["words"] == "64\u00a0per cent"
    sentence = "In one survey, 64\u00a0per cent of teachers agreed (Smith, 2010a, p.4)."
    assert use["sentence"] == sentence
    assert f'id="{use["anchor"]}"' in rendered.page("review/chapters/findings.html")
    pdf = rendered.pdf("review/small-report.pdf")
    words = pdf.pages[use["pdf"]["page"] - 1].extract_text().replace("\u00a0", " ")
    assert "64 per cent of teachers" in words


def test_what_moves_in_print_keeps_its_line(rendered: ReportFolder) -> None:
    """A number in a note is placed where the note is written, not where it is called."""
    use = use_of(provenance(rendered), "smith-asked", "chapters/findings.html")
    text = (rendered.folder / "chapters" / "findings.qmd").read_text(encoding="utf-8")
    assert text.splitlines()[use["line"] - 1].startswith("[^note]:")


def test_citations_say_work_locator_and_place(rendered: ReportFolder) -> None:
    """Each citation has its key, its page in the work, its line and its words in print."""
    cited = uses(provenance(rendered), "review", "citations")
    found = next(use for use in cited if use["page"] == "chapters/findings.html")
    assert found["sources"] == [{"key": "smith_2010_survey", "locator": "p.\u00a04"}]
    assert (found["file"], found["line"]) == ("chapters/_finding.qmd", 1)
    assert found["words"] == "(Smith, 2010a, p.4)"


def test_figures_and_tables_say_what_they_show(rendered: ReportFolder) -> None:
    """A figure names its rows and their statistics; a table of data names its table."""
    record = provenance(rendered)
    (shown,) = uses(record, "review", "figures")
    assert (shown["figure"], shown["label"], shown["anchor"]) == ("answers", "1.1", "fig-answers")
    figure = record["figures"]["answers"]
    assert [row["label"] for row in figure["rows"]] == ["Agree", "Disagree"]
    assert [named["id"] for named in figure["statistics"]] == ["smith-agree", "smith-disagree"]
    (table,) = uses(record, "review", "tables")
    assert (table["table"], table["anchor"]) == ("statistics", "tbl-answers")


def test_wordings_drawn_are_recomputed(rendered: ReportFolder) -> None:
    """What a figure writes beside its marks follows from the rows too."""
    record = provenance(rendered)
    figure = record["figures"]["answers"]
    assert rows_bear_out(figure, record)
    figure["rows"][0]["wording"] = "65 per cent"
    assert not rows_bear_out(figure, record)


def test_rows_are_kept_by_their_hash(rendered: ReportFolder) -> None:
    """The hash of a row can be made again from the file, as its schema says."""
    rows = provenance(rendered)["rows"]
    assert len(rows) == 3
    for digest, row in rows.items():
        text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == digest


def test_numbers_are_recomputed_from_the_file_alone(rendered: ReportFolder) -> None:
    """Every printed number follows from its row; a row that says something else is found out."""
    record = provenance(rendered)
    numbers = [use for publication in record["publications"] for use in uses(record, publication)]
    assert len(numbers) > 4
    assert all(bears_out(use, record) for use in numbers)
    agreed = use_of(record, "smith-agree", "chapters/findings.html")
    record["rows"][agreed["statistics"][0]["row"]]["value"] = 46
    told = [use["words"] for use in numbers if not bears_out(use, record)]
    assert sorted(set(told)) == ["64\u00a0per cent", "most"]


def test_forms_are_noted(report: CopyReport) -> None:
    """The form in which a number is put into words is part of what recomputes it."""
    made = report("minimal")
    made.write(
        "chapters/_finding.qmd",
        '`{python} stat("smith-agree", "sentence")` agreed [@smith_2010_survey].\n',
    )
    made.render("summary", "--to", "html")
    record = provenance(made)
    (use,) = uses(record, "summary")
    assert (use["words"], use["form"], use["pdf"]) == ("Sixty-four per cent", "sentence", None)
    assert bears_out(use, record)


def test_a_number_by_hand_needs_its_row(report: CopyReport) -> None:
    """A span written by hand that names no statistic stops the build, at its line."""
    made = report("minimal")
    made.edit("chapters/method.qmd", "Teachers were", '[Some]{.stat data-stat="smith-agred"} were')
    outcome = made.run("render", "--engine", "embedded", "--to", "html", "--draft")
    assert outcome.code == 1
    assert "chapters/method.qmd:7" in outcome.problems
    assert "smith-agree" in outcome.problems


def test_publications_that_are_kept_keep_their_rows(report: Callable[[str], ReportFolder]) -> None:
    """After new data and a render of one part, what the other printed can still be recomputed."""
    made = report("minimal")
    made.render("--to", "html")
    made.edit("data/statistics.csv", ",agree,64,", ",agree,65,")
    made.edit("data/statistics.csv", "64 per cent agreed", "65 per cent agreed")
    made.render("summary", "--to", "html")
    record = provenance(made)
    assert use_of(record, "smith-agree", "index.html", "summary")["words"] == "65\u00a0per cent"
    assert use_of(record, "smith-agree", "chapters/findings.html")["words"] == "64\u00a0per cent"
    assert all(
        bears_out(use, record) for name in record["publications"] for use in uses(record, name)
    )


def test_numbers_in_the_pdf_lead_to_the_register(report: CopyReport) -> None:
    """A register's row says on which pages its number stands, and the number links to the row."""
    made = report("minimal")
    made.write(
        "chapters/method.qmd",
        "# Method {#sec-method}\n\n```{python}\nfrom imprint import stat, table\n```\n\n"
        "See @sec-findings.\n\n## Sample\n\n@tbl-register lists all.\n\n```{python}\n"
        'table("statistics", {"id": "Row", "value": "Value"}, label="tbl-register",\n'
        '      caption="Register", cells={"value": lambda row: stat(row["id"])})\n```\n',
    )
    made.render("review", "--draft")
    record, pdf = provenance(made), made.pdf("review/small-report.pdf")
    use = use_of(record, "smith-agree", "chapters/findings.html")
    texts = [page.extract_text() for page in pdf.pages]
    number = next(i for i, text in enumerate(texts) if "smith-agree" in text and "Register" in text)
    said = re.search(r"smith-agree\s+pp?\. ([\w, ]+)", texts[number])
    assert said
    assert use["pdf"]["label"] in said[1].split(", ")
    page = pdf.pages[use["pdf"]["page"] - 1]
    links = [note.get_object() for note in page.get("/Annots", [])]
    targets = [link["/Dest"] for link in links if "/Dest" in link]
    leads_to = {pdf.get_page_number(target[0].get_object()) for target in targets}
    assert number in leads_to
    own = next(use for use in uses(record, "review") if use["page"] == "chapters/method.html")
    assert own["pdf"]["page"] == number + 1, "the register's own numbers are uses too"


# --- the report itself --------------------------------------------------------------------------
