"""docs/settings.md lists every setting of the schema, with its default and an example."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from imprint.core.settings import Settings
from imprint.read.project.settings import schema, settings_of, settings_problems
from imprint.read.project.yaml_source import located, read_yaml
from test_checks_doc import update_between

DOC = Path(__file__).parents[1] / "docs" / "settings.md"
WHERE = {
    "publication": "In `_quarto.yml`, a profile, or the front matter of a publication of one page",
    "project": "In `_quarto.yml` alone: these hold for all publications",
}


def test_every_setting_is_listed(pytestconfig: pytest.Config) -> None:
    """The page is what the schema says; `--update-docs` writes it."""
    update_between(DOC, "settings", "\n".join(page()), pytestconfig.getoption("--update-docs"))


def test_defaults_are_those_of_the_code() -> None:
    """Where the schema gives a default, setting it changes nothing."""
    for name, setting in schema()["properties"].items():
        inner = setting.get("properties", {})
        values = {key: it["default"] for key, it in inner.items() if "default" in it}
        default = values or setting.get("default")
        if default is None:
            continue
        node, _ = read_yaml(json.dumps({"imprint": {name: default}}), located("_quarto.yml"))
        assert not list(settings_problems(node)), name
        expected = Settings()
        if name == "figure-key":  # the words stand with the marks that they explain
            continue
        assert settings_of(node) == expected, name


def page() -> Iterator[str]:
    for place, heading in WHERE.items():
        yield f"## {heading}"
        yield ""
        for name, setting in schema()["properties"].items():
            if ("project" if setting.get("project") else "publication") == place:
                yield from section(name, setting)


def section(name: str, setting: Mapping[str, Any]) -> Iterator[str]:
    yield f"### `{name}`"
    yield ""
    yield f"{setting['description']}{default_of(setting)}"
    yield ""
    inner = setting.get("properties")
    others = setting.get("additionalProperties")
    if inner is None and isinstance(others, dict) and "properties" in others:
        inner = others["properties"]
        yield "Each entry holds:"
        yield ""
    if inner:
        yield "| Key | Says | Default |"
        yield "|---|---|---|"
        required = (others if isinstance(others, dict) else setting).get("required", ())
        for key, value in inner.items():
            shown = shown_default(value) or ("must be given" if key in required else "none")
            kinds = ", ".join(f"`{kind}`" for kind in value.get("enum", ()))
            text = value["description"] + (f" One of {kinds}." if kinds else "")
            yield f"| `{key}` | {text} | {shown} |"
        yield ""
    for example in setting.get("examples", ())[:1]:
        text = yaml.safe_dump(
            {"imprint": {name: example}}, sort_keys=False, allow_unicode=True, width=1000
        )
        yield from ("```yaml", *text.rstrip().split("\n"), "```", "")


def default_of(setting: Mapping[str, Any]) -> str:
    shown = shown_default(setting)
    kinds = ", ".join(f"`{kind}`" for kind in setting.get("enum", ()))
    said = f" One of {kinds}." if kinds else ""
    return said + (f" Default: {shown}." if shown else "")


def shown_default(setting: Mapping[str, Any]) -> str:
    default = setting.get("default")
    if default in (None, {}, []):
        return ""
    return f"`{json.dumps(default)}`" if isinstance(default, bool) else f"`{default}`"
