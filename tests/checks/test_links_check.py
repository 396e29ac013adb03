"""Links, footnotes and typed references that lead nowhere, and those that are sound."""

from __future__ import annotations

import pytest
from building import sources_of

from imprint.check.rules.structure.links import check_links


def told(tmp_path, text, **files):
    (tmp_path / "chapters").mkdir(exist_ok=True)
    (tmp_path / "chapters" / "there.csv").write_text("a\n")
    return [
        f"{p.place.line}:{p.place.column} {p.code}" for p in check_links(sources_of(tmp_path, text))
    ]


@pytest.mark.parametrize(
    ("link", "sound"),
    [
        ("[a](#sec-there)", True),
        ("[a](#the-part-that-is-there)", False),
        ("[a](there.csv)", True),
        ("[a](/chapters/there.csv)", True),
        ("[a](x.qmd#sec-there)", True),
        ("[a](https://example.org/x#y)", True),
        ("[a](mailto:x@example.org)", True),
        ("`[a](#sec-gone)`", True),
        ("![An image\n[of a](x.qmd) kind](gone.png)", True),
        ("[![An image](gone.png)](gone.qmd)", False),
        ("[a](#sec-gone)", False),
        ("[a](x.qmd#sec-gone)", False),
        ("[a](gone.qmd)", False),
        ("[a](../gone.csv 'title')", False),
    ],
)
def test_link_leads_to_what_is_there(tmp_path, link, sound):
    """A heading, chapter or file that a link names has to be there before anything is built."""
    text = f"# T\n\n## The part that is there {{#sec-there}}\n\nSee {link}.\n"
    assert [line.split()[1] for line in told(tmp_path, text)] == (
        [] if sound else ["link-resolves"]
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.[^a]\n\n[^a]: Note.\n", []),
        ("One.[^a] Two.[^a]\n\n[^a]: Note.\n", []),
        ("One.[^a]\n", ["1:5 note-resolves"]),
        ("One.\n\n[^a]: Note.\n", ["3:1 note-is-used"]),
        ("One.[^a]\n\n[^a]: Note.\n\n[^a]: Other.\n", ["5:1 note-is-unique"]),
        ("One.^[Inline.]\n", []),
        ("`One.[^a]`\n", []),
    ],
)
def test_footnotes_and_their_marks_pair(tmp_path, text, expected):
    """Each mark has one note, and each note a mark."""
    assert told(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("See Figure 3.", False),
        ("Box 99 lists them.", False),
        ("As table 2 shows, it is so.", False),
        ("This is told in Chapter 14.", False),
        ("This is told in Section 9.9.", False),
        ("Appendix B has the details.", False),
        ("Table 2 of this report has it.", False),
        ("See @fig-bars and @sec-there.", True),
        ("A Section 47 enquiry began under section 31.", True),
        ("Table 2 of the review has it.", True),
        ("See Chapter 3 [@laming_2009].", True),
        ("Their Figure 3 shows it.", True),
        ("Ofsted's Table 4 shows it.", True),
        ("Figures 2 and 3 in the guidance differ.", True),
        ("The figure three times over; a box of 3.", True),
    ],
)
def test_number_of_a_figure_is_not_typed(tmp_path, text, sound):
    """The report's own figures, boxes and chapters are referred to by label; others' are not."""
    codes = [line.split()[1] for line in told(tmp_path, f"# T {{#sec-there}}\n\n{text}\n")]
    assert codes == ([] if sound else ["reference-is-linked"])
