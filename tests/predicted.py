"""What `imprint trace --if` foresees of every row of a report, held against running its code."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from imprint.read.report import Report
from imprint.trace.evaluation import plain as plain_markdown
from imprint.trace.impact import Impact, predict
from printed_twice import changed, other_values, printed, rows_of


def predicted(impact: Impact) -> Counter[tuple[str, str, str]]:
    """Chapter, old and new words of everything predicted; a breakage is new words that say why."""
    found: Counter[tuple[str, str, str]] = Counter()
    seen = set()
    for change in impact.changes:
        if change.kind == "drawing":
            continue
        pairs = change.words or ((change.spot.place, change.old, change.new),)
        for place, old, new in pairs:
            key = (change.spot.chapter, str(place), change.kind, old, new)
            if key not in seen:
                found[change.spot.chapter, _plain(old), _plain(new)] += 1
            seen.add(key)
    breakages = {(fall.spot.chapter, fall.spot.place, fall.message) for fall in impact.breakages}
    for chapter, _, message in breakages:
        found[chapter, "", f"fails: {message}"] += 1
    return found


def happened(
    old: dict[tuple[str, str, int], str], new: dict[tuple[str, str, int], str]
) -> Counter[tuple[str, str, str]]:
    """The same of what running the code twice shows."""
    found: Counter[tuple[str, str, str]] = Counter()
    for key in sorted({*old, *new}):
        was, becomes = old.get(key, ""), new.get(key, "")
        if becomes.startswith("fails: "):
            found[key[0], "", becomes] += 1
        elif was != becomes:
            found[key[0], _plain(was), _plain(becomes)] += 1
    return found


def _plain(text: str) -> str:
    return " ".join(plain_markdown(text).split())


def compare_every_row(root: Path, parsed: Report) -> list[str]:
    """Ids of rows for which something else is printed than was predicted."""
    with pytest.MonkeyPatch.context() as patch:
        # What the checks would say takes most of the time to foresee, and is held to what they do
        # say where two renders are compared.
        patch.setattr("imprint.trace.impact._new_problems", lambda *_: [])
        return _compare(root, parsed)


def _compare(root: Path, parsed: Report) -> list[str]:
    wrong = []
    units = parsed.settings.units
    before = printed(parsed, root)
    changing = root.with_name("changing")
    shutil.copytree(root, changing)
    for row in rows_of(root):
        values = other_values(row, units)
        settings = [f"{column}={value}" for column, value in values.items()]
        impact = predict(parsed, row["id"], settings)
        with changed(changing, row["id"], values):
            after = printed(parsed, changing)
        if predicted(impact) != happened(before, after):
            wrong.append(row["id"])
    return wrong
