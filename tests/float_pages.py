"""On which page of the PDF a box, figure or table stands: whatever says so must agree with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from pdf_reading import Letter, Reading, Tag

NAMED = re.compile(r"\s*(Box|Figure|Table)\s*([A-Z]?[\d.]*\d)(?!\d)")
"""What opens a caption, and all of a reference's words."""


def captions(pdf: Reading) -> dict[str, int]:
    """By "Figure 2.1": the page, counted from 0, on which it begins."""
    found: dict[str, int] = {}
    for tag in pdf.tree.all("Caption"):
        name = NAMED.match(tag.text)
        if name:
            found.setdefault(" ".join(name.groups()), first_page(tag))
    return found


def first_page(tag: Tag) -> int:
    """The page of the first letters, for a box's title stands again on every page of the box."""
    return min(run.page for run in tag.runs if run.text.strip())


def listed(pdf: Reading) -> dict[str, tuple[int, str]]:
    """By name: the page that its entry in the lists leads to, and the one that it prints."""
    found = {}
    for entry in pdf.tree.all("TOCI"):
        name, printed = NAMED.match(entry.text), re.search(r"(\d+|[ivxl]+)\s*$", entry.text)
        (target,) = {link.leads_to for link in entry.all("Link")}
        if name and printed and target is not None:
            found[" ".join(name.groups())] = target, printed[1]
    return found


def references(pdf: Reading) -> Iterator[tuple[str, int | None]]:
    """The name and target of every cross-reference to a float in the text."""
    in_lists = {id(link) for entry in pdf.tree.all("TOCI") for link in entry.all("Link")}
    for link in pdf.tree.all("Link"):
        name = NAMED.fullmatch(link.text.strip())
        if name and id(link) not in in_lists:
            yield " ".join(name.groups()), link.leads_to


def recorded(output: Path) -> dict[str, tuple[int, str]]:
    """By name: the page, counted from 0, and its label that provenance.json gives."""
    record = json.loads((output / "provenance.json").read_text(encoding="utf-8"))
    review = record["publications"]["review"]
    return {
        f"{kind} {use['label']}": (use["pdf"]["page"] - 1, use["pdf"]["label"])
        for kind, uses in (("Figure", review["figures"]), ("Table", review["tables"]))
        for use in uses
        if use["label"] and use["pdf"]  # a register is not printed
    }


def assert_pages_agree(pdf: Reading, output: Path) -> None:
    """Lists and links of the review, and the record, name the page that holds the caption."""
    labels = [str(page.label) for page in pdf.pdf.pages]
    stands = captions(pdf)
    shown = {name: (page, labels[page]) for name, page in stands.items()}
    assert listed(pdf) == shown
    assert {name: shown[name] for name in recorded(output)} == recorded(output)
    found = list(references(pdf))
    assert found == [(name, stands[name]) for name, _ in found]
    assert len({name for name, _ in found}) > len(stands) / 2


def assert_figures_break_nothing(pdf: Reading) -> None:
    """No figure stands between two parts of a paragraph, list or table, or before what calls it."""
    figures = {
        name[2]: (run.page, min(letter.top for letter in run.letters))
        for tag in pdf.tree.all("Caption")
        if (name := NAMED.match(tag.text)) and name[1] == "Figure"
        for run in [next(run for run in tag.runs if run.letters)]
    }
    broken = 0
    for tag in pdf.tree.all("P", "L", "Table"):
        letters: dict[int, list[Letter]] = {}
        for run in tag.runs:
            letters.setdefault(run.page, []).extend(it for it in run.letters if it.text.strip())
        for page, next_page in pairwise(sorted(letters)):
            broken += 1
            foot = max(letter.bottom for letter in letters[page])
            head = min(letter.top for letter in letters[next_page])
            between = [
                name
                for name, (at, top) in figures.items()
                if (at == page and top > foot) or (at == next_page and top < head)
            ]
            assert not between, f"{between} within {tag.text[:80]}"
    assert broken
    called = {name: place for name, place in first_calls(pdf).items() if name in figures}
    assert called
    assert {name: figures[name] > place for name, place in called.items()} == dict.fromkeys(
        called, True
    )


def first_calls(pdf: Reading) -> dict[str, tuple[int, float]]:
    """By a figure's number: page and height of the first reference to it in the text."""
    in_lists = {id(link) for entry in pdf.tree.all("TOCI") for link in entry.all("Link")}
    found: dict[str, tuple[int, float]] = {}
    for link in pdf.tree.all("Link"):
        name = NAMED.fullmatch(link.text.strip())
        if name and name[1] == "Figure" and id(link) not in in_lists:
            letter = next(it for run in link.runs for it in run.letters)
            found.setdefault(name[2], (link.page, letter.top))
    return found
