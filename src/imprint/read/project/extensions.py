"""Extensions of a project: which there are, and whether ours is that of the installed package."""

from __future__ import annotations

from pathlib import Path

from imprint.core.problems import Problem
from imprint.read.node import Node
from imprint.read.packaged import DISTRIBUTION, VERSION, own_extension
from imprint.read.project.yaml_source import read_yaml_file
from imprint.read.schema import Terms, load_schema, shape_problems

OWN = "imprint"
"""The package brings it along: a project that only the embedded engine renders needs no copy."""
_SCHEMA = Path(__file__).with_name("extension.schema.json")


def installed_extensions(root: Path) -> set[str]:
    """Names of the extensions under `_extensions/`, and of our own."""
    found = {
        *root.glob("_extensions/*/_extension.yml"),
        *root.glob("_extensions/*/*/_extension.yml"),
    }
    return {OWN, *(path.parent.name for path in found)}


def described_extension(root: Path) -> tuple[Path, Node, list[Problem]]:
    """The folder of our extension, the project's own copy or the package's, what its
    `_extension.yml` says, and what is wrong with its shape."""
    file = f"_extensions/{OWN}/_extension.yml"
    folder = (root / file).parent if (root / file).is_file() else own_extension()
    described, problems = read_yaml_file(folder / "_extension.yml", file)
    terms = Terms(OWN, "extension-is-whole", "extension-is-whole")
    wanted = load_schema(_SCHEMA, is_typed=True)
    return folder, described, problems or list(shape_problems(described, wanted, OWN, terms))


def extension_problems(root: Path) -> list[Problem]:
    """What is wrong with the project's copy of our extension, or a problem where it is of another
    version than the package: its filters and templates take what one version hands over."""
    _, described, problems = described_extension(root)
    version = described.text("version")
    if problems or version == VERSION:
        return problems
    message = f"the extension is of version {version or 'unknown'}, Imprint itself of {VERSION}"
    fix = f"install {DISTRIBUTION} {version}" if version else f"write `version: {VERSION}`"
    fix += f", or take the folder _extensions/{OWN} of a report that Imprint {VERSION} began"
    place = (described.at("version") or described).place
    return [Problem(place, "extension-has-version", message, fix)]
