"""Nothing in data, works, metadata, captions or alternative texts comes alive, in page or PDF."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from markupsafe import escape as escape_html

import thorough
from checks.small_reports import PROJECT, WORKS, small_report, told
from composing import examined
from imprint import check as checks
from imprint.check.rules.structure.addresses import check_addresses
from imprint.compose.pandoc import LUA
from imprint.core.escaping import attribute, escape, escape_opening, is_safe_address, locator
from imprint.core.model import Cell
from imprint.core.problems import Place
from imprint.read.pandoc import pandoc_command
from imprint.run.chapter_script import show_inline
from imprint.run.display import show_cell
from imprint.write.site.policy import POLICY
from payloads import PAYLOADS, hostile
from reports import ReportFolder, copy_report

ADDRESSES = {
    "https://example.org/a:b": True,
    "HTTP://example.org": True,
    "mailto:a@b.org": True,
    "tel:+44": True,
    "doi:10.1000/1": True,
    "chapters/a.qmd#b": True,
    "#sec-a": True,
    "//example.org/x:y": True,
    "?a=b:c": True,
    "javascript:alert(1)": False,
    "JaVaScRiPt:alert(1)": False,
    "java\tscript:alert(1)": False,
    "\x01javascript:alert(1)": False,
    "java&#10;script:alert(1)": False,
    "javascript&colon;alert(1)": False,
    "&#x6A;avascript:alert(1)": False,
    "java\u200bscript:alert(1)": False,
    "data:text/html,<script>": False,
    "vbscript:x": False,
    "file:///etc/passwd": False,
    "java%20script:alert(1)": False,
}


@pytest.mark.parametrize(("address", "safe"), ADDRESSES.items())
def test_addresses_of_links_are_of_a_page(address: str, safe: bool) -> None:
    """Schemes are read as a browser reads them: without case, blanks, control characters."""
    assert is_safe_address(address) is safe


def test_pictures_may_stand_in_their_address() -> None:
    """An image may carry its content; a link may not."""
    assert is_safe_address("data:image/png;base64,AA", is_image=True)
    assert not is_safe_address("data:image/png;base64,AA")
    assert not is_safe_address("data:text/html,x", is_image=True)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("1. April", r"1\. April"),
        ("(a) first", r"(a\) first"),
        ("- item", r"\- item"),
        (": term", r"\: term"),
        ("-5", "-5"),
        ("3.14", "3.14"),
        ("12.5 per cent", "12.5 per cent"),
    ],
)
def test_values_begin_no_block(text: str, printed: str) -> None:
    """What a value begins with makes no list of the paragraph that it opens."""
    assert escape_opening(text) == printed


def test_locators_end_no_citation() -> None:
    """A locator stays within its citation, whatever it holds."""
    assert locator("p. 4]; @key") == r"p. 4\]&#59; \@key"


@pytest.mark.parametrize("value", [["<img src=x>"], {"*a*": "[b](c)"}])
def test_inline_results_are_text(value: object) -> None:
    """The repr of a value is printed as it reads, not as Markdown."""
    assert show_inline({"text/plain": repr(value)}) == escape(repr(value))


def test_inline_results_with_odd_quotation_marks_are_text() -> None:
    """A repr that only looks like a string's is no error."""
    assert show_inline({"text/plain": "'a', <b>'"}) == r"'a', \<b\>'"


def test_options_are_attributes() -> None:
    """An alternative text with quotation marks, backslashes and entities stays one."""
    alt = 'A "b" \\ &lt; } {#x'
    cell = Cell("1", {"fig-alt": alt, "label": "fig-a", "echo": False}, Place("a.qmd", 1), 1, 1, {})
    output = {"output_type": "display_data", "data": {"image/png": "AA=="}}
    shown = "\n".join(show_cell("a.qmd", cell, [output]).lines)
    assert f'fig-alt="{attribute(alt)}"' in shown


# --- in text, metadata and works ---------------------------------------------------------------

WRITTEN = {
    "[a](javascript:x) and [b](<data:text/html,y>)": ["1:5", "1:28"],
    "<javascript:alert(1)>": ["1:2"],
    "[a]\n\n[a]: vbscript:x": ["3:6"],
    "<a href='java&#10;script:x'>b</a>": ["1:29"],
    "![a](data:image/png;base64,AA==){fig-alt='a'} [a](https://x.org) <https://x.org>": [],
    r"\[a\](javascript:x) \<javascript:x\> \<a href='javascript:x'\>": [],
    "![a](/x.svg){fig-alt=\"&lt;a href='vbscript:x'>\"}": [],
    "`[a](javascript:x)` and [a](javascript.qmd), 10:30, <b>, [^1]\n\n[^1]: Note: this": [],
}


@pytest.mark.parametrize(("text", "places"), WRITTEN.items())
def test_addresses_in_text_are_reported(tmp_path: Path, text: str, places: list[str]) -> None:
    """Each with its line and column; of what is not written so, its words'."""
    report = small_report(tmp_path, f"# T\n\n{text}")
    found = [it for it in examined(report).problems if it.code == "address-is-safe"]
    assert [(str(it.place), it.code) for it in found] == [
        (f"text.qmd:{int(place[0]) + 2}{place[1:]}", "address-is-safe") for place in places
    ]


def test_addresses_in_works_and_metadata_are_reported(tmp_path: Path) -> None:
    """In any field of a work, in front matter, in the project's settings."""

    work = (
        "@misc{a_2010, author = {A}, title = {T}, year = {2010},\n"
        "  note = {\\url{java\tscript:x} and \\href{DATA:text/html,y}{z} and \\url{https://x.org}}}\n"
    )
    sources = small_report(
        tmp_path,
        "---\nsubtitle: '[a](javascript:x)'\n---\n\nText.",
        works=work + WORKS,
        files={"_quarto.yml": PROJECT + "imprint:\n  note: <javascript:x>\n"},
    )
    assert told(check_addresses, sources) == [
        "_quarto.yml:9:10 address-is-safe",
        "2:16 address-is-safe",
        "works.bib:2:16 address-is-safe",
        "works.bib:2:41 address-is-safe",
    ]


# --- in what is made ---------------------------------------------------------------------------

PDF = "review/small-report.pdf"


def _elements(html: str) -> Iterator[Any]:
    return html5lib.parse(html, namespaceHTMLElements=False).iter()


def _alive(html: str) -> list[str]:
    """What in a page would run or lead where no link may."""
    found = []
    for element in _elements(html):
        is_data = element.get("type") in ("application/json", "application/ld+json")
        if element.tag == "script" and not is_data and not element.get("src", "").endswith(".js"):
            found.append(f"script {element.text}")
        if element.tag == "img" and element.get("src") == "x":
            found.append("img x")
        for name, value in element.attrib.items():
            leads = name in ("href", "src", "action") and element.get("rel") != "icon"
            if name.lower().startswith("on") or (leads and not is_safe_address(value)):
                found.append(f"{element.tag} {name}={value}")
    return found


def _without(monkeypatch: pytest.MonkeyPatch, check: checks.Check) -> None:
    left = tuple(other for other in checks.CHECKS if other is not check)
    monkeypatch.setattr(checks, "CHECKS", left)


def _assert_nothing_lives(made: ReportFolder) -> None:
    for page in sorted((made.folder / "_output/review").rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        assert _alive(text) == [], page.name
        assert f'content="{escape_html(POLICY)}"' in text, page.name
    reader = made.pdf(PDF)
    assert {"/OpenAction", "/AA", "/AcroForm"} & set(reader.root_object) == set()
    assert set(reader.root_object.get("/Names", {})) <= {"/Dests"}
    actions = [
        note.get_object()["/A"]
        for page in reader.pages
        for note in page.get("/Annots") or ()
        if "/A" in note.get_object()
    ]
    addresses = [str(action.get_object().get("/URI", "")) for action in actions]
    assert [address for address in addresses if not is_safe_address(address)] == []


def _plain(text: str) -> str:
    """Without what printing may change of it: quotation marks, dashes, dots, spaces; and
    of what Python shows: backslashes."""
    return re.sub(r"[\s\\`‘’“”'\"\u00ad\u2010-\u2014.…-]", "", text)


TURNS = {f"turn {number}": number for number in range(len(PAYLOADS))}


@pytest.mark.slow
@pytest.mark.parametrize("turn", thorough.cases(TURNS, ("turn 0",)))
def test_payloads_stay_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turn: int) -> None:
    """In every column, field of a work, value of the metadata, caption, alternative text, name and
    comment, twenty payloads neither live nor are lost, in pages, PDF and index."""
    made = hostile(tmp_path / "report", turn)
    monkeypatch.setattr(checks, "CHECKS", ())
    made.render("review", "--draft")
    _assert_nothing_lives(made)
    said = _plain(made.words("review/chapters/harm.html"))
    index = _indexed(made.folder / "_output")
    printed = _plain(" ".join(page.extract_text() for page in made.pdf(PDF).pages))
    listed = _plain(made.words("review/chapters/references.html"))
    for payload in map(_plain, PAYLOADS):
        # in the list that inline code prints, in the table twice (locator, words), in a table that
        # came as HTML, in what a cell prints, and in a caption
        assert said.count(payload) >= 6, payload
        assert printed.count(payload) >= 4, payload
        assert payload in index, payload
        assert payload in listed, payload
    alts = {element.get("alt") for element in _elements(made.page("review/chapters/harm.html"))}
    assert set(PAYLOADS) <= alts


def _indexed(output: Path) -> str:
    """All the text that searching can show."""
    texts = []
    for path in sorted(output.rglob("search-index.js")):
        content = path.read_text(encoding="utf-8")
        index = json.loads(content[content.index("{") : content.rindex("}") + 1])
        texts += [str(text) for entry in index["entries"] for text in entry]
    return _plain(" ".join(texts))


HARMFUL_NOTE = r"note = {\url{java SCRIPT:alert(1)} and \href{data:x,y}{click}}, title = {"


@pytest.mark.slow
def test_addresses_of_works_are_reported_and_never_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The render stops and tells where; without that check the list of works has no such link."""
    made = copy_report("minimal", tmp_path / "report")
    works = (made.folder / "references.bib").read_text(encoding="utf-8")
    note = HARMFUL_NOTE.replace(" SCRIPT", "\tscript")
    made.write("references.bib", works.replace("title = {", note, 1))
    outcome = made.run("render", "review", "--engine", "embedded", "--draft")
    assert outcome.code == 1
    assert "references.bib:3:16: a link may not lead to" in outcome.problems
    _without(monkeypatch, check_addresses)
    made.render("review", "--draft")
    _assert_nothing_lives(made)
    assert "click" in made.words("review/chapters/references.html")


def test_addresses_that_code_prints_are_reported() -> None:
    """Addresses in HTML that came out of code, and scripts too; what is told is no link."""
    text = (
        "[a](java&#10;script:x) [b](https://x.org) <a href='javascript&colon;y'>c</a>"
        " ![d](data:text/html,x) [e]{onclick='f()'}"
    )
    script = (
        f'package.path = {json.dumps(str(LUA))} .. "/?.lua;" .. package.path\n'
        f"local text = {json.dumps(text)}\n"
        'local blocks = pandoc.read(text, "markdown").blocks\n'
        "local function told(code, needle) print(code, needle) end\n"
        "blocks = require('guard').look(blocks, text, told)\n"
        'print(pandoc.write(pandoc.Pandoc(blocks:walk(require("shared").SAFE)), "html"))'
    )
    made = subprocess.run(
        [*pandoc_command(), "lua", "-"], input=script, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    said = made.stdout.splitlines()
    assert said[:2] == [
        "address-is-safe\t<a href='javascript&colon;y'>",
        "attribute-runs-nothing\tonclick",
    ]
    assert "onclick" not in " ".join(said[2:])
    assert " ".join(said[2:]).count("href=") == 2
