"""What a change would do -> a tree: the row, problems, what breaks, what changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from imprint.core.escaping import one_line
from imprint.core.problems import Place, Problem
from imprint.difference.documents import WordChange
from imprint.difference.drawings import FigureChange
from imprint.read.chapters.sentences import OPAQUE, sentence_at
from imprint.trace.impact import Impact
from imprint.trace.layout_tree import layout_branch
from imprint.trace.places import Known, Location, at, by_publication
from imprint.trace.row_change import TABLE
from imprint.trace.tree import Branch
from imprint.trace.uses import printed

_SHOWN = 160
"""Characters of a long text around what changes in it."""
_KINDS = {"row": "table row", "alt": "alt text", "text": "sentence", "item": "sentence"}


def impact_tree(impact: Impact) -> Branch:
    """The tree of an impact, before any build."""
    row, report = impact.statistic, impact.before.report
    set_to = (
        f"{cell.column}: {cell.old or 'empty'} -> {cell.new or 'empty'}" for cell in impact.cells
    )
    uses = _uses(impact.before)
    broken: list[tuple[Location, Branch]] = []
    rest: list[Problem] = []
    for found in impact.new_problems:
        met = [(spot, sentence) for spot, sentence, ids in uses if _is_about(found, spot, ids)]
        broken += [(spot, at(spot, found.message, Branch(sentence))) for spot, sentence in met]
        rest += [] if met else [found]
    fails = any(found.severity == "error" for found in rest)
    branches = [
        Branch("no longer holds, so that a build would stop", None, by_publication(report, broken)),
        _problem_branch(
            "the checks would fail, and no build would start" if fails else "checks would warn",
            rest,
        ),
        _problem_branch("the checks would no longer say", impact.gone_problems),
        Branch("would print otherwise", None, by_publication(report, _changes(impact))),
        Branch(
            "not all is known of chapters that would stop",
            None,
            tuple(Branch(path) for path in _cut_short(impact, broken)),
        ),
        layout_branch(impact),
    ]
    told = tuple(branch for branch in branches if branch.children)
    nothing = (Branch("nothing that is printed would change"),)
    return Branch(
        f"stat:{row.id} with {', '.join(set_to)}", Place(TABLE, row.line), told or nothing
    )


def _problem_branch(text: str, problems: Iterable[Problem]) -> Branch:
    told = (Branch(f"{found.message} [{found.code}]", found.place) for found in problems)
    return Branch(text, None, tuple(told))


def _uses(known: Known) -> list[tuple[Location, str, tuple[str, ...]]]:
    """Numbers and claims of the documents: location, sentence and statistics."""
    found = []
    for publication, block in printed(known):
        for passage, run in block.runs():
            if run.kind != "citation":
                spot = known.location(publication, block, passage.place(run.start))
                sentence = one_line(sentence_at(passage.text, run.start))
                found.append((spot, sentence, run.ids))
    return found


def _is_about(found: Problem, spot: Location, ids: tuple[str, ...]) -> bool:
    """Whether a problem stops a build at a number or claim."""
    place = spot.place if found.place.column else spot.place.at(0)
    named = any(f"'{id}'" in found.message for id in ids)
    return found.severity == "error" and found.place == place and named


def _changes(impact: Impact) -> Iterator[tuple[Location, Branch]]:
    """What would print otherwise, and under the alternative text of a figure how it is drawn."""
    shown = [it for it in printed(impact.before) if it[1].kind == "alt"]
    for told in impact.differences:
        for change in (*told.words, *told.floats):
            if not _is_unknown(change, impact.unknown):
                yield _change(impact.before, told.publication, change)
    for figure in impact.redrawn:
        for publication, block in shown:
            if block.figure == figure.name:
                spot = impact.before.location(publication, block)
                yield from ((spot, branch) for branch in _drawing(spot, figure))


def _is_unknown(change: WordChange, chapters: tuple[str, ...]) -> bool:
    """Whether a chapter that stops is why a text is another, or is not there."""
    if change.block.chapter not in chapters:
        return False
    known = ".*".join(re.escape(part) for part in change.new_text.split(OPAQUE))
    return change.new is None or re.fullmatch(known, change.old_text) is not None


def _cut_short(impact: Impact, broken: Iterable[tuple[Location, Branch]]) -> list[str]:
    """Chapters that lose more than the sentences of which a claim or number fails."""
    told = [branch.children[0].text for _, branch in broken]
    changes = (change for it in impact.differences for change in (*it.words, *it.floats))
    lost = {
        change.block.chapter
        for change in changes
        if _is_unknown(change, impact.unknown)
        and not any(sentence in change.old_text for sentence in told)
    }
    return sorted(lost)


def _change(known: Known, publication: str, change: WordChange) -> tuple[Location, Branch]:
    block = change.block
    spot = known.location(publication, block, _first_difference(change).at(0))
    kind = _KINDS.get(block.kind, block.kind)
    if block.kind == "caption" and (block.table or block.label.startswith("tbl-")):
        kind = "table caption"
    name = block.figure or block.table or block.label
    of = f" of '{name}'" if name and block.kind in ("row", "caption", "alt") else ""
    return spot, _old_and_new(spot, f"{kind}{of}", change.old_text, change.new_text)


def _first_difference(change: WordChange) -> Place:
    """Where in the old block, or in the new one, the texts part."""
    passages = [block.passages[0] if block else None for block in (change.old, change.new)]
    passage = passages[0] or passages[1]
    assert passage
    other = passages[1].text if all(passages) and passages[1] else ""
    return passage.place(_common_start(passage.text, other) if passage.text != other else 0)


def _drawing(spot: Location, figure: FigureChange) -> Iterator[Branch]:
    title = f"drawing of '{figure.name}'"
    yield from (_old_and_new(spot, title, old, new) for old, new in figure.rows)
    if not figure.rows:
        yield at(spot, f"{title}, of the same rows")


def _old_and_new(spot: Location, title: str, old: str, new: str) -> Branch:
    old, new = _shortened(old, new.replace(OPAQUE, "…"))
    return at(spot, title, Branch(f"old: {old}"), Branch(f"new: {new}"))


def _shortened(old: str, new: str) -> tuple[str, str]:
    """Two texts, cut down to what differs and a little around it where they are long."""
    start = _common_start(old, new)
    least = min(len(old), len(new))
    end = next((i for i in range(least - start) if old[-1 - i] != new[-1 - i]), least - start)
    before = max(start - _SHOWN // 2, 0)
    after = end - _SHOWN // 2
    return _cut(old, before, len(old) - after), _cut(new, before, len(new) - after)


def _cut(text: str, start: int, end: int) -> str:
    if len(text) <= 2 * _SHOWN:
        return text
    first = text.find(" ", start) + 1 if start else 0
    last = text.find(" ", end) if end < len(text) else -1
    head, tail = "… " if first else "", " …" if last > 0 else ""
    return head + text[first : last if last > 0 else None] + tail


def _common_start(old: str, new: str) -> int:
    """How many characters two texts begin with alike."""
    least = min(len(old), len(new))
    return next((i for i in range(least) if old[i] != new[i]), least)
