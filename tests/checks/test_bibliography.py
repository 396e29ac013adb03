"""Entries that readers could not tell, find or follow are named, at their line."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_reports import PROJECT, small_report, told

from data_project import resource
from imprint.check.rules.works.authors import check_authors
from imprint.check.rules.works.bibliography import check_bibliography
from imprint.check.rules.works.identifiers import date_fault, doi_fault, isbn_fault, url_fault
from imprint.check.rules.works.pandoc_reading import check_pandoc_reading
from imprint.check.rules.works.registers import check_registers

BURTON = (
    "@report{{{key}, author = {{{author}}}, title = {{{title}}},\n"
    "  publisher = {{P}}, year = {{2009}}, {more}}}\n"
)


def works(*entries: dict[str, str]) -> str:
    """Entries that are sound but for the given values, two lines each."""
    sound = {"author": "Burton, S.", "title": "Oversight of cases", "more": ""}
    return "".join(
        BURTON.format(**{**sound, "key": f"work_{number}", **entry})
        for number, entry in enumerate(entries, start=1)
    )


def cited(count: int) -> str:
    return " ".join(f"@work_{number}" for number in range(1, count + 1))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {"author": "Fish, S.", "title": "Audit"}, []),
        ({}, {"author": "Fish, S.", "title": "Oversight of Cases (HC 330)"},
         ["works.bib:3 work-is-listed-once"]),
        ({}, {"author": "Fish, S.", "title": "Oversight: of cases",
              "more": "note = {The same report as Burton (2009)}"}, []),
        ({"more": "isbn = {978-1-906792-49-7}"},
         {"author": "Fish, S.", "title": "Audit", "more": "isbn = {1906792496}"},
         ["works.bib:2 work-is-listed-once", "works.bib:4 work-is-listed-once"]),
        ({"more": "isbn = {978-1-906792-49-7}"},
         {"author": "Fish, S.", "title": "Audit", "more": "isbn = {979-1-906792-49-6}"}, []),
        ({"more": "url = {http://www.example.org/a/}, urldate = {2010-09-08}"},
         {"author": "Fish, S.", "title": "Audit",
          "more": "url = {https://example.org/a}, urldate = {2010-09-08}"},
         ["works.bib:2 work-is-listed-once", "works.bib:4 work-is-listed-once"]),
        ({"title": "Learning lessons from case reviews: year 1"},
         {"author": "Fish, S.", "title": "Learning lessons from case reviews: year 2"}, []),
        ({}, {"title": "Audit"}, ["works.bib:1 works-are-told-apart",
                                  "works.bib:3 works-are-told-apart"]),
        ({"more": "keywords = {1}"}, {"title": "Audit", "more": "keywords = {2}"}, []),
        ({"more": "keywords = {1}"}, {"title": "Audit", "more": "keywords = {1}"},
         ["works.bib:3 works-are-told-apart"]),
        ({"title": "Oversight of all cases"},
         {"title": "Oversight of all cases: what to do", "more": "month = {1}"},
         ["works.bib:1 works-are-told-apart", "works.bib:3 work-is-listed-once",
          "works.bib:3 works-are-told-apart"]),
        ({"title": "Oversight of all cases: part one", "author": "Fish, S."},
         {"title": "Oversight of all cases: how it went on"}, []),
        ({"title": "Oversight of all cases", "author": "Fish, S."},
         {"title": "Oversight of all cases: how it went on"}, []),
    ],
)  # fmt: skip
def test_work_is_listed_once_and_told_apart(
    tmp_path: Path, one: dict[str, str], other: dict[str, str], expected: list[str]
) -> None:
    """One work has one key, and two works of an author and year have an order."""
    report = small_report(tmp_path, cited(2), works=works(one, other))
    assert told(check_bibliography, report) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("urldate = {2010-09-08}, url = {http://example.org/a}", []),
        ("url = {www.example.org/a.doc}, urldate = {2010-09-08}", "url-is-valid"),
        ("url = {http://example.org/.../a.doc}, urldate = {2010-09-08}", "url-is-valid"),
        ("isbn = {978 1 906792 49 8}", "isbn-is-valid"),
        ("doi = {doi:10/1}", "doi-is-valid"),
        ("urldate = {2008-09-08}, url = {http://example.org/a}", "access-follows-year"),
        ("issn = {0261-3077}", []),
        ("issn = {0261-3078}", "issn-is-valid"),
        ("issn = {261-3078}", "issn-is-valid"),
        ("url = {http://example.org/a}", "url-has-access-date"),
        ("urldate = {2010-09-08}", "url-has-access-date"),
        ("urldate = {2010-09-08}, note = {On the council's pages}", []),
        ("urldate = {2031-01-01}, url = {http://example.org/a}", "date-has-passed"),
        ("pages = {20--12}", "pages-are-in-order"),
        (
            "url = {http://example.org/pioneers-in-better-supervision.htm}, urldate = {2010-09-08}",
            "url-fits-title",
        ),
        ("url = {http://example.org/the-oversight-of-some-cases}, urldate = {2010-09-08}", []),
    ],
)
def test_fields_have_their_form(tmp_path: Path, more: str, expected: str | list[str]) -> None:
    """Identifiers, dates and pages can be right, and the address fits the title."""
    files = {"_quarto.yml": PROJECT + "date: 2030-06-01\n"}
    report = small_report(tmp_path, cited(1), works=works({"more": more}), files=files)
    assert told(check_bibliography, report) == ([f"works.bib:2 {expected}"] if expected else [])


@pytest.mark.parametrize(
    ("title", "slug", "named"),
    [
        ("Oversight of cases: year 2", "oversight-of-cases-year-3", True),
        ("Oversight of cases: year 2", "oversight-of-cases-year-2", False),
        ("Oversight of cases 2010 (NAT 10)", "oversight-of-cases-2010", False),
        ("Oversight of cases", "oversight-of-cases-2010", False),
        ("Oversight (HC 330)", "HC-330.pdf", False),
        ("Oversight (HC 303)", "HC-330.pdf", True),
    ],
)
def test_address_tells_of_no_other_volume(
    tmp_path: Path, title: str, slug: str, named: bool
) -> None:
    """An address with most words of a title, but with another number, is that of another work."""
    more = f"url = {{http://example.org/{slug}}}, urldate = {{2010-09-08}}"
    report = small_report(tmp_path, cited(1), works=works({"title": title, "more": more}))
    found = [line.partition(" ")[2] for line in told(check_bibliography, report)]
    assert found == ["url-fits-title"] * named


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("@article{burton_2009, year = {2009}, volume = {3}", []),
        ("@article{burton_2009, year = {2009}", ["1 article-has-volume"]),
        ("@article{burton_2009, year = {2009}, doi = {10.1234/a}", []),
        ("@article{burton_2009, year = {2001}, volume = {3}", ["1 year-fits-key"]),
        ("@article{burton_2009a, year = {2001}, volume = {3}", ["1 year-fits-key"]),
        ("@article{burton_one, year = {2001}, volume = {3}", []),
        ("@article{burton_3010, year = {3010}, volume = {3}", ["1 date-has-passed"]),
    ],
)
def test_article_can_be_found_and_dated(tmp_path: Path, entry: str, expected: list[str]) -> None:
    """An article has a volume or an address, and a year that its key names and that has come."""
    rest = ", author = {Burton, S.}, title = {Audit}, journal = {J}}\n"
    key = entry.partition("{")[2].partition(",")[0]
    files = {"_quarto.yml": PROJECT + "date: 2030-06-01\n"}
    report = small_report(tmp_path, f"@{key}", works=entry + rest, files=files)
    assert told(check_bibliography, report) == [f"works.bib:{found}" for found in expected]


REGISTER = resource(
    "register", {"name": "key", "imprint:references": "works.bib"},
    {"name": "year", "type": "year"}, {"name": "themes"}, primaryKey="key",
)  # fmt: skip
USES = resource(
    "uses", {"name": "id"}, {"name": "source", "imprint:references": "works.bib"},
    {"name": "theme", "categories": [{"value": "home", "label": "At home"}]}, primaryKey="id",
)  # fmt: skip


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("burton_2009,2009,home; text", []),
        ("burton_2009,2009,home; elsewhere", []),
        ("burton_2009,2010,home; text", ["register-fits-entry"]),
        ("burton_2009,,home; text", ["register-fits-entry"]),
        ("burton_2009,2009,text", ["register-fits-uses"]),
        ("ofsted_2010,2010,text", ["register-fits-uses"]),
    ],
)
def test_register_of_works_is_right(tmp_path: Path, row: str, expected: list[str]) -> None:
    """A register has each work's year and the themes that use it, and no other."""
    files = {
        "data/register.csv": f"key,year,themes\n{row}\n",
        "data/uses.csv": "id,source,theme\none,burton_2009,home\n",
    }
    report = small_report(tmp_path, "See @burton_2009.", files=files, tables=[REGISTER, USES])
    assert told(check_registers, report) == [f"data/register.csv:2 {code}" for code in expected]


def test_entry_without_publisher_or_use_is_named(tmp_path: Path) -> None:
    """A report names who published it; an entry that only `nocite` prints is not used."""
    entries = "@report{fish_2009, author = {Fish, S.}, title = {Audit}, year = {2009}}\n"
    report = small_report(tmp_path, "None.", works=entries)
    assert told(check_bibliography, report) == [
        "works.bib:1 reference-is-used", "works.bib:1 work-has-publisher",
    ]  # fmt: skip


def test_identifiers_of_tables_and_text_are_checked(tmp_path: Path) -> None:
    """A wrong check digit is found in a table and in running text too."""
    text = "See @work_1. Slough: NFER. ISBN 978 1 906792 72 6 and ISBN 978 1 906792 72 5."
    report = small_report(
        tmp_path, text, works=works({}),
        files={"data/titles.csv": "title,isbn\nOne,978 1 906792 61 9\nTwo,978 1 906792 61 0\n"},
        tables=[resource("titles", {"name": "title"}, {"name": "isbn"})],
    )  # fmt: skip
    assert told(check_bibliography, report) == [
        "data/titles.csv:3 isbn-is-valid", "1:33 isbn-is-valid",
    ]  # fmt: skip


NAMES = "canonical,kind,variants\nMary Atkinson,person,\"Atkinson, A.|A. Atkinson\"\n" \
    "Eileen Munro,person,\nE. R. Munro,person,\n"  # fmt: skip
SHORT = "abbreviation,expansion\nC4EO,Centre for Excellence\n"


@pytest.mark.parametrize(
    ("one", "other", "named"),
    [
        ("Bandele, F.", "Bandelet, F.", True),
        ("MacLeod, Shona", "Macleod, Shona", True),
        ("Worrall-Davies and Cottrell", "Worrall-Davies and Cottrall", True),
        ("Thoburn, J.", "Thoburn, June", True),
        ("{Centre for Excellence}", "{C4EO}", True),
        ("Munro, E.", "Munro, E. R.", True),
        ("Munro, Eileen", "Munro, E. R.", False),
        ("Hart, Ruth", "Hunt, Ruth", False),
        ("Munro, E. R.", "Monro, E. R.", True),
        ("Munro, E.", "Monro, E.", False),
        ("White, Richard", "Whyte, Richard", True),
        ("Holmes, L.", "Holmes, B.", False),
        ("Jeffes, Jennifer", "Jeffes, Jane", False),
    ],
)
def test_author_has_one_name(tmp_path: Path, one: str, other: str, named: bool) -> None:
    """One person in two spellings is named at the second; two people are left alone."""
    report = small_report(
        tmp_path, works=works({"author": one}, {"author": other, "title": "Audit"}),
        files={"data/names.csv": NAMES, "data/abbreviations.csv": SHORT},
        tables=[
            resource("names", *({"name": name} for name in ("canonical", "kind", "variants"))),
            resource("abbreviations", {"name": "abbreviation"}, {"name": "expansion"}),
        ],
    )  # fmt: skip
    found = told(check_authors, report)
    assert set(found) == ({"works.bib:3 author-has-one-name"} if named else set())


def test_book_has_one_set_of_editors(tmp_path: Path) -> None:
    """Two chapters of one book name the same editors."""
    part = "@incollection{{{key}, author = {{{author}}}, title = {{T}}, booktitle = {{B}},\n" \
        "editor = {{{editor}}}, publisher = {{P}}, year = {{2009}}}}\n"  # fmt: skip
    entries = part.format(key="a", author="Fish, S.", editor="Hughes, L.")
    entries += part.format(key="b", author="Hart, R.", editor="Holmes, L.")
    report = small_report(tmp_path, works=entries)
    assert told(check_authors, report) == ["works.bib:4 book-has-one-set-of-editors"]


@pytest.mark.parametrize(
    ("fault", "right", "wrong"),
    [
        (isbn_fault, ["978 1 906792 72 5", "1-906792-49-6", "080442957X"],
         ["978 1 906792 72 6", "1-906792-49-5", "906792", "977 1 906792 72 5"]),
        (doi_fault, ["10.1000/182", "https://doi.org/10.1000/a.b"], ["10/182", "10.1000/"]),
        (url_fault, ["http://example.org/a%20b", "https://a.example.org"],
         ["example.org", "http://localhost", "http://a b.org", "http://[::1", "http://a.org/…"]),
        (date_fault, ["2010", "2010-09", "2010-09-08", "2009-04-01/2009-09-30"],
         ["2010-13", "2010-02-30", "8 May 2010", "2010-09/2010-03", "2010/2011/2012"]),
    ],
)  # fmt: skip
def test_identifiers_have_their_form(fault, right: list[str], wrong: list[str]) -> None:  # type: ignore[no-untyped-def]
    """Right identifiers pass, and each kind of slip in them is found."""
    assert [text for text in right if fault(text)] == []
    assert [text for text in wrong if not fault(text)] == []


@pytest.mark.parametrize(
    ("title", "lost"),
    [
        (r"A \mbox{word} of it", "word"),
        ("A price of $ 5 more", "price of more"),
        (r"Notes on \ce{H2O}", "h2o"),
        (r"\href{https://example.org}{A link}, \underline{lines} and \emph{words}", ""),
        (r"H$_2$O and \texttimes, 50\% \& more in Garc{\'\i}a's {\O}re{\aa}s", ""),
    ],
)
def test_words_that_pandoc_leaves_out_are_told(tmp_path: Path, title: str, lost: str) -> None:
    """Commands of packages and a lone dollar sign take words of a title with them."""
    work = (
        f"@book{{key, author = {{Stone, A}}, title = {{{title}}}, year = 2009, publisher = {{P}}}}"
    )
    found = list(check_pandoc_reading(small_report(tmp_path, "Text.", works=work)))
    assert [it.code for it in found] == ["field-is-readable"] * bool(lost)
    assert all(f"would lack '{lost}'" in it.message for it in found)
