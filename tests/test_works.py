"""Works as reference lists print them."""

from __future__ import annotations

from markupsafe import Markup

from imprint.write.site.evidence import works_as_listed

LONG = {
    "smith_2010_survey": Markup("Smith (2010a). <em>A Survey</em>."),
    "smith_2010_notes": Markup("Smith (2010b). <em>Notes</em>."),
    "munro_2011": Markup("Munro (2011). <em>The Review</em> (2nd edn)."),
}
SHORT = {"smith_2010_notes": Markup("Smith (2010). <em>Notes</em>.")}


def test_each_publication_has_its_own_letters() -> None:
    """A list with one work of a year prints no letter; what it lacks is printed as elsewhere."""
    lists = {"summary": SHORT, "review": LONG}
    assert works_as_listed(lists, "review") == LONG
    assert works_as_listed(lists, "summary") == LONG | SHORT
