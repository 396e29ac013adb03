"""What a change would do on paper -> branches: pages that look otherwise, and what moves."""

from __future__ import annotations

from collections.abc import Iterator

from imprint.core.escaping import one_line
from imprint.trace.impact import Impact
from imprint.trace.layout_change import LayoutChange, ranges
from imprint.trace.tree import Branch


def layout_branch(impact: Impact) -> Branch:
    """The branch of the PDFs; without children where nobody asked for them."""
    if impact.laid_out is None:
        return Branch("in print")
    titles = {
        passage.id: one_line(passage.text)
        for document in impact.after.examined.documents
        for chapter in document.chapters
        for passage in chapter.passages
        if passage.kind == "heading"
    }
    told = [
        Branch(f"publication '{change.publication}'", None, tuple(_told(change, titles)))
        for change in impact.laid_out
        if not change.is_empty
    ]
    is_known = "no page would look otherwise" if impact.laid_out else "not known, as builds stop"
    return Branch("in print", None, tuple(told) or (Branch(is_known),))


def _told(change: LayoutChange, titles: dict[str, str]) -> Iterator[Branch]:
    count = len(change.labels)
    if change.pages:
        verb = "looks" if len(change.pages) == 1 else "look"
        yield Branch(f"{_pages(change)} {verb} otherwise")
    if change.old_count != count:
        yield Branch(f"{count} pages, not {change.old_count}")
    for label, old, new in change.moves:
        name = f"section '{titles[label]}'" if label in titles else f"'{label}'"
        yield Branch(f"{name} begins on page {new.label}, not {old.label}")


def _pages(change: LayoutChange) -> str:
    """`pages iv, 12 and 30 to 32`."""
    labels = change.labels
    said = [
        f"{labels[first - 1]} to {labels[last - 1]}" if first < last else labels[first - 1]
        for first, last in ranges(change.pages)
    ]
    word = "page" if len(change.pages) == 1 else "pages"
    return f"{word} {' and '.join(filter(None, [', '.join(said[:-1]), said[-1]]))}"
