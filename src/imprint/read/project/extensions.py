"""Extensions of a project: which there are, and whether ours is that of the installed package."""

from __future__ import annotations

from pathlib import Path

from imprint.core.problems import Problem
from imprint.read.packaged import DISTRIBUTION, VERSION
from imprint.read.project.yaml_source import read_yaml_file

OWN = "imprint"
"""The package brings it along: a project that only the embedded engine renders needs no copy."""


def installed_extensions(root: Path) -> set[str]:
    """Names of the extensions under `_extensions/`, and of our own."""
    found = {
        *root.glob("_extensions/*/_extension.yml"),
        *root.glob("_extensions/*/*/_extension.yml"),
    }
    return {OWN, *(path.parent.name for path in found)}


def extension_problems(root: Path) -> list[Problem]:
    """A problem where the project's copy of our extension is of another version than the package:
    its filters and templates take what one version hands over."""
    file = f"_extensions/{OWN}/_extension.yml"
    if not (root / file).is_file():
        return []
    described, problems = read_yaml_file(root / file, file)
    version = described.text("version")
    if problems or version == VERSION:
        return problems
    message = f"the extension is of version {version or 'unknown'}, Imprint itself of {VERSION}"
    fix = f"install {DISTRIBUTION} {version}" if version else f"write `version: {VERSION}`"
    fix += f", or take the folder _extensions/{OWN} of a report that Imprint {VERSION} began"
    place = (described.at("version") or described).place
    return [Problem(place, "extension-has-version", message, fix)]
