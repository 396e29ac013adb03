"""`imprint:` in `_quarto.yml`: read into settings, or told with its place and the nearest name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from data_project import csv_text, write_project
from imprint.author.lookups import figure_rows
from imprint.core.problems import ReportError
from imprint.core.settings import RuleLevel, Settings, Tables, Themes
from imprint.core.units import Unit
from imprint.read.node import Node
from imprint.read.packaged import PACKAGE
from imprint.read.project.colours import contrast
from imprint.read.project.lazy_settings import settings_about
from imprint.read.project.publications import read_project
from imprint.read.project.settings import (
    SCHEMA,
    read_settings,
    schema,
    settings_of,
    settings_problems,
)
from imprint.read.project.yaml_source import located, read_yaml
from imprint.read.schema import load_schema
from imprint.run.current import Current

WHOLE = json.loads(SCHEMA.read_text(encoding="utf-8"))


def node(text: str, file: str = "_quarto.yml") -> Node:
    found, problems = read_yaml(text, located(file))
    assert not problems
    return found


def told(text: str, file: str = "_quarto.yml") -> list[str]:
    found = settings_problems(node(text, file))
    return [f"{p.place}: {p.message} [{p.code}] {p.fix}" for p in found]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#0b4a58", "#0b4a58", 1)],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, expected: float) -> None:
    """The numbers that checkers of contrast give, whichever colour is the ground."""
    assert contrast(one, other) == contrast(other, one) == pytest.approx(expected, abs=0.005)


def test_a_colour_that_can_be_read_is_sound() -> None:
    """The present accent is; one that is just readable on white is not on a box's ground."""
    assert not told("imprint: {colours: {accent: '#0b4a58', highlight: '#ffff00'}}")
    assert contrast("#757575", "#ffffff") > 4.5
    (line,) = told("imprint: {colours: {accent: '#757575'}}")
    assert "contrast of 4.2 with the ground of boxes [colour-is-readable]" in line


def test_a_silent_report_gets_the_defaults() -> None:
    assert settings_of(node("lang: de")) == Settings()
    assert settings_of(node("imprint:")) == Settings()
    assert settings_of(node("lang: en-GB")) == Settings(style="british")
    assert settings_of(node("{lang: en-US, imprint: {style: none}}")) == Settings()
    assert not told("imprint:")


def test_what_a_report_sets_is_read() -> None:
    text = """\
lang: en-US
imprint:
  original: writer_2010
  organisations: [Institute of Examples]
  themes: {column: topic}
  tables: {names: people}
  quotes-slips: [chapters/about.qmd]
  summary: chapters/summary.qmd
  findings: {folder: chapters/_messages/, heading: Main messages}
  figure-key: {derived: our calculation}
  units: {km: {symbol: km, singular: kilometre, plural: kilometres}}
  rules:
    float-is-referred-to: {level: off, reason: they stand beside their text}
"""
    found = settings_of(node(text))
    assert not told(text)
    assert found.style == "american"
    assert found.original == "writer_2010"
    assert found.organisations == {"Institute of Examples"}
    assert found.themes == Themes("topic", "themes")
    assert found.tables == Tables(names="people")
    assert found.quotes_slips == {"chapters/about.qmd"}
    assert found.summary == "chapters/summary.qmd"
    assert found.findings_folder == "chapters/_messages"
    assert found.findings_heading == "Main messages"
    assert found.figure_key == {"derived": "our calculation"}
    assert found.units == {"km": Unit("km", singular="kilometre", plural="kilometres")}
    level = found.rules["float-is-referred-to"]
    assert (level.level, level.reason) == ("off", "they stand beside their text")
    assert isinstance(level, RuleLevel)
    assert (level.place.line, level.place.column) == (13, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "imprint:\n  sumary: a.qmd",
            "_quarto.yml:2:3: there is no setting `sumary` under `imprint:` [option-is-known] "
            "did you mean 'summary'? or else put a value of your own under `imprint: values:`",
        ),
        (
            "imprint:\n  zzz: 1",
            "_quarto.yml:2:3: there is no setting `zzz` under `imprint:` [option-is-known] "
            "put a value of your own under `imprint: values:`",
        ),
        (
            "imprint:\n  findings: {haeding: Words}",
            "_quarto.yml:2:14: there is no setting `haeding` under `findings:` "
            "[option-is-known] did you mean 'heading'?",
        ),
        (
            "imprint:\n  colours: {accent: red}",
            "_quarto.yml:2:21: `colours: accent` wants a colour in quotation marks, such as "
            "\"#0b4a58\", not 'red' [option-has-its-form] "
            'write a colour in quotation marks, such as "#0b4a58"',
        ),
        (
            "imprint:\n  colours:\n    accent: '#e6a23c'",
            "_quarto.yml:3:13: text in '#e6a23c' has a contrast of 2 with the ground of boxes "
            "[colour-is-readable] take a darker colour: readers need a contrast of 4.5",
        ),
        (
            "imprint: [a]",
            "_quarto.yml:1:10: `imprint` wants `key: value` pairs, not a list "
            "[option-has-its-form] write `key: value` pairs",
        ),
        (
            "imprint: {timeout: soon}",
            "_quarto.yml:1:20: `timeout` wants a number, not 'soon' "
            "[option-has-its-form] write a number",
        ),
        (
            "imprint: {timeout: 0}",
            "_quarto.yml:1:20: `timeout` wants a number above 0, not '0' "
            "[option-has-its-form] write a number above 0",
        ),
        (
            "imprint: {timeout: true}",
            "_quarto.yml:1:20: `timeout` wants a number, not 'True' "
            "[option-has-its-form] write a number",
        ),
        (
            "imprint: {style: britsh}",
            "_quarto.yml:1:18: `style` wants `british` or `american` or `none`, not 'britsh' "
            "[option-has-its-form] did you mean 'british'?",
        ),
        (
            "imprint: {pdf-standard: [ua-1, 2]}",
            "_quarto.yml:1:32: `pdf-standard` wants text, not '2' [option-has-its-form] write text",
        ),
        (
            "imprint:\n  rules:\n    word-is-spelt: {level: off}",
            "_quarto.yml:3:5: this rule lacks `reason:` [rule-is-whole] give `reason:` below it",
        ),
        (
            "imprint:\n  rules:\n    word-is-spelt: {level: off, reason: ' '}",
            "_quarto.yml:3:41: `rules: word-is-spelt: reason` wants words, not ' ' "
            "[option-has-its-form] write words",
        ),
        (
            "imprint:\n  rules: {word-is-spelt: off}",
            "_quarto.yml:2:26: `rules: word-is-spelt` wants `key: value` pairs, not 'off' "
            "[option-has-its-form] write `key: value` pairs",
        ),
    ],
)
def test_what_is_wrong_is_reported_at_its_place(text: str, expected: str) -> None:
    assert told(text) == [expected]
    assert settings_of(node(text)) == Settings()


def test_what_holds_for_all_publications_stands_in_the_project_file() -> None:
    text = "imprint:\n  summary: a.qmd\n  kind: leaflet"
    assert told(text) == []
    assert told(text, "_quarto-short.yml") == [
        "_quarto-short.yml:2:3: `imprint: summary:` holds for all publications "
        "[option-is-supported] move it to _quarto.yml"
    ]


def test_profiles_are_merged_over_the_project(tmp_path: Path) -> None:
    base = "project: {type: book}\nbook: {title: A, chapters: [index.qmd]}\n"
    own = "imprint: {original: one_2010, figure-key: {derived: ours}}\n"
    (tmp_path / "_quarto.yml").write_text(base + own, encoding="utf-8")
    profile = "project: {type: default, render: [index.qmd]}\nlang: en-US\n"
    profile += "imprint: {original: two_2010}\n"
    (tmp_path / "_quarto-short.yml").write_text(profile, encoding="utf-8")
    (tmp_path / "index.qmd").write_text("# A\n", encoding="utf-8")
    project = read_project(tmp_path)
    assert (
        project.settings
        == read_settings(tmp_path)
        == Settings(original="one_2010", figure_key={"derived": "ours"})
    )
    long, short = project.publications
    assert long.settings == project.settings
    assert (short.settings.original, short.settings.style) == ("two_2010", "american")
    assert short.settings.figure_key == {"derived": "ours"}


def test_a_wrong_setting_of_a_profile_is_reported(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text(
        "project: {type: book}\nbook: {title: A, chapters: [index.qmd]}\n", encoding="utf-8"
    )
    (tmp_path / "_quarto-short.yml").write_text(
        "project: {type: default, render: [index.qmd]}\nimprint: {kindd: leaflet}\n",
        encoding="utf-8",
    )
    (tmp_path / "index.qmd").write_text("---\nimprint: {colmns: 2}\n---\n\n# A\n")
    with pytest.raises(ReportError) as raised:
        read_project(tmp_path)
    assert [str(found.place) for found in raised.value.problems] == ["_quarto-short.yml:2:11"]


def test_every_setting_is_described_with_an_example_that_fits() -> None:
    jsonschema.Draft202012Validator.check_schema(WHOLE)
    for name, setting in schema()["properties"].items():
        assert setting["description"].endswith("."), name
        for example in setting.get("examples", ()):
            jsonschema.validate({"imprint": {name: example}}, WHOLE)
            assert not told(json.dumps({"imprint": {name: example}})), name


USED = {
    "type", "enum", "pattern", "minimum", "exclusiveMinimum", "maximum", "items", "properties",
    "additionalProperties", "required", "description", "default", "examples", "project",
    "form", "anyOf", "dependentRequired", "propertyNames",
}  # fmt: skip


def words(found: Any) -> set[str]:
    """The words of a schema that bear a meaning."""
    if not isinstance(found, dict) or not found:
        return set()
    inner = [*found.get("properties", {}).values(), found.get("items", {})]
    inner += found.get("prefixItems", ())
    inner.append(found.get("additionalProperties", {}))
    return set(found).union(*(words(each) for each in inner))


def test_the_schema_uses_only_words_that_are_read() -> None:
    assert words(schema()) <= USED


@pytest.mark.parametrize("file", sorted(PACKAGE.glob("*/*.schema.json")), ids=lambda it: it.name)
def test_so_do_those_of_json_that_is_read_back(file: Path) -> None:
    """And each is a schema to others, too."""
    whole = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(whole)
    known = USED | {"const", "minItems", "maxItems", "prefixItems", "maxLength", "title", "$schema"}
    for part in [""] if "type" in whole else whole["$defs"]:
        assert words(load_schema(file, part)) <= known, part


VALUES = [
    None, "", " ", "words", 0, 1, -1, 2.5, True, [], ["a"], [1], {}, {"a": 1}, "book", "leaflet",
    "british", {"heading": "Words"}, {"heading": 1}, {"heading": "a", "b": "c"},
    {"km": {}}, {"km": {"symbol": "km"}}, {"km": {"after": "km"}}, {"k m": {"after": "km"}},
    {"km": {"singular": "league"}}, {"km": {"singular": "league", "plural": "leagues"}},
    {"km": {"symbol": "k1", "singular": "league", "plural": "leagues"}},
    {"km": {"after": "km", "scale": ["million"]}}, {"km": {"after": "km", "scale": ["milion"]}},
    {"word-is-spelt": {"level": "off"}},
    {"word-is-spelt": {"level": "off", "reason": "why"}},
    {"word-is-spelt": {"level": "of", "reason": "why"}},
    {"word-is-spelt": {"level": "warning", "reason": " "}},
]  # fmt: skip


@pytest.mark.parametrize("name", schema()["properties"])
def test_the_schema_says_the_same_to_editors(name: str) -> None:
    """Our reader and a validator of JSON Schema, as editors have, agree on every value."""
    validator = jsonschema.Draft202012Validator(WHOLE)
    for value in VALUES:
        document = {"imprint": {name: value}}
        assert bool(told(json.dumps(document))) != validator.is_valid(document), value


def test_a_changed_setting_makes_results_old_that_rest_on_it(tmp_path: Path) -> None:
    """What a figure's key says is part of what its chapter reads; other settings are not."""
    read = ("setting", "figure_key", "")
    project = tmp_path / "_quarto.yml"
    digests = []
    for own in ("", "summary: a.qmd", "figure-key: {derived: ours}", "figure-key: {exact: ours}"):
        project.write_text(f"imprint: {{{own}}}\n", encoding="utf-8")
        digests.append(Current(tmp_path).digest(read))
    assert digests[0] == digests[1]
    assert len(set(digests[1:])) == 3
    assert Current(tmp_path).describe(read) == "the setting figure-key in _quarto.yml"


def test_kernels_read_settings_only_where_there_are_any(tmp_path: Path) -> None:
    """A folder without a project file, or one that says nothing of it, has the defaults."""
    assert settings_about(tmp_path, "figure-key") == Settings()
    project = tmp_path / "_quarto.yml"
    project.write_text("imprint: {summary: a.qmd, figure-key: {exact: ours}}\n", encoding="utf-8")
    assert settings_about(tmp_path, "units") == Settings()
    assert settings_about(tmp_path, "figure-key").figure_key == {"exact": "ours"}


def test_figures_say_percent_as_the_report_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their rows are in the report's style, and a chapter is drawn anew once that is another."""
    write_project(tmp_path, {"data/statistics.csv": csv_text([{"id": "a", "value": "9"}])})
    monkeypatch.setenv("QUARTO_PROJECT_DIR", str(tmp_path))
    said, digests = [], set()
    for line in ("lang: en-GB", "lang: en-US", "{lang: en-US, imprint: {style: british}}"):
        (tmp_path / "_quarto.yml").write_text(line + "\n", encoding="utf-8")
        said.append(figure_rows({"a": "A"})[0]["wording"].replace("\u00a0", " "))
        digests.add(Current(tmp_path).digest(("setting", "per_cent", "")))
    assert said == ["9 per cent", "9 percent", "9 per cent"]
    assert len(digests) == 2
