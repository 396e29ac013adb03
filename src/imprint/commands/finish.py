"""`imprint finish`: complete an output that a plain `quarto render` made.

Quarto's post-render hook calls it: figures, index pages, PDF names and the manifest come out as
they do after `imprint render`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from imprint.build.manifest import MadeWith, input_digests, write_manifest
from imprint.core.commit import build_time, iso_time
from imprint.core.files import OUTPUT
from imprint.core.root import find_root
from imprint.quarto.engine import find_quarto, name_outputs, versions_of
from imprint.quarto.pages import complete_pages
from imprint.read.project.publications import read_project
from imprint.read.single_file import documents_of
from imprint.write.downloads import figure_files
from imprint.write.site.planned import write

EXAMPLES = """\
quarto render && imprint finish              after Quarto was run without its hooks
"""


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """The command takes no options: Quarto says in the environment what it has made."""


def run(_arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Put figures, names and manifest into `_output/`; nothing to do within `imprint render`."""
    if os.environ.get("IMPRINT_RENDERS"):
        return 0
    root = find_root(Path.cwd())
    if documents_of(root):
        return 0  # what Quarto makes of documents by themselves is complete
    folder = root / OUTPUT
    made = []
    publications = read_project(root).publications
    for publication in publications:
        if (folder / publication.name).is_dir():
            name_outputs(publication, folder / publication.name)
            made.append(publication.name)
    if not made:
        return 0
    complete_pages(folder, publications)
    figures = {path.stem for path in (root / "figures").glob("*.py")}
    write(figure_files(root, figures, keeps=True), folder)
    quarto = find_quarto()
    engine = {"name": "quarto", "version": quarto.version if quarto else "unknown"}
    made_with = MadeWith(engine, versions_of(quarto) if quarto else {})
    (folder / "manifest.json").unlink(missing_ok=True)
    write_manifest(folder, root, made_with, made, iso_time(build_time(root)), input_digests(root))
    say(f"completed {OUTPUT}/: figures and manifest.json")
    return 0
