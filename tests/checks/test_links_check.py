"""Links, footnotes and typed references that lead nowhere, and those that are sound."""

from __future__ import annotations

import pytest
from building import sources_of

from composing import examined
from imprint.check.rules.structure.links import check_links


def told(tmp_path, text, **files):
    return [
        f"{p.place.line}:{p.place.column} {p.code}" for p in check_links(sources_of(tmp_path, text))
    ]


@pytest.mark.parametrize(
    ("link", "column"),
    [
        ("[a](#sec-there)", 0),
        ("[a](#the-part-that-is-there)", 9),
        ("[a](there.csv)", 0),
        ("[a](/chapters/there.csv)", 0),
        ("[a](x.qmd#sec-there)", 0),
        ("[a](https://example.org/x#y)", 0),
        ("[a](mailto:x@example.org)", 0),
        ("`[a](#sec-gone)`", 0),
        ("![An image\n[of a](x.qmd) kind](there.png)", 0),
        ("[![An image](there.png)](gone.qmd)", 30),
        ("[a](#sec-gone)", 9),
        ("[a](x.qmd#sec-gone)", 9),
        ("[a](gone.qmd)", 9),
        ("[gone.qmd](there.csv) `gone.qmd` [a](gone.qmd)", 42),
        ("[a](../gone.csv 'title')", 9),
        ("[a](<my gone.csv>)", 10),
    ],
)
def test_link_leads_to_what_is_there(tmp_path, link, column):
    """A heading, chapter or file that a link names has to be there; one that is not is told where
    its address stands, whatever says the same elsewhere."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "there.csv").write_text("a\n")
    (tmp_path / "chapters" / "there.png").write_bytes(b"")
    text = f"# T\n\n## The part that is there {{#sec-there}}\n\nSee {link}.\n"
    found = examined(sources_of(tmp_path, text)).problems
    told = [(p.code, p.place.line, p.place.column) for p in found]
    assert told == ([("link-resolves", 5, column)] if column else [])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("# A {#sec-a}\n\n# B {#sec-a}\n", "3:6"),
        ("See #sec-a.\n\n# A {#sec-a}\n\n[b]{#sec-a}\n", "5:5"),
        ("::: {#one}\nText.\n:::\n\n```{#one .python}\n#one\n```\n", "5:5"),
        ("[a]{#one}\n\n| A |\n|---|\n| b |\n\n: Table {#one}\n", "7:10"),
    ],
)
def test_label_is_set_once(tmp_path, text, place):
    """What has the same label as another is told once, at the label."""
    found = examined(sources_of(tmp_path, text)).problems
    told = [it for it in found if it.code == "label-is-unique"]
    assert [f"{it.place.line}:{it.place.column}" for it in told] == [place]


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
