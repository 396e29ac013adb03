"""Which Quarto options the embedded engine keeps: option -> supports, ignores (harmless), warns
(only look or interaction is lost) or stops.

An option that neither this engine nor Quarto knows breaks a rule of its own, `option-is-known`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Literal

from imprint.core.problems import Problem, Severity, nearest
from imprint.read.node import Node
from imprint.read.project.option_values import form_problems, value_problems
from imprint.read.project.settings import OWN_VALUE, settings_problems

Support = Literal["supports", "ignores", "warns", "stops"]
Level = Literal["project file", "front matter", "project", "book", "format", "execute", "crossref"]


def _table(
    supports: str, ignores: str = "", stops: str = "", warns: str = ""
) -> dict[str, Support]:
    table: dict[str, Support] = dict.fromkeys(warns.split(), "warns")
    table.update(dict.fromkeys(stops.split(), "stops"))
    table.update(dict.fromkeys(ignores.split(), "ignores"))
    table.update(dict.fromkeys(supports.split(), "supports"))
    return table


def quarto_names() -> dict[str, str]:
    """The options that Quarto's schema knows, by where they stand, each list in one line."""
    text = Path(__file__).with_name("quarto_names.txt").read_text(encoding="utf-8")
    sections = re.split(r"^\[(.+)\]$", text, flags=re.MULTILINE)[1:]
    pairs = zip(sections[::2], sections[1::2], strict=True)
    return {name: " ".join(names.split()) + " " for name, names in pairs}


# What a document may say of itself, in front matter, `_quarto.yml` or a profile.
_ABOUT = """
    title subtitle author authors date date-format abstract description keywords lang imprint
    format execute crossref bibliography csl citeproc nocite link-citations link-bibliography
    suppress-bibliography reference-section-title toc toc-depth number-sections number-depth
    output-file section-numbering pdf-standard fig-cap-location tbl-cap-location params
    lst-cap-location toc-title language filters include-before-body include-after-body
    shift-heading-level-by brand references
"""
# What only the title block of the document prints whose front matter says it.
_PRINTED_ABOVE = "doi license copyright affiliations abstract-title about"
_OF_AUTHORS = {"affiliation", "affiliations", "email", "orcid", "roles", "url"}
_HARMLESS = """
    editor jupyter kernelspec date-modified code-copy code-overflow fig-format fig-dpi fig-align
    embed-resources self-contained anchor-sections smooth-scroll citations-hover footnotes-hover
    crossrefs-hover html-math-method search open-graph twitter-card image image-alt order theme
    engine keep-md keep-ipynb keep-typ validate-yaml quarto-required self-contained-math debug cache
    keep-hidden keep-source keep-tex minimal standalone number-tables prefer-html cite-method wrap
    output-ext output-divs fig-responsive fragment-in-url plotly-connected resource-path resources
    pagetitle ipynb-output ipynb-shell-interactivity section-divs output
"""
# Without these, words, numbers or their order would be lost or be others.
_STOPS = """
    knitr server shiny dashboard listing language
    include-before include-after from reader ipynb-filters
    number-offset toc-title number-within
"""
_FORMAT = """
    toc toc-depth number-sections number-depth citeproc csl bibliography pdf-standard
    section-numbering link-citations link-bibliography output-file title subtitle lang
    fig-cap-location tbl-cap-location execute date-format toc-title filters include-before-body
    include-after-body
"""

# All others that Quarto's schema knows are a warning: readers would see or use them, and no words
# are lost.
_KNOWN = quarto_names()
# Cells' options stand for all cells there, too.
_DOCUMENT = _KNOWN["document"] + _KNOWN["cell"]

TABLES: Mapping[Level, Mapping[str, Support]] = {
    "project file": _table(
        _ABOUT + " project book profile",
        _HARMLESS,
        _STOPS + " metadata-files metadata-file",
        _DOCUMENT + _PRINTED_ABOVE + " manuscript",
    ),
    "front matter": _table(
        _ABOUT + _PRINTED_ABOVE + " metadata-files metadata-file",
        _HARMLESS,
        _STOPS + " project book profile",
        _DOCUMENT,
    ),
    "project": _table(
        "type title output-dir execute-dir render brand",
        "preview lib-dir pre-render post-render detect",
        "",
        _KNOWN["project"],
    ),
    "book": _table(
        """title subtitle author date date-format abstract description chapters appendices
        references output-file site-url page-footer""",
        """page-navigation bread-crumbs search favicon site-path repo-subdir repo-branch
        repo-link-target repo-link-rel open-graph twitter-card image image-alt
        back-to-top-navigation""",
        "body-header body-footer margin-header margin-footer announcement contents",
        _KNOWN["website"]
        + "sidebar navbar doi downloads sharing tools cover-image cover-image-alt",
    ),
    "format": _table(_FORMAT, _HARMLESS, _STOPS, _DOCUMENT),
    "execute": _table(
        "echo eval output error warning include fig-width fig-height",
        "freeze daemon daemon-restart debug enabled keep-md keep-ipynb cache",
        "ipynb-filters",
        _DOCUMENT,
    ),
    "crossref": _table(
        """custom fig-title tbl-title lst-title fig-prefix tbl-prefix lst-prefix sec-prefix
        eq-prefix thm-title lem-title cor-title prp-title cnj-title def-title exm-title exr-title
        thm-prefix lem-prefix cor-prefix prp-prefix cnj-prefix def-prefix exm-prefix
        exr-prefix""",
        "lof-title lot-title chapters ref-hyperlink",
        """labels subref-labels fig-labels tbl-labels lst-labels eq-labels sec-labels thm-labels
        lem-labels cor-labels prp-labels cnj-labels def-labels exm-labels exr-labels""",
        _KNOWN["crossref"],
    ),
}

LANGUAGES = ("cy", "de", "en", "es", "fr", "it", "nl", "pt")
"""Those of which the engine knows the words that it adds (`compose/words/languages/`)."""

_CUSTOM_FLOAT = _table(
    "kind key reference-prefix caption-prefix caption-location",
    "latex-env latex-list-of-file-extension latex-list-of-description",
    "space-before-numbering",
)

_INSTEAD: Mapping[str, str] = {
    "pdf": "use `typst`, which makes the PDF without LaTeX",
    "knitr": "delete it: chapters run in Jupyter",
    "css": "put the style into the extension's `assets/`",
    "template-partials": "name it in the extension's `_extension.yml`",
    "page-footer": "put the text into the extension's page template",
}


def level_problems(node: Node | None, level: Level) -> Iterator[Problem]:
    """Problems for each option of one map that the embedded engine does not keep."""
    if node is not None and isinstance(node.value, Mapping):
        yield from _unknown(node, TABLES[level], level)


def metadata_problems(node: Node, level: Level, extensions: Collection[str]) -> Iterator[Problem]:
    """Problems for a project file's or a front matter's options, those within maps included.

    `extensions` are the names of those that are installed.
    """
    yield from level_problems(node, level)
    yield from level_problems(node.at("execute"), "execute")
    yield from level_problems(node.at("crossref"), "crossref")
    custom = node.at("crossref", "custom")
    for item in custom.items if custom else ():
        yield from _unknown(item, _CUSTOM_FLOAT, "crossref custom")
        if item.text("kind") != "float" or not item.text("key"):
            message = "a custom cross-reference needs `kind: float` and a `key`"
            yield Problem(item.place, "option-is-supported", message, "give both")
    engine = node.at("engine")
    if engine is not None and engine.text() not in ("jupyter", "markdown"):
        message = f"the embedded engine runs no code of the engine '{engine.text()}'"
        yield Problem(engine.place, "option-is-supported", message, _INSTEAD["knitr"], "warning")
    if level == "project file":
        yield from _author_problems(node)
    yield from value_problems(node)
    yield from settings_problems(node)
    yield from _language_problems(node)
    formats = node.at("format")
    if formats is None:
        return
    names = formats.map or {item.text(): item for item in formats.items}
    yield from _format_problems(names, extensions)
    for options in names.values():
        if isinstance(options.value, Mapping):
            yield from _unknown(options, TABLES["format"], "format")
            yield from level_problems(options.at("execute"), "execute")


def base_format(name: str) -> str:
    """What a format is based on: `typst` for `imprint-typst`, `html` for `html+smart`."""
    return name.partition("+")[0].rpartition("-")[2]


def _format_problems(names: Mapping[str, Node], extensions: Collection[str]) -> Iterator[Problem]:
    """Formats that are not written; a warning where another of the same document is."""
    written = any(base_format(name) in ("html", "typst") for name in names)
    for name, options in names.items():
        place = options.key
        base, extension = base_format(name), name.rpartition("-")[0]
        if base not in ("html", "typst"):
            fix = _INSTEAD.get(name, nearest(name, ("html", "typst")) or "use html or typst")
            message = f"the embedded engine does not write the format '{name}'"
            is_other = written and base in _KNOWN["format name"].split()
            severity: Severity = "warning" if is_other else "error"
            yield Problem(place, "format-is-supported", message, fix, severity)
        elif extension and "+" not in name and extension not in extensions:
            message = f"format '{name}' needs the extension '{extension}', which is not installed"
            fix = nearest(extension, extensions) or "put it into `_extensions/`"
            yield Problem(place, "format-is-supported", message, fix)


def sound(node: Node) -> Node:
    """The values without those whose form is wrong."""
    problems = [*form_problems(node), *settings_problems(node)]
    wrong = {found.place for found in problems if found.code == "option-has-its-form"}
    return node.without(wrong) if wrong else node


def _author_problems(node: Node) -> Iterator[Problem]:
    """Problems with what a project file says of authors beside their names."""
    for path in (("author",), ("authors",), ("book", "author")):
        given = node.at(*path)
        for author in given.items if given else ():
            for name in [it for it in author.map if it in _OF_AUTHORS]:
                message = f"only a document's own front matter prints an author's `{name}`"
                fix = "write it into the text, or take it out"
                place = author.map[name].key
                yield Problem(place, "option-is-supported", message, fix, "warning")


def _language_problems(node: Node) -> Iterator[Problem]:
    language = node.at("lang")
    code = language.text().lower().split("-")[0] if language is not None else "en"
    if language is not None and code != "en":
        added = "buttons and menus" if code in LANGUAGES else "what the engine adds, 'Figure' too,"
        message = f"{added} of a text in '{language.text()}' are English"
        fix = "give words of your own under `language:`, as in `crossref-fig-title: Abbildung`"
        yield Problem(language.place, "option-is-supported", message, fix, "warning")
    words = node.at("language")
    if words is not None and not isinstance(words.value, Mapping):
        message = "the embedded engine takes words under `language:`, no file of them"
        fix = "write them there, as in `crossref-fig-title: Abbildung`"
        yield Problem(words.place, "option-is-supported", message, fix)


def _unknown(node: Node, table: Mapping[str, Support], level: str) -> Iterator[Problem]:
    known = [name for name, support in table.items() if support in ("supports", "ignores")]
    for name, value in node.map.items():
        support = table.get(name)
        if support in ("supports", "ignores") or name.startswith("_"):
            continue
        if support:
            if support == "warns" and value.value in (False, None):
                continue
            message = f"the embedded engine does not keep the {level} option '{name}'"
            severity: Severity = "warning" if support == "warns" else "error"
            fix = _INSTEAD.get(name, "delete it, or render with Quarto itself")
            yield Problem(value.key, "option-is-supported", message, fix, severity)
            continue
        own = level in ("project file", "front matter")
        other = f"put {OWN_VALUE}" if own else "delete it"
        near = nearest(name, known)
        fix = f"{near} or else {other}" if near and own else near or other
        yield Problem(value.key, "option-is-known", f"unknown {level} option '{name}'", fix)
