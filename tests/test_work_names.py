"""A work has one name everywhere, the one that citeproc prints, whatever wrote its entry."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize

from reports import ReportFolder, pdf_words

NAMES = {
    "Zhao2007": "Zhao and Li (2007)",
    "8259423": "Lee et al. (2008)",
    "8259424": "O’Neil (2003)",
    "WOS:000271234500001": "Mbeki and de Klerk (2004)",
    "Doe2006": "Doe (2006)",
    "vanderberg_night_2009": "van der Berg and Müller (2009)",
    "garcia_2005": "García Márquez (2005)",
    "stone_2002": "Stone et al. (2002)",
    "wood_2001": "Wood (2001)",
    "whole_2001": "von Humboldt and Brook (2001)",
    "hill_2000": "Hill (2000)",
    "office_1999": "Office of Works and Roads (1999)",
    "barnes_1998": "Barnes and Noble and Brook (1998)",
    "tal_1997": "van den Tal (1997)",
    "beethoven_1996": "van Beethoven (1996)",
    "king_1995": "King and de la Cruz (1995)",
    "fox_none": "Fox (n.d.)",
    "ash_1994_one": "Ash (1994a)",
    "ash_1994_two": "Ash (1994b)",
    "nuñez_1993": "Nuñez (1993)",
}


def test_page_panel_sources_message_and_print_name_a_work_alike(
    report: Callable[[str], ReportFolder],
) -> None:
    """Entries of Zotero, Scopus, IEEE Xplore, Web of Science and JabRef, and what BibTeX allows."""
    made = report("minimal")
    bibliography = (made.folder / "references.bib").read_text(encoding="utf-8")
    exported = (Path(__file__).parent / "cases" / "exports.bib").read_text(encoding="utf-8")
    decomposed = exported.replace("Nuñez, Ö", normalize("NFD", "Nuñez, Ö"))
    made.write("references.bib", bibliography + decomposed)
    rows = made.folder / "data" / "statistics.csv"
    table = rows.read_text(encoding="utf-8")
    lines = [
        f"row-{number},{key},Counts,roads,roads of town {chr(97 + number)},roads,"
        f"{number + 20},,,count,exact,{number + 20} roads,,1990,views,\n"
        for number, key in enumerate(NAMES)
    ]
    made.write("data/statistics.csv", table + "".join(lines))
    told = "".join(
        f'@{key} counted `{{python}} stat("row-{number}")` roads.\n\n'
        for number, key in enumerate(NAMES)
    )
    cell = "```{python}\nfrom imprint import stat\n```\n\n"
    made.write("chapters/works.qmd", f"# Works\n\n{cell}{told}")
    made.edit(
        "_quarto.yml",
        "    - chapters/references.qmd",
        "    - chapters/works.qmd\n    - chapters/references.qmd",
    )
    made.render()

    text = made.words("review/chapters/works.html")
    assert [name for name in NAMES.values() if f"{name} counted" not in text] == []
    printed = pdf_words(made.pdf("review/small-report.pdf"))
    assert [name for name in NAMES.values() if f"{name} counted" not in printed] == []
    record = json.loads(made.page("provenance.json"))
    assert {key: record["sources"][key]["name"] for key in NAMES} == NAMES
    page = made.page("review/chapters/works.html")
    sources, statistics = made.words("review/sources.html"), made.words("review/statistics.html")
    for key, name in NAMES.items():
        assert f'"source":"{name}, ' in page and f"{name} " in sources and name in statistics, key
    for key in ("king_1995", "ash_1994_two", "nuñez_1993"):
        assert f"{key}: {NAMES[key]}" in made.run("trace", key).said


def test_each_publication_has_its_own_letters(report: Callable[[str], ReportFolder]) -> None:
    """A publication that lists one work of a year prints no letter, in text or beside it."""
    made = report("minimal")
    made.write("chapters/summary.qmd", "# Summary\n\nTeachers were asked, by @smith_2010_notes.\n")
    made.edit("_quarto-summary.yml", "number-sections: false", 'number-sections: false\nnocite: ""')
    made.render("--to", "html")
    assert "by Smith (2010)." in made.words("summary/index.html")
    assert "<summary>Smith (2010)</summary>" in made.page("summary/sources.html")
    assert "<summary>Smith (2010b)</summary>" in made.page("review/sources.html")
