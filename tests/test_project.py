"""`_quarto.yml` and its profiles give the publications, or every fault with its line."""

from unicodedata import normalize

import pytest

from imprint.core.problems import ReportError
from imprint.core.root import find_root
from imprint.read.project.publications import read_project, select, survey_project
from imprint.read.project.quarto_subset import TABLES
from imprint.read.project.yaml_source import located, merge, read_yaml
from imprint.read.report import read_report

BOOK = """\
project:
  type: book
  execute-dir: project
profile:
  default: review
  group: [[review, summary, developments]]
book:
  title: A Review
  output-file: the-review
  chapters:
    - chapters/one.qmd
    - index.qmd
    - part: Themes
      chapters:
        - {text: Two, file: chapters/two.qmd}
  references: refs.qmd
  appendices: [chapters/a.ipynb]
bibliography: refs.bib
csl: house.csl
format: {html: {toc: true, theme: [one]}}
"""
SUMMARY = """\
project:
  type: default
  render: [chapters/one.qmd]
output-file: the-summary.pdf
bibliography: [refs.bib, more.bib]
format: {html: {theme: [two, one], toc: false}}
"""
FILES = {
    "_quarto.yml": BOOK,
    "_quarto-summary.yml": SUMMARY,
    "_quarto-developments.yml": "project: {type: default, render: [chapters/two.qmd]}\n",
    "_quarto-draft.yml": "lang: en-GB\n",
    "index.qmd": "",
    "chapters/one.qmd": "---\ntitle: One\nsubtitle: Short\n---\n",
    "chapters/two.qmd": "---\noutput-file: two-pages\n---\n",
    "chapters/a.ipynb": "{}",
    "refs.qmd": "",
    "refs.bib": "",
    "more.bib": "",
    "house.csl": "",
}


@pytest.fixture
def root(tmp_path):
    for name, text in FILES.items():
        write(tmp_path, name, text)
    return tmp_path


def write(root, name, text):
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


def problems_of(root, **replaced):
    """Problems after replacing text in `_quarto.yml`."""
    text = BOOK
    for old, new in replaced.get("swap", {}).items():
        assert old in text
        text = text.replace(old, new)
    write(root, "_quarto.yml", replaced.get("text", text))
    with pytest.raises(ReportError) as raised:
        read_project(root)
    return [f"{p.place}: {p.message}" for p in raised.value.problems], raised.value.problems


def test_publications_in_order_of_their_group(root):
    """The default profile names the plain project; groups come first, then other profile files."""
    project = read_project(root)
    found = [(p.name, p.is_book, p.output_file, p.file) for p in project.publications]
    assert found == [
        ("review", True, "the-review", "_quarto.yml"),
        ("summary", False, "the-summary", "_quarto-summary.yml"),
        ("developments", False, "two-pages", "_quarto-developments.yml"),
        ("draft", True, "the-review", "_quarto-draft.yml"),
    ]
    assert (project.execute_dir, project.csl) == ("project", "house.csl")
    assert project.bibliography == ("refs.bib", "more.bib")


def test_book_entries(root):
    """The index comes first; parts, references and appendices keep their order and places."""
    entries = read_project(root).publications[0].entries
    assert [(e.role, e.path, e.title, e.place.line) for e in entries] == [
        ("chapter", "index.qmd", "", 12),
        ("chapter", "chapters/one.qmd", "", 11),
        ("part", "", "Themes", 13),
        ("chapter", "chapters/two.qmd", "Two", 15),
        ("chapter", "refs.qmd", "", 16),
        ("appendix", "chapters/a.ipynb", "", 17),
    ]


def test_chapter_is_found_in_either_of_unicode_s_forms(root):
    """File systems keep a name as it was given; it looks the same in the contents."""
    write(root, normalize("NFD", "chapters/café.qmd"), "")
    write(root, "_quarto.yml", BOOK.replace("- index.qmd", "- index.qmd\n    - chapters/café.qmd"))
    paths = [entry.path for entry in read_project(root).publications[0].entries]
    assert normalize("NFD", "chapters/café.qmd") in paths


def test_profile_is_merged_over_the_project(root):
    """Lists are joined, scalars replaced, and a one-page publication takes its front matter."""
    metadata = read_project(root).publications[1].metadata
    assert metadata["format"]["html"] == {"toc": False, "theme": ["one", "two"]}
    assert (metadata["title"], metadata["subtitle"]) == ("One", "Short")
    assert metadata["book"]["title"] == "A Review"
    assert "profile" not in metadata


@pytest.mark.parametrize(
    ("below", "above", "merged"),
    [
        ("{a: {b: 1, c: 2}}", "{a: {c: 3}}", {"a": {"b": 1, "c": 3}}),
        ("{a: x}", "{a: [y, x]}", {"a": ["x", "y"]}),
        ("{a: [x]}", "{a: null}", {"a": ["x"]}),
        ("{a: [x]}", "{a: y}", {"a": ["x", "y"]}),
        ("{a: {b: 1}}", "{a: no}", {"a": "no"}),
        ("{a: [{b: 1}]}", "{a: [{b: 1}, {b: 2}]}", {"a": [{"b": 1}, {"b": 2}]}),
    ],
)
def test_merge(below, above, merged):
    """Metadata merge as Quarto merges them."""
    nodes = [read_yaml(text, located("f.yml"))[0] for text in (below, above)]
    assert merge(*nodes).plain() == merged


def test_scalars_are_read_as_quarto_reads_them():
    """Dates and `yes` stay text; numbers and truth values are read."""
    text = "{a: 2010-03-17, b: yes, c: 012, d: 1e3, e: 'true', f: True, g: ~, h: 1:30}"
    node, problems = read_yaml(text, located("f.yml"))
    assert problems == []
    assert list(node.plain().values()) == ["2010-03-17", "yes", 12, 1e3, "true", True, None, "1:30"]


def test_names_without_profiles(root):
    """Without profiles a book is the `report`; a folder's name never matters."""
    for path in root.glob("_quarto-*.yml"):
        path.unlink()
    swap = BOOK[BOOK.index("profile:") : BOOK.index("book:\n")]
    text = BOOK.replace(swap, "").replace("  output-file: the-review\n", "")
    write(root, "_quarto.yml", text)
    (publication,) = read_project(root).publications
    assert (publication.name, publication.output_file) == ("report", "a-review")
    write(root, "_quarto.yml", "project: {render: [chapters/one.qmd]}\n")
    (publication,) = read_project(root).publications
    assert (publication.name, publication.output_file) == ("document", "one")


def test_find_root(root):
    """The project is found from any folder below, and its absence is a problem."""
    assert find_root(root / "chapters") == root.resolve()
    with pytest.raises(ReportError, match=r"there is no _quarto\.yml here"):
        find_root(root.parent)


def test_select(root):
    """Publications are chosen by name; a mistyped name offers the nearest."""
    project = read_project(root)
    assert [p.name for p in select(project, ["draft", "review"])] == ["review", "draft"]
    assert select(project, []) == project.publications
    with pytest.raises(ReportError) as raised:
        select(project, ["sumary"])
    (problem,) = raised.value.problems
    assert problem.message == "there is no publication 'sumary'"
    assert problem.fix == "did you mean 'summary'?"


@pytest.mark.parametrize(
    ("swap", "head", "fix"),
    [
        ({"type: book": "type: website"}, "2:9: the embedded engine does not", "use"),
        ({"execute-dir: project": "execute-dir: root"}, "3:16: execute-dir 'root'", "write"),
        ({"[review, summary,": "[review, sumary,"}, "6:20: profile 'sumary' has no", "did you"),
        ({"chapters/one.qmd": "chapters/won.qmd"}, "11:7: chapter 'chapters/won.qmd' does", "did"),
        ({"- index.qmd": "- ./chapters/one.qmd"}, "12:7: chapter 'chapters/one.qmd' is listed", ""),
        ({"- index.qmd\n    ": ""}, "10:3: the book has no index.qmd", "list `index.qmd` first"),
        ({"refs.qmd": "../refs.qmd"}, "16:15: chapter '../refs.qmd' lies outside", "write its"),
        ({"refs.qmd": "refs.docx"}, "16:15: 'refs.docx' is not a .qmd", "name one"),
        ({"- index.qmd": "- index.qmd\n    - 7"}, "13:7: a chapter is a file name", "name the"),
        ({"refs.bib": "ref.bib"}, "18:15: bibliography file 'ref.bib' does not", "did you mean"),
        ({"csl: house": "csl: hous"}, "19:6: csl file 'hous.csl' does not", "did you mean 'house"),
        ({"format: {html": "format: {pdf"}, "20:10: the embedded engine does not write", "use `ty"),
        ({"format: {html": "format: {x-html"}, "20:10: format 'x-html' needs the ext", "put it"),
        ({"toc: true": "tok: true"}, "20:17: unknown format option 'tok'", "did you mean 'toc'"),
        ({"csl: house.csl": "isbn: 2"}, "19:1: unknown project file option 'is", "put a value"),
        ({"csl: house.csl": "number-offset: 3"}, "19:1: the embedded engine does not", "delete it"),
        ({"  title: A": "  titel: A"}, "8:3: unknown book option 'titel'", "did you mean 'title"),
        ({"  title": "  page-footer: [a]\n  title"}, "8:16: `book: page-footer` wants", "write"),
        ({"the-review": "out/the-review"}, "9:16: output file 'out/the-review'", "delete"),
        ({"csl: house.csl": "lang: en\nlang: de"}, "20:1: key 'lang' stands twice", "keep one"),
        ({"  title: A": "\ttitle: A"}, "8:1: YAML cannot be read: a tab", "indent with spaces"),
        ({"title: A Review": "title: A: Review"}, "8:11: YAML cannot be read: a colon", "put the"),
        ({"title: A Review": "title: 'A"}, "8:10: YAML cannot be read: a quotation mark", "close"),
    ],
)  # fmt: skip
def test_problems_name_the_line(root, swap, head, fix):
    """Each fault of `_quarto.yml` is reported with its line and how to fix it."""
    heads, problems = problems_of(root, swap=swap)
    told = [(h, p.fix) for h, p in zip(heads, problems, strict=True)]
    assert any(
        h.startswith(f"_quarto.yml:{head}") and m.startswith(fix) for h, m in told
    ), told  # fmt: skip


def test_all_problems_at_once(root):
    """Faults of the project file and of a profile are reported in one run."""
    write(root, "_quarto-summary.yml", "project: {type: default}\nlang: 'en\n")
    heads, _ = problems_of(root, swap={"refs.bib": "ref.bib", "type: book": "type: boook"})
    assert any(head.startswith("_quarto-summary.yml:2:7: YAML cannot be read") for head in heads)
    assert any("'ref.bib' does not exist" in head for head in heads)
    assert any("projects of type 'boook'" in head for head in heads)


def test_one_page_publication_needs_one_document(root):
    """A profile of type default that renders no document or two is a problem."""
    write(root, "_quarto-summary.yml", "project: {type: default}\n")
    heads, _ = problems_of(root)
    message = "a one-page publication renders one document, not 0"
    assert heads == [f"_quarto-summary.yml: {message}"]


def test_harmless_options_pass(root):
    """Options that only Quarto's own pages need are let through, with a warning where readers would
    see or use what they ask for."""
    assert TABLES["book"]["search"] == "ignores"
    assert TABLES["book"]["sidebar"] == "warns"
    write(root, "_quarto.yml", BOOK.replace("  title", "  search: true\n  sidebar: {}\n  title"))
    assert read_project(root).publications[0].name == "review"


@pytest.mark.parametrize(
    ("option", "line"),
    [
        ("comments:\n  hypothesis: true", 1),
        ("lang: de", 1),
        ("code-fold: true", 1),
        ("brand: {logo: a.png}", 1),
        ("license: CC BY", 1),
        ("author: {name: Ann Lee, orcid: 0000-0002-1825-0097}", 1),
        ("affiliations: [Leeds]", 1),
    ],
)
def test_what_an_option_asks_for_and_nobody_does_is_a_warning(root, option, line):
    """Never silence; and nothing where the option is switched off."""
    write(root, "_quarto.yml", f"{option}\n" + BOOK)
    found = [it for it in survey_project(root)[1] if it.severity == "warning"]
    assert [(it.code, it.place.line) for it in found] == [("option-is-supported", line)]
    write(root, "_quarto.yml", "comments: false\nlang: en-GB\n" + BOOK)
    assert survey_project(root)[1] == []


def test_truncated_project_never_crashes(root):
    """A project file cut anywhere is a project or problems, never another error."""
    for cut in range(0, len(BOOK), 3):
        write(root, "_quarto.yml", BOOK[:cut])
        try:
            read_project(root)
        except ReportError as error:
            assert all(problem.place.file.startswith("_quarto") for problem in error.problems)


def test_what_a_chapter_s_front_matter_says_and_nobody_prints(tmp_path):
    """Quarto prints it above the chapter; its words would be lost."""
    write(tmp_path, "_quarto.yml", "project:\n  type: book\nbook:\n  chapters: [index.qmd]\n")
    write(
        tmp_path,
        "index.qmd",
        "---\ntitle: A\nsubtitle: B\nabstract: |\n  C\ndoi: D\n---\n\nText.\n",
    )
    _, problems = read_report(tmp_path)
    told = [(str(it.place), it.severity) for it in problems if it.code == "option-is-supported"]
    assert told == [("index.qmd:3", "error"), ("index.qmd:4", "error"), ("index.qmd:6", "warning")]
