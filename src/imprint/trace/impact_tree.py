"""What a change would do -> a tree: the row, problems of the data, what breaks, what changes."""

from __future__ import annotations

from imprint.core.problems import Place
from imprint.read.report import Report
from imprint.trace.differences import Change
from imprint.trace.impact import Impact
from imprint.trace.places import around, by_publication
from imprint.trace.prints import Location
from imprint.trace.tree import Branch

_SHOWN = 160
"""Characters of a long text around what changes in it."""


def impact_tree(report: Report, impact: Impact) -> Branch:
    """The tree of an impact, before any build."""
    row = impact.statistic
    set_to = (f"{cell.column}: {cell.old or 'empty'} -> {cell.new or 'empty'}"
              for cell in impact.cells)  # fmt: skip
    branches: list[Branch] = []
    if impact.problems:
        told = (Branch(f"{found.message} [{found.code}]", found.place) for found in impact.problems)
        fails = any(found.severity == "error" for found in impact.problems)
        what = "the checks would fail, and no build would start" if fails else "checks would warn"
        branches.append(Branch(what, None, tuple(told)))
    breakages = [(it.spot, Branch(_joined(around(it.spot), it.message), it.spot.place,
                                _quoted(it.sentence)))
             for it in impact.breakages]  # fmt: skip
    if breakages:
        branches.append(Branch("no longer holds, so that a build would stop", None,
                               by_publication(report, breakages)))  # fmt: skip
    changes = [_change(change) for change in impact.changes]
    if changes:
        branches.append(Branch("would print otherwise", None, by_publication(report, changes)))
    maybe = [(spot, Branch(_joined(around(spot), "code that only a render runs"), spot.place))
             for spot, _ in impact.maybe]  # fmt: skip
    if maybe:
        branches.append(Branch("may change", None, by_publication(report, maybe)))
    place = Place("data/statistics.csv", row.line)
    nothing = (Branch("nothing that is printed would change"),)
    return Branch(f"stat:{row.id} with {', '.join(set_to)}", place, tuple(branches) or nothing)


def _change(change: Change) -> tuple[Location, Branch]:
    name = f" of '{change.name}'" if change.name else ""
    title = _joined(around(change.spot), f"{change.kind}{name}")
    old, new = _shortened(change.old, change.new)
    return change.spot, Branch(
        title, change.spot.place, (Branch(f"old: {old}"), Branch(f"new: {new}"))
    )


def _shortened(old: str, new: str) -> tuple[str, str]:
    """Two texts, cut down to what differs and a little around it where they are long."""
    least = min(len(old), len(new))
    start = next((i for i in range(least) if old[i] != new[i]), least)
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


def _quoted(sentence: str) -> tuple[Branch, ...]:
    return (Branch(sentence),) if sentence else ()


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
