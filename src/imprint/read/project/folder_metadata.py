"""What `_metadata.yml` says for the documents of its folder, and the files that `metadata-files:`
names: merged under the documents' own front matter, as Quarto does."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from imprint.core.problems import Problem
from imprint.read.file_names import is_file
from imprint.read.node import Node
from imprint.read.project.contents import near_files, path_named
from imprint.read.project.yaml_source import merge, read_yaml_file

FILES = ("_metadata.yml", "_metadata.yaml")


def with_folder_metadata(
    root: Path, document: str, front: Node
) -> tuple[Node, tuple[str, ...], list[Problem]]:
    """The front matter over what its folders and the files that it names say; these files' paths
    from the root, and what is wrong with them."""
    files = list(_folder_files(root, document))
    problems: list[Problem] = []
    for key in ("metadata-file", "metadata-files"):
        for item in front.items_at(key):
            path = path_named(document, item.text())
            if is_file(root, path):
                files.append(path)
                continue
            fix = near_files(root, path, (".yml", ".yaml")) or "fix the path"
            message = f"metadata file '{path}' does not exist"
            problems.append(Problem(item.place, "file-exists", message, fix))
    found: Node | None = None
    for path in files:
        node, wrong = read_yaml_file(root / path, path)
        problems += wrong
        if isinstance(node.value, dict):
            found = merge(found, node) if found else node
    if found is None:
        return front, tuple(files), problems
    return merge(found, front) if front.map else found, tuple(files), problems


def _folder_files(root: Path, document: str) -> Iterator[str]:
    """`_metadata.yml` of each folder below the root down to the document's, or of the root for a
    document that stands there."""
    folders = [str(it) for it in reversed(PurePosixPath(document).parents)]
    for folder in folders[1:] or folders:
        paths = (posixpath.normpath(posixpath.join(folder, file)) for file in FILES)
        yield from [path for path in paths if is_file(root, path)][:1]
