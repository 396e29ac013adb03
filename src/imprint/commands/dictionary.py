"""`imprint dictionary`: docs/data-dictionary.md, made anew from the data package."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from imprint.core.root import find_root
from imprint.write.dictionary import DICTIONARY, data_dictionary

EXAMPLES = """\
imprint dictionary                           after a change of data/datapackage.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command has no options."""


def run(_arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Write the dictionary of the project around the working directory."""
    root = find_root(Path.cwd())
    text = data_dictionary(root)
    path = root / DICTIONARY
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    say(f"{DICTIONARY}: written")
    return 0
