"""`imprint:` of `_quarto.yml` and its profiles -> Settings, or problems with file, line and column.

The schema says what there is; it stands in the extension, of which every report has a copy, so that
editors read it too. The few words of JSON Schema that it uses are read here, in words for authors
and without the half second that loading a validator takes; tests hold the two in agreement.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from imprint.core.problems import Problem, nearest
from imprint.core.root import PROJECT_FILE
from imprint.core.settings import RuleLevel, Settings, Style, Tables, Themes, Words
from imprint.core.units import Unit, unit_of
from imprint.read.packaged import own_extension
from imprint.read.project.colours import colour_problems
from imprint.read.project.units import unit_problems
from imprint.read.project.yaml_source import Node, read_yaml_file

SCHEMA = own_extension() / "imprint.schema.json"
OWN_KEY = "imprint"
"""The top-level map that holds the settings."""
OWN_VALUE = f"a value of your own under `{OWN_KEY}: values:`"

Schema = Mapping[str, Any]

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (Mapping,),
    "array": (tuple,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_WORDS = {
    "object": "`key: value` lines",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}


@lru_cache(maxsize=1)
def schema() -> Schema:
    """The schema of the map `imprint:`."""
    found: Schema = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"][OWN_KEY]
    return found


def read_settings(root: Path) -> Settings:
    """The settings of a project's `_quarto.yml`; defaults stand for what cannot be read."""
    node, _ = read_yaml_file(root / PROJECT_FILE, PROJECT_FILE)
    return settings_of(node)


def settings_of(node: Node) -> Settings:
    """The settings of a project file, or of a profile merged over it; what is wrong is left out."""
    own = node.at(OWN_KEY)
    if own is None or not own.map:
        return Settings(style=_style(node))
    found = {
        name: value.plain()
        for name, value in own.map.items()
        if name in schema()["properties"]
        and not any(_value_problems(value, schema()["properties"][name], name))
    }
    findings = found.get("findings", {})
    defaults = Settings()
    rules = own.at("rules") if "rules" in found else None
    return Settings(
        style=_style(node),
        original=found.get("original", ""),
        organisations=frozenset(found.get("organisations", ())),
        units=_units(own.at("units")),
        themes=Themes(**found.get("themes", {})),
        tables=Tables(**found.get("tables", {})),
        words=Words(**{name: tuple(words) for name, words in found.get("words", {}).items()}),
        quotes_slips=frozenset(found.get("quotes-slips", ())),
        summary=found.get("summary", defaults.summary),
        findings_folder=findings.get("folder", defaults.findings_folder).strip("/"),
        findings_heading=findings.get("heading", defaults.findings_heading),
        figure_key=found.get("figure-key", {}),
        rules={
            code: RuleLevel(rule.plain()["level"], rule.text("reason"), rule.key)
            for code, rule in (rules.map.items() if rules else ())
        },
    )


def _units(node: Node | None) -> dict[str, Unit]:
    """The declared units; one that is declared wrongly is known, and prints numbers alone, so that
    rows in it are not reported to be wrong too."""
    wanted = schema()["properties"]["units"]["additionalProperties"]
    return {
        name: Unit()
        if any(_value_problems(declared, wanted, name)) or any(unit_problems(name, declared))
        else unit_of(declared.plain())
        for name, declared in (node.map if node else {}).items()
    }


def _style(node: Node) -> Style:
    lang = node.text("lang")
    match node.text(OWN_KEY, "style"):
        case "british" | "american" | "none" as style:
            return style
        case _ if lang == "en-US":
            return "american"
        case _:
            return "british" if lang == "en-GB" else "none"


def settings_problems(node: Node) -> Iterator[Problem]:
    """What is wrong with `imprint:` in a project file or front matter: an unknown setting
    (`option-is-supported`), a value of another form (`option-has-its-form`)."""
    own = node.at(OWN_KEY)
    if own is None:
        return
    wrong = list(_value_problems(own, schema(), OWN_KEY))
    yield from wrong
    units = own.at("units")
    for name, declared in units.map.items() if units and not wrong else ():
        yield from unit_problems(name, declared)
    if not wrong:
        yield from colour_problems(own.at("colours"))
    for name, value in own.map.items():
        whole = schema()["properties"].get(name, {}).get("project")
        if whole and value.key.file != PROJECT_FILE:
            message = f"`{OWN_KEY}: {name}:` holds for all publications"
            fix = f"move it to {PROJECT_FILE}"
            yield Problem(value.key, "option-is-supported", message, fix)


def _value_problems(node: Node, wanted: Schema, name: str) -> Iterator[Problem]:
    """Problems of one value and all within it."""
    types = wanted.get("type", tuple(_TYPES))
    types = [types] if isinstance(types, str) else types
    if not any(_is(node.value, kind) for kind in types):
        yield _form_problem(
            node, name, " or ".join(_WORDS[kind] for kind in types if kind in _WORDS)
        )
        return
    if "enum" in wanted and node.value not in wanted["enum"]:
        near = nearest(node.text(), wanted["enum"])
        yield _form_problem(node, name, " or ".join(f"`{value}`" for value in wanted["enum"]), near)
    if isinstance(node.value, int | float):
        yield from _out_of_bounds(node, wanted, name)
    if isinstance(node.value, str) and not re.search(wanted.get("pattern", ""), node.value):
        yield _form_problem(node, name, wanted.get("form", "words"))
    for item in node.value if isinstance(node.value, tuple) else ():
        yield from _value_problems(item, wanted.get("items", {}), name)
    if isinstance(node.value, Mapping):
        yield from _entry_problems(node, wanted, name)


def _entry_problems(node: Node, wanted: Schema, name: str) -> Iterator[Problem]:
    known = wanted.get("properties", {})
    others = wanted.get("additionalProperties", {})
    for key, value in node.map.items():
        inner = key if name == OWN_KEY else f"{name}: {key}"
        if key in known or others is not False:
            yield from _value_problems(value, known.get(key, others), inner)
            continue
        message = f"there is no setting `{key}` under `{name}:`"
        near = nearest(key, known)
        if name == OWN_KEY:
            fix = f"{near} or else put {OWN_VALUE}" if near else f"put {OWN_VALUE}"
        else:
            fix = near or f"known are {', '.join(known)}"
        yield Problem(value.key, "option-is-supported", message, fix)
    for key in wanted.get("required", ()):
        if key not in node.map:
            message = f"`{name}` lacks `{key}:`"
            yield Problem(node.key, "option-has-its-form", message, f"give `{key}:` below it")


def _out_of_bounds(node: Node, wanted: Schema, name: str) -> Iterator[Problem]:
    value: Any = node.value
    if "minimum" in wanted and value < wanted["minimum"]:
        yield _form_problem(node, name, f"a number of {wanted['minimum']} or more")
    if "exclusiveMinimum" in wanted and value <= wanted["exclusiveMinimum"]:
        yield _form_problem(node, name, f"a number above {wanted['exclusiveMinimum']}")
    if "maximum" in wanted and value > wanted["maximum"]:
        yield _form_problem(node, name, f"a number of {wanted['maximum']} or less")


def _is(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


def _form_problem(node: Node, name: str, form: str, fix: str = "") -> Problem:
    shown = f"'{node.text()}'" if node.text() else "something else"
    message = f"`{name}` wants {form}, not {shown}"
    return Problem(node.place, "option-has-its-form", message, fix or f"write {form}")
