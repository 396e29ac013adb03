"""Citations that cannot be followed or printed as meant are named, at their key."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_reports import PROJECT, WORKS, small_report, told

from composing import composed, examined
from imprint.check.rules.numbers.attribution import check_attribution
from imprint.check.rules.works.citations import check_citations
from imprint.check.rules.works.quotations import check_quotations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("So [@burton_2009, p. 5].", []),
        ("So [@burton_2009, pp. 5–6; @ofsted_2010, para. 24], @burton_2009 [p. vii].", []),
        ("So [@burton_2009, paras 10–12] and [see @burton_2009, p. 5, which agrees].", []),
        ("So [@burton_2009 p. 5].", ["1:5 locator-is-readable"]),
        ("So [@burton_2009, p 5].", ["1:5 locator-is-readable"]),
        ("So [@burton_2009, p.5].", ["1:5 locator-is-readable"]),
        ("So [@burton_2009, p. 5,].", ["1:5 locator-is-readable"]),
        ("So [@burton_2009, 5].", ["1:5 locator-is-readable"]),
        ("So [@burton_2009, p. 5–6].", ["1:5 locator-is-readable"]),
        ("And @burton_2009 [p 22] too.", ["1:5 locator-is-readable"]),
        ("So [@garboden_2009, p. 19].", []),
        ("So [@garboden_2009, p. 20].", ["1:5 locator-is-in-work"]),
        ("So [@garboden_2009, pp. 19–20].", ["1:5 locator-is-in-work"]),
        ("So [@burton_2009, pp. 30–12].", ["1:5 locator-is-in-order"]),
        ("So [@burton_2009, paras 12–12].", ["1:5 locator-is-in-order"]),
        ("So [@garboden_2009, pp. 19–18].", ["1:5 locator-is-in-order"]),
    ],
)
def test_locator_must_be_readable_and_in_the_work(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    """A locator has the house's form and names pages that the work has."""
    assert told(check_citations, small_report(tmp_path, text)) == expected


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("No @burtn_2009.", ["text.qmd:1:4"]),
        ("`@burtn_2009` [see @burton_2009; @burtn_2009] and @{burtn_2009}.",
         ["text.qmd:1:34", "text.qmd:1:51"]),
        ("Text.[^n]\n\n[^n]: A note [@burtn_2009].", ["text.qmd:3:15"]),
        ("![A plan of @burtn_2009](/x.svg){fig-alt='A plan'}", ["text.qmd:1:13"]),
        ("{{< include _more.qmd >}}", ["_more.qmd:3:6"]),
        ("```{python}\nfrom IPython.display import Markdown\nMarkdown('By @burtn_2009.')\n```",
         ["text.qmd:3:14"]),
    ],
)  # fmt: skip
def test_key_that_no_work_has_is_told_where_it_stands(
    tmp_path: Path, text: str, places: list[str]
) -> None:
    """Each time, in notes, captions and included files too, and nowhere in code that is shown."""
    report = small_report(tmp_path, text, files={"_more.qmd": "# More\n\n> So @burtn_2009.\n"})
    found = examined(report, runs=True).problems
    told = [it for it in found if it.code == "citation-resolves"]
    assert [str(it.place) for it in told] == places
    assert all(it.fix.startswith("did you mean 'burton_2009'") for it in told)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@hunter_2009, cited in @burton_2009 [p. 5], agrees.", []),
        ("This holds [@hunter_2009; cited in @burton_2009].", []),
        ("So @hunter_2009 says.\nSee @burton_2009.", []),
        ("This holds [@hunter_2009].", ["1:13 secondary-names-both"]),
        ("Hunter, cited in @burton_2009, agrees.", ["1:9 secondary-names-both"]),
        ("As @burton_2009, cited in the press, says.", ["1:18 secondary-names-both"]),
        ("The works cited in this section agree.", []),
        ("@hunter_2009, quoted in @burton_2009 [p. 5], agrees.", []),
        ("That was quoted by @burton_2009 [p. 5].", ["1:10 secondary-names-both"]),
        ("So it was, as reported by @burton_2009 [p. 5].", ["1:12 secondary-names-both"]),
        ("It was reported by @burton_2009 [p. 5].", []),
        ("Two [@hunter_2009, cited in @burton_2009].", ["1:6 citation-is-apart"]),
    ],
)
def test_secondary_citation_names_both_works(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    """A work known through another is cited with it, and so that pandoc prints both."""
    assert told(check_citations, small_report(tmp_path, text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Burton (2009, p. 5) agrees.", ["1:1 citation-is-linked"]),
        ("So it is (Garboden, 2009).", ["1:11 citation-is-linked"]),
        ("So it is (Garbodenn 2009, p.84).", ["1:11 citation-is-linked"]),
        ("Garboden et al., (2009) agree.", ["1:1 citation-is-linked"]),
        ("Burton (2008) is another, and so is March (2009).", []),
        ("In 2009 Burton wrote; the Act (1989) is older.", []),
    ],
)
def test_citation_typed_by_hand_is_named(tmp_path: Path, text: str, expected: list[str]) -> None:
    """A name and year of a listed work must be a citation, else nothing checks or links it."""
    assert told(check_citations, small_report(tmp_path, text)) == expected


def test_entry_that_points_at_another_is_not_cited(tmp_path: Path) -> None:
    """Of two entries for one work, the main one is cited."""
    twin = "\n@report{dcsf_2009, author = {{DCSF}}, title = {{Oversight}}, publisher = {P}, " \
        "year = {2009}, note = {The same work as Burton (2009)}}\n"  # fmt: skip
    report = small_report(tmp_path, "As @dcsf_2009 and @burton_2009 say.", works=WORKS + twin)
    assert told(check_citations, report) == ["1:4 citation-names-main-entry"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They want 'a renewed impetus' [@burton_2009, p. 8].", []),
        ("They want 'a renewed impetus' [@burton_2009].", ["1:11 quotation-has-locator"]),
        ("They want 'new impetus' [@burton_2009].", []),
        ("They want 'a renewed impetus'.\nIt would help [@burton_2009, p. 8].", []),
        ("They want 'a renewed impetus' [@garboden_2009].", ["1:11 quotation-has-locator"]),
        ("Workers' pay is a matter of the councils' own [@burton_2009].", []),
        ("It is 'a turn of phrase' and nobody's.", ["1:7 quotation-has-citation"]),
    ],
)
def test_quotation_names_its_page(tmp_path: Path, text: str, expected: list[str]) -> None:
    """A quotation of three words or more from a work with pages says where it stands."""
    assert told(check_quotations, small_report(tmp_path, text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They want 'a much fresher start' now.", ["1:11 quotation-has-citation"]),
        ("They want 'fresh air' now.", []),
        ("They say of it [@burton_2009, p. 5]:\n\n> 'a much fresher start'", []),
        ("> 'a much fresher start'\n\n[@burton_2009, p. 5]", []),
        ("So [@burton_2009, p. 5].\n\nThey want 'a much fresher start'.",
         ["3:11 quotation-has-citation"]),
        ("## A heading of 'a much fresher start'", []),
    ],
)  # fmt: skip
def test_quotation_says_where_it_comes_from(tmp_path: Path, text: str, expected: list[str]) -> None:
    """A quotation of three words or more has a citation beside it, or in the line that leads in."""
    assert told(check_quotations, small_report(tmp_path, text)) == expected


def test_quotation_reads_the_same_everywhere(tmp_path: Path) -> None:
    """One passage of one work quoted in two wordings is named at the second."""
    text = (
        "The 'organisational supports' [@burton_2009, p. 11].\n\n"
        "The 'organisational support' [@burton_2009, p. 11].\n\n"
        "The 'organisational support' [@ofsted_2010, p. 3]; 'other words' [@burton_2009, p. 2].\n"
    )
    assert told(check_quotations, small_report(tmp_path, text)) == ["3:5 quotation-is-one"]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("[@burton_2009, p. 11]", "[@burton_2009, p. 12]",
         "'A much fresher start' is from p. 12 of 'burton_2009' here, from p. 11 of"),
        ("[@burton_2009, p. 11]", "[@ofsted_2010, p. 11]", "from 'ofsted_2010' here, from 'burton"),
        ("[@burton_2009, p. 11]", "[@burton_2009, p. 11]", ""),
        ("[@burton_2009, pp. 11–12]", "[@burton_2009, p. 12]", ""),
        ("[@burton_2009, p. 11]", "[@ofsted_2010, p. 3; @burton_2009, p. 11]", ""),
    ],
)  # fmt: skip
def test_quotation_has_one_source(tmp_path: Path, first: str, second: str, said: str) -> None:
    """The same words with another page or work are named at the second place."""
    text = f"It is 'a much fresher start' {first}.\n\nIt is 'A much fresher start' {second}.\n"
    found = list(check_quotations(composed(small_report(tmp_path, text))))
    assert [one.code for one in found] == ["quotation-has-one-source"] * bool(said)
    assert all(said in one.message and one.place.line == 3 for one in found)


ROWS = [
    {"id": "time-to-work", "value": "64"},
    {"id": "rest-of-work", "value": "36", "derived": "100 - time-to-work"},
]
STAT = '`{python} stat("time-to-work")`'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"There, {STAT} agree [@ofsted_2010].", []),
        (f"There, {STAT} agree [@burton_2009].\nSo it is [@ofsted_2010].",
         ["1:8 statistic-matches-citation"]),
        (f"There, {STAT} agree.\nSo it is [@ofsted_2010].", []),
        (f"There, {STAT} agree [@burton_2009].", ["1:8 statistic-has-citation"]),
        (f"## One\n\nSee @ofsted_2010.\n\n## Two\n\nThere, {STAT} agree.",
         ["7:8 statistic-has-citation"]),
        ('The rest is `{python} stat("rest-of-work")` [@burton_2009].', []),
    ],
)  # fmt: skip
def test_statistic_stands_beside_its_source(tmp_path: Path, text: str, expected: list[str]) -> None:
    """A number's own source is cited in its section, and no other alone in its sentence."""
    report = small_report(tmp_path, text, rows=ROWS)
    assert told(check_attribution, report) == expected


def test_original_needs_no_citation_beside_each_number(tmp_path: Path) -> None:
    """The work that a publication rewords is cited as a whole."""
    project = PROJECT + "imprint: {original: ofsted_2010}\n"
    report = small_report(
        tmp_path, f"There, {STAT} agree.", rows=ROWS, files={"_quarto.yml": project}
    )
    assert told(check_attribution, report) == []


def test_entry_that_only_holds_fields_is_no_work(tmp_path: Path) -> None:
    """pandoc knows no entry of @xdata: the work that takes over from it is to be cited."""
    works = WORKS + (
        "@xdata{press_2010, publisher = {Small Press}}\n\n"
        "@book{smith_2010, author = {Smith, Ann}, title = {Work}, year = {2010},"
        " xdata = {press_2010}}\n"
    )
    report = small_report(tmp_path, "See @smith_2010 and [@press_2010].", works=works)
    found = [it for it in check_citations(composed(report)) if it.code == "citation-resolves"]
    assert [(str(it.place), it.fix) for it in found] == [
        ("text.qmd:1:22", "cite the work that takes over from it: smith_2010")
    ]


def test_names_are_compared_in_one_form_of_unicode(tmp_path: Path) -> None:
    """Keys, labels and ids of rows are the same whether an accent is part of its letter or not."""
    apart, joined = "Mu\u0308ller_2010", "M\u00fcller_2010"
    work = f"@book{{{joined}, author = {{A}}, title = {{B}}, year = {{2010}}, publisher = {{C}}}}\n"
    text = (
        f"# A {{#sec-{apart}}}\n\nSee @sec-{joined}, [a](#sec-{joined}), @{apart}"
        f" and [@{joined}].\n\n"
        "```{python}\n#| include: false\nfrom imprint import stat\n```\n\n"
        f'It was `{{python}} stat("{apart}")`.\n'
    )
    rows = [{"id": joined, "source": joined, "value": "5", "unit": "count"}]
    report = small_report(tmp_path, text, works=WORKS + work, rows=rows)
    assert [str(it) for it in examined(report, runs=True).problems] == []
