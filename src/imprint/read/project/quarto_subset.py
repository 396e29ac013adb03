"""Which Quarto options the embedded engine keeps: option -> supports, ignores (harmless), warns
(only look or interaction is lost) or stops.

An option that neither this engine nor Quarto knows breaks a rule of its own, `option-is-known`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Literal

from imprint.core.problems import Problem, Severity, nearest
from imprint.read.node import Node
from imprint.read.project.option_values import OPTIONS, form_problems, value_problems
from imprint.read.project.settings import OWN_VALUE, settings_problems

Support = Literal["supports", "ignores", "warns", "stops"]
Level = Literal[
    "project file", "front matter", "project", "book", "format", "execute", "crossref",
    "crossref custom",
]  # fmt: skip


def names_of(listed: str) -> Iterator[str]:
    """The names of a list in OPTIONS, with those of the lists to which it refers."""
    for name in listed.split():
        yield from names_of(OPTIONS["lists"][name[1:]]) if name[0] == "@" else (name,)


TABLES: Mapping[Level, Mapping[str, Support]] = {
    level: {name: support for support, names in lists.items() for name in names_of(names)}
    for level, lists in OPTIONS["support"].items()
}
"""By level and option: what the engine does with it."""

LANGUAGES = ("cy", "de", "en", "es", "fr", "it", "nl", "pt")
"""Those of which the engine knows the words that it adds (`compose/words/languages/`)."""

_INSTEAD: Mapping[str, str] = OPTIONS["instead"]
_OF_AUTHORS = frozenset(names_of("@of-authors"))


def level_problems(node: Node | None, level: Level) -> Iterator[Problem]:
    """Problems for each option of one map that the embedded engine does not keep."""
    if node is not None and isinstance(node.value, Mapping):
        yield from _unknown(node, level)


def metadata_problems(node: Node, level: Level, extensions: Collection[str]) -> Iterator[Problem]:
    """Problems for a project file's or a front matter's options, those within maps included.

    `extensions` are the names of those that are installed.
    """
    yield from level_problems(node, level)
    yield from level_problems(node.at("execute"), "execute")
    yield from level_problems(node.at("crossref"), "crossref")
    for item in node.items_at("crossref", "custom"):
        yield from _unknown(item, "crossref custom")
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
            yield from _unknown(options, "format")
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
            is_other = written and base in names_of("@format-name")
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
        for author in node.items_at(*path):
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


def _unknown(node: Node, level: Level) -> Iterator[Problem]:
    table = TABLES[level]
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
