"""`imprint:` of `_quarto.yml` and its profiles -> Settings, or problems with file, line and column.

The schema says what there is; it stands in the extension, of which every report has a copy, so that
editors read it too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from imprint.core.problems import Problem
from imprint.core.root import PROJECT_FILE
from imprint.core.settings import Settings, Style, Tables, Themes, Words
from imprint.core.units import KNOWN, Unit, unit_of
from imprint.read.node import Node
from imprint.read.packaged import own_extension
from imprint.read.project.colours import colour_problems
from imprint.read.project.rules import own_rules, rule_levels, rule_problems
from imprint.read.project.units import unit_problems
from imprint.read.project.yaml_source import read_yaml_file
from imprint.read.schema import Schema, Terms, shape_problems

SCHEMA = own_extension() / "imprint.schema.json"
OWN_KEY = "imprint"
"""The top-level map that holds the settings."""
OWN_VALUE = f"a value of your own under `{OWN_KEY}: values:`"

TERMS = Terms(OWN_KEY, "option-has-its-form", "option-is-known", "setting", OWN_VALUE)


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
        and not any(shape_problems(value, schema()["properties"][name], name, TERMS))
    }
    findings = found.get("findings", {})
    defaults = Settings()
    rules = own.map_at("rules") if "rules" in found else {}
    rounding = own.map_at("rounding") if "rounding" in found else {}
    return Settings(
        style=_style(node),
        original=found.get("original", ""),
        organisations=frozenset(found.get("organisations", ())),
        units=_rounded(_units(own), found.get("rounding", {})),
        rounding={name: step.key for name, step in rounding.items()},
        suppression=found.get("suppression", {}).get("below", 0),
        themes=Themes(**found.get("themes", {})),
        tables=Tables(**found.get("tables", {})),
        words=Words(**{name: tuple(words) for name, words in found.get("words", {}).items()}),
        quotes_slips=frozenset(found.get("quotes-slips", ())),
        summary=found.get("summary", defaults.summary),
        findings_folder=findings.get("folder", defaults.findings_folder).strip("/"),
        findings_heading=findings.get("heading", defaults.findings_heading),
        figure_key=found.get("figure-key", {}),
        rules=rule_levels(rules),
        own_rules=own_rules(rules),
        is_strict=found.get("strict", False),
    )


def _units(own: Node) -> dict[str, Unit]:
    """The declared units; one that is declared wrongly is known, and prints numbers alone, so that
    rows in it are not reported to be wrong too."""
    wanted = schema()["properties"]["units"]["additionalProperties"]
    return {
        name: Unit()
        if any(shape_problems(declared, wanted, name, TERMS)) or any(unit_problems(name, declared))
        else unit_of(declared.plain())
        for name, declared in own.map_at("units").items()
    }


def _rounded(units: dict[str, Unit], rounding: Mapping[str, float]) -> dict[str, Unit]:
    """The declared units, and known ones that are rounded."""
    known = {**KNOWN, **units}
    steps = {name: step for name, step in rounding.items() if name in known}
    return units | {name: replace(known[name], nearest=step) for name, step in steps.items()}


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
    (`option-is-known`), a value of another form (`option-has-its-form`)."""
    own = node.at(OWN_KEY)
    if own is None:
        return
    wrong = list(shape_problems(own, schema(), OWN_KEY, TERMS))
    yield from wrong
    if not wrong:
        for name, declared in own.map_at("units").items():
            yield from unit_problems(name, declared)
        for rule in own.map_at("rules").values():
            yield from rule_problems(rule)
        yield from colour_problems(own.at("colours"))
    for name, value in own.map.items():
        whole = schema()["properties"].get(name, {}).get("project")
        if whole and value.key.file != PROJECT_FILE:
            message = f"`{OWN_KEY}: {name}:` holds for all publications"
            fix = f"move it to {PROJECT_FILE}"
            yield Problem(value.key, "option-is-supported", message, fix)
