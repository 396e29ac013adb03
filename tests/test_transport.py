"""A report on another subject: its units, tables and publications are its own from end to end."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import pdfplumber
import pytest

from recomputing import bears_out, rows_bear_out
from reports import ReportFolder, pdf_words

CopyReport = Callable[[str], ReportFolder]

READ = {
    "full/chapters/travel.html": (
        "A trip is 12.4 km long on average",
        "Thirty-eight and a half kilometres is usual by rail",
        "Half an hour is the usual walk to a stop",
        "Of bus journeys, 4.35 per 1,000 are cancelled",
        "Thirty-one per cent of residents take a bus each week, and 69 per cent do not",
    ),
    "full/chapters/emissions.html": (
        "gives off 1.2 million tonnes CO2e a year, a change of minus 8.2 per cent since 2012",
        "Ferries account for 0.04 per cent of it, and 99.96 per cent of buses",
    ),
    "full/chapters/costs.html": (
        "spends £3.2 billion on transport, of which buses take £12.35 per head",
        "Fares stand at 104.2 index points, after a change of minus three index points",
        "index of fares 104.2 index points",
    ),
    "brief/index.html": (
        "A trip is 12.4 km long on average",
        "buses take £12.35 per head",
    ),
    "visitors/index.html": (
        "The gray and blue buses run in the city center",
        "takes half an hour",
        "Each week, 31 percent of residents take a bus",
    ),
}


def test_it_checks_clean(report: CopyReport) -> None:
    """No rule takes another subject's words, units, tables or American spelling for a fault."""
    outcome = report("transport").run("check")
    assert (outcome.code, outcome.problems) == (0, ""), outcome.said


@pytest.mark.parametrize("path", READ)
def test_numbers_read_as_its_readers_write_them(transport: ReportFolder, path: str) -> None:
    """Each page prints amounts in the units that the report declares."""
    words = transport.words(path).replace("\u00a0", " ")
    assert [said for said in READ[path] if said not in words] == []


def test_publications_bear_their_own_names(transport: ReportFolder) -> None:
    """Three publications, none called review: files, links and the first page say their names."""
    output = transport.folder / "_output"
    pdfs = sorted(path.relative_to(output).as_posix() for path in output.rglob("*.pdf"))
    assert pdfs == [
        "brief/northshire-in-brief.pdf",
        "full/northshire-transport.pdf",
        "visitors/northshire-for-visitors.pdf",
    ]
    landing = transport.words("index.html")
    for name in ("Read the full report", "Read the short version", "Read the visitor guide"):
        assert name in landing
    assert "review" not in landing.lower()


def test_the_pdf_prints_the_same_amounts(transport: ReportFolder) -> None:
    """Print and page agree in every unit."""
    words = pdf_words(transport.pdf("full/northshire-transport.pdf")).replace("\u00a0", " ")
    amounts = ("12.4 km", "1.2 million tonnes CO2e", "£12.35 per head", "4.35 per 1,000",
               "minus three index points", "minus 8.2 per cent", "£3.2 billion")  # fmt: skip
    assert [amount for amount in amounts if amount not in words] == []


def test_an_american_publication_says_percent_and_no_other_does(transport: ReportFolder) -> None:
    """Page, PDF and registers do; sources and other publications are quoted as they stand."""
    pdf = pdf_words(transport.pdf("visitors/northshire-for-visitors.pdf"))
    assert "31 percent of residents" in pdf.replace("\u00a0", " ")
    for name, says in (("visitors", "31 percent"), ("full", "31 per cent")):
        for page in ("statistics", "sources"):
            words = transport.words(f"{name}/{page}.html").replace("\u00a0", " ")
            assert f"{says} Take a bus each week" in words


def test_its_colours_reach_pages_and_print(transport: ReportFolder) -> None:
    """Pages, the landing page and PDFs wear the accent and the highlight that the report sets."""
    output = transport.folder / "_output"
    for path in ("index.html", "full/index.html", "full/statistics.html", "brief/index.html"):
        page = (output / path).read_text(encoding="utf-8")
        assert ".masthead, .hero { --ground: #6b1f5c; }" in page
        assert "--mark: #2f8fd9;" in page
    accent, highlight = [0x6B, 0x1F, 0x5C], [0x2F, 0x8F, 0xD9]
    with pdfplumber.open(output / "full/northshire-transport.pdf") as pdf:
        shapes = [
            shade(it["non_stroking_color"]) for it in pdf.pages[0].rects + pdf.pages[0].curves
        ]
        letters = [shade(it["non_stroking_color"]) for page in pdf.pages for it in page.chars]
    assert accent in shapes
    assert highlight in shapes
    assert accent in letters
    assert [0x0B, 0x4A, 0x58] not in shapes + letters


def shade(colour: Sequence[float] | None) -> list[int]:
    """Red, green and blue from 0 to 255; grey and nothing give fewer."""
    return [round(part * 255) for part in colour or ()]


def test_panels_and_registers_know_its_units(transport: ReportFolder) -> None:
    """What a number opens, and the page of all numbers, give amounts in the same words."""
    register = transport.words("full/statistics.html").replace("\u00a0", " ")
    assert "38.5 km Length of a trip by rail" in register
    assert "Minus 8.2 per cent Change of emissions since 2012" in register
    assert "All themes Travel Emissions Costs" in register, "the themes are the report's topics"
    rows = (transport.folder / "_output/figures/trip_lengths.csv").read_text(encoding="utf-8")
    assert "12.4\u00a0km" in rows


def test_its_numbers_can_be_recomputed_from_the_record_alone(transport: ReportFolder) -> None:
    """`provenance.json` carries the declared units, so that it bears its own numbers out."""
    record = json.loads((transport.folder / "_output/provenance.json").read_text("utf-8"))
    assert set(record["publications"]) == {"full", "brief", "visitors"}
    uses = [use for found in record["publications"].values() for use in found["statistics"]]
    assert len(uses) > 15
    assert [use["words"] for use in uses if not bears_out(use, record)] == []
    assert all(rows_bear_out(figure, record) for figure in record["figures"].values())


def test_a_trace_foresees_amounts_in_its_units(report: CopyReport) -> None:
    """`trace --if` words a changed row as the report would."""
    made = report("transport")
    said = made.run("trace", "stat:accounts-bus-cost", "--if", "value=13.5").said
    assert "£13.50 per head" in said
    said = made.run("trace", "stat:survey-trip", "--if", "unit=kn").said
    assert "unit-is-declared" in said
    assert "'km'" in said


def test_an_amount_typed_into_its_text_needs_a_row(report: CopyReport) -> None:
    """`38.5 km` is a number like any other, and the row that says it is offered."""
    made = report("transport").edit(
        "chapters/travel.qmd", "@fig-bus-use shows both.", "@fig-bus-use shows both, 38.5 km away."
    )
    problems = made.run("check").said + made.run("check").problems
    assert "the number '38.5 km' is written in the text" in problems
    assert 'use `{python} stat("survey-rail-trip")`' in problems


def test_a_changed_unit_prints_anew(report: CopyReport) -> None:
    """What a chapter printed in a unit is not kept once the unit is declared otherwise."""
    made = report("transport")
    made.render("--to", "html", "brief")
    assert "12.4\u00a0km long" in made.page("brief/index.html")
    made.edit("_quarto.yml", "{symbol: km, ", "{symbol: kms, ")
    made.render("--to", "html", "brief")
    assert "12.4\u00a0kms long" in made.page("brief/index.html")


def test_each_publication_keeps_its_own_spelling(report: CopyReport) -> None:
    """British words are told in the American guide, and nowhere else."""
    made = report("transport").edit("chapters/visitors.qmd", "The gray and", "The colour gray and")
    made.edit("chapters/travel.qmd", "The Board asked", "In full colour the Board asked")
    outcome = made.run("check")
    told = outcome.said + outcome.problems
    assert "chapters/visitors.qmd\n  7:5: 'colour' is in no dictionary" in told
    assert "chapters/travel.qmd" not in told
