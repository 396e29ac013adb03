"""What happens before a render that is measured: edits as authors make them."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from prose import TOPICS

_ADDED = re.compile(r"\nThis edit is about .*\n\Z")
_NOTHING = re.compile(r"\n```\{python\}\nnothing = \d+\n```\n")


@dataclass(frozen=True)
class Subject:
    """A report to be measured."""

    name: str
    folder: Path
    chapter: str
    """The chapter that is edited, by its path."""
    chapters: int = 0
    """How many it has, where it is one of several sizes."""


@dataclass(frozen=True)
class Scene:
    """Something that happens before a render."""

    name: str
    prepare: Callable[[Subject, int], str]
    """Takes the number of the run; returns words that the chapter's page holds from then on."""


def start_from_nothing(subject: Subject, _run: int) -> str:
    """Empty the caches, the output and what was drawn, of either engine."""
    for name in (".imprint/cache", ".quarto", "_freeze", "_output", "figures/drawn",
                 "figures/cells"):  # fmt: skip
        shutil.rmtree(subject.folder / name, ignore_errors=True)
    return ""


def change_nothing(_subject: Subject, _run: int) -> str:
    """Leave everything as it is."""
    return ""


def edit_a_sentence(subject: Subject, run: int) -> str:
    """Give the chapter another last sentence."""
    path = subject.folder / subject.chapter
    words = f"This edit is about {TOPICS[run // len(TOPICS)]} and {TOPICS[run % len(TOPICS)]}."
    text = _ADDED.sub("", path.read_text(encoding="utf-8")).rstrip("\n")
    path.write_text(f"{text}\n\n{words}\n", encoding="utf-8")
    return words


def edit_a_cell(subject: Subject, run: int) -> str:
    """Give the chapter another cell, before its last sentence."""
    path = subject.folder / subject.chapter
    text = _NOTHING.sub("", path.read_text(encoding="utf-8"))
    end = _ADDED.search(text)
    last = end[0] if end else ""
    body = text.removesuffix(last).rstrip("\n")
    cell = f"\n\n```{{python}}\nnothing = {run}\n```\n"
    path.write_text(f"{body}{cell}{last}", encoding="utf-8")
    return ""


def change_a_row(subject: Subject, run: int) -> str:
    """Change what was measured by the first statistic that the chapter prints; returns words
    that the report's statistics hold from then on."""
    text = (subject.folder / subject.chapter).read_text(encoding="utf-8")
    id = re.search(r'(?:stat|claim)\((?:"[^"]*", )?"([^"]+)"', text)
    path, added = subject.folder / "data/statistics.csv", f", again{' and again' * run}"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if id is not None and row["id"] == id[1]:
            row["measure"] = row["measure"].split(", again")[0] + added
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return added


FROM_NOTHING = Scene("from nothing (caches empty)", start_from_nothing)
A_SENTENCE = Scene("a sentence of a chapter changed", edit_a_sentence)
OF_THIS_REPORT = (
    FROM_NOTHING,
    Scene("nothing changed", change_nothing),
    A_SENTENCE,
    Scene("a cell of a chapter changed", edit_a_cell),
    Scene("one row of the statistics changed", change_a_row),
)
OF_SIZES = (FROM_NOTHING, A_SENTENCE)
