"""The bibliography as authors write it: what is read, and what is reported when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.richtext import Text as LatexText

from imprint.core.problems import Place, Problem
from imprint.read.bibliography import Library, read_library
from imprint.read.bibtex import BibtexEntry
from imprint.read.names import Person
from imprint.read.references import Reference, to_reference

ROOT = Path(__file__).resolve().parents[1]

GOOD = """\
% Works of the test.
@report{ofsted_2009,
  author = {{Ofsted}},
  title = {{Learning Lessons: Year 2}},
  year = {2009},
  url = {http://example.org/a_b?c=1&d=%20},
  urldate = {2010-09-08}
}

@book{barlow_2010,
  author = {Barlow, Jane and
            Scott, J.},
  title = {Where to {Now}?},
  publisher = "Research in Practice",
  year = 2010,
  note = {Cited in Martin \\emph{et al.} (2011), 100\\%}
}
"""


def problems_of(tmp_path: Path, *texts: str) -> list[Problem]:
    """The problems of one or more bibliographies, written to a.bib, b.bib, …"""
    names = [f"{letter}.bib" for letter, _ in zip("abc", texts, strict=False)]
    for name, text in zip(names, texts, strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    _, problems = read_library(tmp_path, names)
    assert problems
    return sorted(set(problems))


def sound(tmp_path: Path) -> Library:
    """What `a.bib` holds, with which nothing is wrong."""
    library, problems = read_library(tmp_path, ["a.bib"])
    assert problems == []
    return library


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def test_entry_is_read_with_its_lines(tmp_path: Path) -> None:
    """A reference knows its fields as plain text, its people, and the line of each."""
    (tmp_path / "a.bib").write_text(GOOD, encoding="utf-8")
    library = sound(tmp_path)
    assert list(library.references) == ["ofsted_2009", "barlow_2010"]
    ofsted, barlow = library.references.values()
    assert ofsted.people["author"] == (Person("Ofsted"),)
    assert ofsted.fields["url"] == "http://example.org/a_b?c=1&d=%20"
    assert (ofsted.place.line, ofsted.lines["title"]) == (2, 4)
    assert barlow.people["author"] == (Person("Barlow", "Jane"), Person("Scott", "J."))
    assert barlow.fields["title"] == "Where to Now?"
    assert barlow.fields["note"] == "Cited in Martin et al. (2011), 100%"
    assert (barlow.place.line, barlow.lines["title"], barlow.lines["note"]) == (10, 13, 16)


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    """A brace left open in one entry hides neither the entries after it nor their faults."""
    open_brace = GOOD.replace("{{Learning Lessons: Year 2}}", "{{Learning Lessons: Year 2}")
    problems = problems_of(tmp_path, open_brace.replace("year = 2010", "year = {MMX}"))
    assert [(p.code, p.place.line) for p in problems] == [
        ("bibliography-parses", 4),
        ("year-is-a-year", 15),
    ]
    assert "ofsted_2009" in problems[0].message and "'title'" in problems[0].message


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("{{Ofsted}},", "{{Ofsted}}},", 3, "belongs to no entry"),
        ("{{Ofsted}},", "{{Ofsted}}", 4, "after field 'author'"),
        ("year = {2009}", "year {2009}", 5, "'=' expected"),
        ("year = 2010", "year = soon", 15, "neither a number nor a known abbreviation"),
        ('Practice",', "Practice,", 14, "in or after field 'publisher'"),
        ("% Works", "year = {2009}", 1, "before any entry"),
    ],
)
def test_syntax_slip_is_reported_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    """A slip in the syntax is reported once, with the line on which to look."""
    found = only(problems_of(tmp_path, GOOD.replace(old, new)))
    assert (found.code, found.place.file, found.place.line) == (
        "bibliography-parses",
        "a.bib",
        line,
    )
    assert says in found.message
    assert found.fix


@pytest.mark.parametrize("head", ["@report{,", "@report{"])
def test_entry_without_key(tmp_path: Path, head: str) -> None:
    """An entry whose key was forgotten is reported as that, not as a puzzle about braces."""
    found = only(problems_of(tmp_path, GOOD.replace("@report{ofsted_2009,", head)))
    assert (found.code, found.place.line) == ("reference-has-key", 2)


def test_key_given_twice(tmp_path: Path) -> None:
    """A key is told as taken across files, whatever its capitals, with the first entry's place."""
    second = "@misc{Barlow_2010,\n  title = {Another}, note = {x}\n}\n"
    found = only(problems_of(tmp_path, GOOD, second))
    assert (found.code, str(found.place)) == ("reference-key-is-unique", "b.bib:1")
    assert "a.bib:10" in found.message


def test_field_given_twice(tmp_path: Path) -> None:
    """A field that stands twice in an entry is reported with both lines."""
    twice = GOOD.replace("year = {2009},", "year = {2009},\n  Year = {2010},")
    found = only(problems_of(tmp_path, twice))
    assert (found.code, found.place.line) == ("field-is-unique", 6)
    assert "line 5" in found.message


def test_missing_field_is_named(tmp_path: Path) -> None:
    """An entry that lacks what its type needs is reported with the names of the fields."""
    found = only(problems_of(tmp_path, GOOD.replace('publisher = "Research in Practice",', "")))
    assert (found.code, found.place.line) == ("reference-has-fields", 10)
    assert "'publisher'" in found.message and "@book" in found.message


def test_unknown_type_offers_the_nearest(tmp_path: Path) -> None:
    """A mistyped type is answered with the type that was meant."""
    found = only(problems_of(tmp_path, GOOD.replace("@report", "@reprot")))
    assert found.code == "reference-type-is-known"
    assert "'report'" in found.fix


@pytest.mark.parametrize("written", ["8 September 2010", "2010-02-30", "20100908"])
def test_access_date_in_another_form(tmp_path: Path, written: str) -> None:
    """An access date that is no ISO date is reported before it is lost in print."""
    found = only(problems_of(tmp_path, GOOD.replace("2010-09-08", written)))
    assert (found.code, found.place.line) == ("access-date-is-a-date", 7)


def test_people_parted_by_commas(tmp_path: Path) -> None:
    """Authors parted by commas, who would print as one person, are reported."""
    commas = GOOD.replace("{{Ofsted}}", "{Holmes, L., Munro, E., Soper, J.}")
    found = only(problems_of(tmp_path, commas))
    assert (found.code, found.place.line) == ("name-is-readable", 3)


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A bibliography that is missing, or is not UTF-8, is told beside the other files' faults."""
    (tmp_path / "latin.bib").write_bytes(b"% ok\n% caf\xe9\n")
    _, problems = read_library(tmp_path, ["latin.bib", "none.bib"])
    told = [(p.code, str(p.place)) for p in problems]
    assert told == [("bibliography-parses", "latin.bib:2"), ("bibliography-exists", "none.bib")]


def test_works_in_forms_that_pandoc_reads(tmp_path: Path) -> None:
    """CSL's JSON and YAML, RIS and works under `references:` stand beside those in BibTeX; of two
    works with one key the last is taken, as pandoc has it."""
    twice = "@book{{owl, title = {{{}}}, author = {{A. Wood}}, publisher = {{P}}, year = {}}}\n"
    texts = {
        "a.bib": twice.format("First", 1990) + twice.format("Second", 1991),
        "b.json": '[\n{"id": "fox", "type": "book", "title": "Foxes",\n'
        '"author": [{"family": "Roe", "given": "R."}], "issued": {"date-parts": [[2001]]}}]',
        "c.yaml": "---\nreferences:\n- id: bee\n  type: book\n  title: Bees\n  issued: 1999\n---\n",
        "d.ris": "TY  - BOOK\nID  - elk\nAU  - Poe, P.\nTI  - Elks\nPY  - 1988\nER  - \n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    written = {"text.qmd": [{"id": "jay", "type": "book", "title": "*Jays*", "issued": 2005}]}
    library, problems = read_library(tmp_path, list(texts), written=written)
    assert [(it.code, it.place.line) for it in problems] == [("reference-key-is-unique", 2)]
    told = {key: (it.csl.printed["title"], it.year) for key, it in library.references.items()}
    assert told == {
        "owl": ("Second", "1991"), "fox": ("Foxes", "2001"), "bee": ("Bees", "1999"),
        "elk": ("Elks", "1988"), "jay": ("Jays", "2005"),
    }  # fmt: skip
    places = [str(it.place) for it in library.references.values()]
    assert places == ["a.bib:2", "b.json:2", "c.yaml:3", "d.ris:2", "text.qmd"]


def test_bibliography_that_pandoc_cannot_read(tmp_path: Path) -> None:
    """It is named, with what pandoc says of it."""
    (tmp_path / "a.json").write_text("{]", encoding="utf-8")
    _, (found,) = read_library(tmp_path, ["a.json"])
    assert (found.code, found.place.file) == ("bibliography-parses", "a.json")


@given(st.text("abZéß3 ,.:;()/?!+–’'`-~", max_size=12), st.booleans())
@settings(max_examples=200, derandomize=True, deadline=None)
def test_title_reads_as_latex_prints_it(middle: str, in_braces: bool) -> None:
    """A title without commands is read by a shorter way, and still comes out as LaTeX's."""
    title = f"{{a{middle}z}}" if in_braces else f"a{middle}z"
    entry = BibtexEntry("book", "key", (("title", title),), (1,), Place("works.bib", 1))
    (read,) = (it for it in to_reference(entry) if isinstance(it, Reference))
    assert read.fields["title"] == str(LatexText.from_latex(" ".join(title.split())))


BOOK = "publisher = {Press}, address = {Leeds}, year = {2009}"


def test_entries_may_stand_on_one_line_with_words_between(tmp_path: Path) -> None:
    """IEEE Xplore writes entries one after another, Scopus a heading above them."""
    (tmp_path / "a.bib").write_text(
        f"Scopus export\n@book{{one, author = {{Stone, A}}, title = {{A}}, {BOOK}}}"
        f"@book{{two, author = {{Wood, E}}, title = {{B}}, {BOOK}}}\n",
        encoding="utf-8",
    )
    assert list(sound(tmp_path).references) == ["one", "two"]


@pytest.mark.parametrize("field", ["crossref", "xdata"])
def test_entry_takes_over_what_its_parent_gives(tmp_path: Path, field: str) -> None:
    """Year, publisher and editor come from the parent; its title is the title of the book."""
    kind = "book" if field == "crossref" else "xdata"
    (tmp_path / "a.bib").write_text(
        f"@incollection{{part, author = {{Stone, A}}, title = {{A part}}, {field} = {{whole}}}}\n"
        f"@{kind}{{whole, editor = {{Wood, E}}, title = {{All}}, booktitle = {{All}}, {BOOK}}}\n",
        encoding="utf-8",
    )
    part = sound(tmp_path).references["part"]
    assert (part.fields["title"], part.fields["booktitle"], part.year) == ("A part", "All", "2009")
    assert part.people["editor"] == (Person("Wood", "E"),)


def test_parent_that_is_missing_is_the_one_problem(tmp_path: Path) -> None:
    """What the entry lacks for that reason is not reported besides."""
    found = only(problems_of(tmp_path, "@incollection{part, title = {A}, crossref = {gone}}\n"))
    assert (found.code, found.place.line) == ("reference-has-fields", 1)
    assert "'gone'" in found.message


def test_parent_in_another_file_is_told(tmp_path: Path) -> None:
    """pandoc reads each file by itself, and would print the part without its book."""
    part = "@incollection{part, author = {Stone, A}, title = {A}, crossref = {whole}}\n"
    whole = f"@book{{whole, editor = {{Wood, E}}, title = {{All}}, {BOOK}}}\n"
    found = only(problems_of(tmp_path, part, whole))
    assert (found.code, str(found.place)) == ("reference-has-fields", "a.bib:1")
    assert "b.bib:1" in found.message


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("author", "Stone, A AND Brook, C", "'AND'"),
        ("editor", "Stone, A And Brook, C", "'And'"),
        ("publisher", "Chapel and Hill", "'and' in 'publisher'"),
        ("address", "Leeds and York", "'and' in 'address'"),
    ],
)
def test_and_that_would_be_read_otherwise_is_reported(
    tmp_path: Path, field: str, value: str, says: str
) -> None:
    """pandoc divides names at a small 'and' alone, publishers and places at every one."""
    fields = {"author": "Wood, E", "publisher": "Press", "address": "Leeds"} | {field: value}
    text = ", ".join(f"{name} = {{{given}}}" for name, given in fields.items())
    found = only(problems_of(tmp_path, f"@book{{key, {text}, title = {{A}}, year = {{2009}}}}\n"))
    assert says in found.message and found.place.line == 1


def test_and_in_braces_is_a_word(tmp_path: Path) -> None:
    """An organisation or publisher may have it in its name."""
    text = (
        "@book{key, author = {{Chapel and Hill}}, title = {A}, year = {2009},"
        " publisher = {Chapel {and} Hill}, address = {{Leeds and York}}}\n"
    )
    (tmp_path / "a.bib").write_text(text, encoding="utf-8")
    assert list(sound(tmp_path).references) == ["key"]


def test_work_is_named_with_particle_and_without_suffix(tmp_path: Path) -> None:
    """As citations name it."""
    text = (
        f"@book{{a, author = {{van der Berg, Jan}}, title = {{A}}, {BOOK}}}\n"
        f"@book{{b, author = {{King, Jr., Martin}}, title = {{B}}, {BOOK}}}\n"
    )
    (tmp_path / "a.bib").write_text(text, encoding="utf-8")
    names = [it.name for it in sound(tmp_path).references.values()]
    assert names == ["van der Berg (2009)", "King (2009)"]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("author", "Stone, A. & Brook, C.", "joins people by '&'"),
        ("author", "Stone, A.; Brook, C.", "joins people by ';'"),
        ("author", "Stone A., Brook C., Wood E.", "commas between people"),
        ("author", "Stone, A. and", "an 'and' too many"),
        ("author", "Stone, A. et al.", "has 'et al.'"),
        ("author", "World Health Organization", "person of the family 'Organization'"),
        ("author", "Ministry of Schools and Work", "person of the family 'Schools'"),
        ("editor", "{Stone, A and Brook, C}", "in one pair of braces"),
        ("title", "A gain of 50% in a year", "has '%'"),
        ("title", "A <i>study</i> of schools", "has '<i>'"),
        ("url", r"{https://example.org/a\_b\%20c}", "has LaTeX"),
        ("doi", "{10.1000/xyz}", "has LaTeX"),
    ],
)
def test_what_would_be_printed_otherwise_is_reported(
    tmp_path: Path, field: str, value: str, says: str
) -> None:
    """Lists of names without 'and', organisations without braces, addresses in LaTeX's dress."""
    fields = {"author": "Wood, E", "title": "A", "url": "https://example.org"} | {field: value}
    text = ", ".join(f"{name} = {{{given}}}" for name, given in fields.items())
    entry = f"@online{{key, {text}, year = {{2009}}, urldate = {{2010-01-02}}}}\n"
    found = only(problems_of(tmp_path, entry))
    assert says in found.message and f"'{field}'" in found.message


@pytest.mark.parametrize(
    ("author", "people"),
    [
        ("King, Jr., Martin and Davis, III, Sammy", [("King", "Martin"), ("Davis", "Sammy")]),
        ("{Chapel & Hill; Sons} and {Office of Works}",
         [("Chapel & Hill; Sons", ""), ("Office of Works", "")]),
        ("Stone, A and others", [("Stone", "A"), ("others", "")]),
        (r"Garc{\'{\i}}a, Mar\'{\i}a and D{\'\i}az, Ana", [("García", "María"), ("Díaz", "Ana")]),
        ("family=Berg, given=Jan, prefix=van den", [("van den Berg", "Jan")]),
        ("de la Cruz, Ana and Ludwig van Beethoven",
         [("de la Cruz", "Ana"), ("van Beethoven", "Ludwig")]),
    ],
)  # fmt: skip
def test_names_are_read_as_people_write_them(
    tmp_path: Path, author: str, people: list[tuple[str, str]]
) -> None:
    """Suffixes, organisations in braces, accents on dotless letters, BibLaTeX's named parts."""
    text = f"@book{{key, author = {{{author}}}, title = {{A}}, {BOOK}}}\n"
    (tmp_path / "a.bib").write_text(text, encoding="utf-8")
    found = sound(tmp_path).references["key"].people["author"]
    assert [(person.family, person.given) for person in found] == people


def test_comments_of_programs_are_left_out(tmp_path: Path) -> None:
    """JabRef writes its settings, groups and commented entries into comments with braces."""
    text = (
        "% Encoding: UTF-8\n@Comment{jabref-meta: databaseType:bibtex;}\n"
        f"@book{{key, author = {{Wood, E}}, title = {{A}}, {BOOK}}}\n"
        "@Comment{jabref-meta: grouping:\n0 AllEntriesGroup:;\n1 StaticGroup:A\\;0\\;;\n}\n"
        "@comment{\n@book{old, title = {B}}\n}\n"
    )
    (tmp_path / "a.bib").write_text(text, encoding="utf-8")
    assert list(sound(tmp_path).references) == ["key"]


def test_entries_that_take_over_from_each_other(tmp_path: Path) -> None:
    """pandoc never ends with them."""
    text = (
        f"@book{{a, author = {{Wood, E}}, title = {{A}}, crossref = {{b}}, {BOOK}}}\n"
        f"@book{{b, author = {{Wood, E}}, title = {{B}}, crossref = {{a}}, {BOOK}}}\n"
    )
    found = problems_of(tmp_path, text)
    assert [(it.code, it.place.line) for it in found] == [
        ("reference-has-fields", n) for n in (1, 2)
    ]
    assert "takes over from itself" in found[0].message


def test_key_with_a_blank(tmp_path: Path) -> None:
    found = only(problems_of(tmp_path, f"@book{{wood of 2009, title = {{A}}, {BOOK}}}\n"))
    assert (found.code, found.fix) == ("reference-has-key", "write 'wood_of_2009'")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("@misc(key, author = {Stone, A}, title = {A}, year = 2009)\n", 1),
        ("% two\n\n@string{nt/f = {Press}}\n", 3),
    ],
)
def test_what_only_pandoc_refuses_is_told_at_its_line(tmp_path: Path, text: str, line: int) -> None:
    """pandoc prints the works; what it cannot read would stop the build without a place."""
    found = only(problems_of(tmp_path, text))
    assert (found.code, str(found.place).split(":")[:2]) == (
        "bibliography-parses",
        ["a.bib", str(line)],
    )
    assert "stack" not in found.message
