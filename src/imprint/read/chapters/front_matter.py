"""A chapter's front matter, over what its folder says -> its metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from imprint.core.problems import Place, Problem
from imprint.core.root import PROJECT_FILE
from imprint.read.file_names import is_file
from imprint.read.node import Node
from imprint.read.project.brand import brand_problems
from imprint.read.project.dates import with_day
from imprint.read.project.extensions import installed_extensions
from imprint.read.project.folder_metadata import with_folder_metadata
from imprint.read.project.put_in import read_put_in
from imprint.read.project.quarto_subset import metadata_problems, sound
from imprint.read.project.yaml_source import located, read_yaml


def read_front_matter(
    root: Path, path: str, lines: Sequence[str]
) -> tuple[Node, dict[str, Any], tuple[str, ...], list[Problem]]:
    """The metadata that the lines between those of `---` give, less what is of no readable form; as
    plain values, with their day and what the files that they name hold; the files that they were
    merged with; and what is wrong."""
    node, problems = read_yaml("\n".join(lines), located(path, 2))
    if node.value is None:
        node = Node({}, Place(path, 1), Place(path, 1))
    if not isinstance(node.value, Mapping):
        message, fix = "the front matter must hold `key: value` lines", "write `title: ...`"
        problems.append(Problem(node.place, "yaml-is-valid", message, fix))
        node = Node({}, node.place, node.key)
    merged, files, wrong = with_folder_metadata(root, path, node)
    problems += wrong
    problems += metadata_problems(merged, "front matter", installed_extensions(root))
    kept = sound(merged)
    put_in, named, wrong = read_put_in(root, path, kept)
    if merged.at("brand") or not is_file(root, PROJECT_FILE):
        branded, told = brand_problems(root, path, merged)
        named, wrong = [*named, *branded], [*wrong, *told]
    metadata = {**with_day(root, path, kept.plain() or {}), **put_in}
    return kept, metadata, (*files, *named), [*problems, *wrong]
