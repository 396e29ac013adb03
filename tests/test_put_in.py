"""Filters of a document, and what it puts in before and after its text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plain_documents import plain_document
from test_plain_documents import spoken

UPPER = "function Str(el) return pandoc.Str(pandoc.text.upper(el.text)) end\n"


def front(options: str) -> str:
    return f"---\n{options}---\n\nSome words.\n"


def test_filter_holds_in_both_formats(tmp_path: Path) -> None:
    """One that defines functions, one that returns a list, one of an extension, in this order."""
    files = {
        "a.lua": UPPER,
        "more/b.lua": "return {{ Str = function(el) return pandoc.Str('<' .. el.text) end }}",
        "_extensions/acme/mark/_extension.yml": "contributes: {filters: [mark.lua]}",
        "_extensions/acme/mark/mark.lua": "function Para(el) el.content:insert(pandoc.Str('!'))"
        " return el end",
    }
    text = front(
        "filters:\n  - a.lua\n  - quarto\n  - path: more/b.lua\n    at: pre-quarto\n  - mark\n"
    )
    made = plain_document(tmp_path, text, files)
    assert made.told == []
    assert spoken(made.html) == "&lt;SOME &lt;WORDS.!"
    assert r"\<SOME \<WORDS.!" in made.typst


def test_filter_sees_its_format_and_metadata(tmp_path: Path) -> None:
    """What is alike stands once; the rest for its format alone, with Quarto's own questions."""
    filter = """
    local topic
    function Meta(meta) topic = pandoc.utils.stringify(meta.topic) end
    function Pandoc(doc)
      local name = quarto.doc.is_format("html") and "a page" or "print"
      if quarto.format.is_typst_output() or quarto.doc.is_filter_active("b") then name = "print" end
      topic = quarto.metadata.get("topic") .. (quarto.variables.get("no") or "")
      doc.blocks:insert(pandoc.Para(topic .. " in " .. name .. " as " .. FORMAT))
      return doc
    end
    """
    text = front("topic: Trains\nfilters: [a.lua]\n")
    made = plain_document(tmp_path, text + "\n## Alike\n", {"a.lua": filter})
    assert made.html.count("Some words.") == 1 and made.html.count("Alike") == 1
    assert "Trains in a page as html" in made.html and "as typst" not in made.html
    assert "Trains in print as typst" in made.typst and "as html" not in made.typst


def test_filter_of_one_format_leaves_the_other(tmp_path: Path) -> None:
    text = front("format: {html: {filters: [a.lua]}, typst: default}\n")
    made = plain_document(tmp_path, text, {"a.lua": UPPER})
    assert "SOME WORDS" in made.html and "Some words" in made.typst


@pytest.mark.parametrize(
    ("options", "files", "said"),
    [
        ("filters: [a.lua]\n", {"b.lua": ""}, "index.qmd:2: filter 'a.lua' does not exist"),
        ("filters: [a.py]\n", {"a.py": ""}, "qmd:2: .*only Lua filters, and 'a.py' is not one"),
        ("filters: [mark]\n", {}, "index.qmd:2: .*only Lua filters, and 'mark' is not one"),
        (
            "filters: [a.lua]\n",
            {"a.lua": "function Str(el) return quarto.doc.page_width() end"},
            "index.qmd:2: the filter 'a.lua' fails: it calls quarto.doc.page_width, which Quarto",
        ),
        ("filters: [a.lua]\n", {"a.lua": "function Str(\n"}, "qmd:2: .*'a.lua' fails: .*expected"),
        ("include-before-body: a.tex\n", {"a.tex": "x"}, "index.qmd:2: .*HTML or Typst"),
        ("include-after-body: a.html\n", {}, "index.qmd:2: file 'a.html' does not exist"),
        ("filters: [null]\n", {}, "index.qmd:2: .*wants the name of a Lua file .*, not nothing"),
        ("filters: {a: b}\n", {}, "index.qmd:2: .*wants a list of filters, not `key: value` pairs"),
        ("include-after-body: [3]\n", {}, "index.qmd:2: .*wants the name of a file, or a map"),
        ("shift-heading-level-by: yes\n", {}, "index.qmd:2: .*wants a number"),
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_told(
    tmp_path: Path, options: str, files: dict[str, str], said: str
) -> None:
    """At its line, and nothing is rendered."""
    made = plain_document(tmp_path, front(options), files)
    assert made.html == ""
    assert any(re.search(said, it) for it in made.told), made.told


def test_text_stands_before_and_after(tmp_path: Path) -> None:
    """HTML on the page and Typst in print, from a file or as written."""
    options = """\
format:
  html:
    include-before-body: before.html
    include-after-body: {text: "<p>Last on the page.</p>"}
  typst:
    include-before-body: [{file: before.typ}]
include-after-body: {text: "#align(center)[Last in both?]"}
"""
    files = {"before.html": "<p>First on the page.</p>\n", "before.typ": "First in print.\n"}
    made = plain_document(tmp_path, front(options), files)
    assert spoken(made.html) == "First on the page. Some words. Last on the page."
    print_order = [made.typst.index(it) for it in ("First in print.", "Some words", "Last in both")]
    assert print_order == sorted(print_order) and "on the page" not in made.typst


def test_headings_move(tmp_path: Path) -> None:
    """By the levels asked for; above the first they are paragraphs."""
    text = "---\nshift-heading-level-by: -1\n---\n\n# Gone\n\n## One\n\n### Two\n"
    made = plain_document(tmp_path, text)
    assert "<p>" in made.html and "Gone</p>" in made.html
    assert re.findall(r"<h(\d)[^>]*>", made.html) == ["2", "3"] or "<h1" not in made.html
