"""The works of this report: their names in running text, and slips of the print that stay fixed."""

from __future__ import annotations

from imprint.read.bibliography import read_library
from imprint.read.names import Person
from reports import ROOT


def test_works_of_the_report_have_their_names() -> None:
    """The real bibliography reads without a problem, and works are named as in running text."""
    references = read_library(ROOT, ["references.bib"])[0].references
    named = {key: reference.name for key, reference in references.items()}
    assert named["barlow_2010"] == "Barlow and Scott (2010)"
    assert named["holmes_2010"] == "Holmes et al. (2010)"
    assert named["cqc_2009"] == "Care Quality Commission (2009)"
    assert named["munro_burton"] == "Munro (n.d.)"
    assert references["france_2009"].people["author"][1] == Person("Munro", "E. R.")


def test_slips_of_the_print_stay_fixed() -> None:
    """No name that the print misspells comes back into the bibliography's printed fields."""
    references = read_library(ROOT, ["references.bib"])[0].references
    people = [p for r in references.values() for role in r.people.values() for p in role]
    assert not {p.family for p in people} & {"Bandeled", "Bandelet", "Cottrall", "Macleod"}
    assert {p.given for p in people if p.family == "Atkinson"} == {"Mary"}
    same_book = ["bandele_2009", "jakob_2009"]
    editors = {references[key].people["editor"][0].family for key in same_book}
    assert editors == {"Hughes"}
