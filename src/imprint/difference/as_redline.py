"""A comparison -> Typst source of a redline: added and struck words, bars beside what changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from imprint.core.numbers import counted
from imprint.difference.as_text import summary
from imprint.difference.comparison import Comparison, PublicationChange
from imprint.difference.segments import Segment, SegmentKind
from imprint.difference.shown import ShownBlock, ShownGroup, shown_groups

_MARKS: dict[SegmentKind, str] = {
    "same": "", "inserted": "inserted", "deleted": "deleted", "moved here": "moved-here",
    "moved away": "moved-away",
}  # fmt: skip
_HEAD = """\
#set page(paper: "a4", margin: (left: 3cm, right: 2.5cm, y: 2.5cm), numbering: "1",
  header: align(right, text(8pt, TITLE)))
#set text(font: "Source Sans Pro", size: 10.5pt, lang: "en")
#set par(leading: 0.62em, spacing: 1em)
#show heading: set block(above: 1.6em, below: 0.8em)
#let inserted(it) = underline(text(fill: rgb("#0b5c2b"), it))
#let deleted(it) = strike(text(fill: rgb("#8a1c1c"), it))
#let moved-here(it) = underline(stroke: (dash: "dotted"), text(fill: rgb("#0a4b9a"), it))
#let moved-away(it) = strike(stroke: (dash: "dotted"), text(fill: rgb("#0a4b9a"), it))
#let changed(it) = block(stroke: (left: 1.5pt), outset: (left: 8pt), it)
#let aside(it) = text(8.5pt, fill: rgb("#57606a"), it)
"""


def redline(comparison: Comparison) -> str:
    """The source, complete; all that is put into it is a text of Typst's, never markup."""
    title = f"{comparison.old} compared with {comparison.new}"
    lines = [f"#set document(title: {_text(title)})", _HEAD.replace("TITLE", _text(title))]
    lines.append(f"#heading(level: 1, {_text('What changed')})\n")
    lines.append(f"#{_text(title)}. Words are #inserted[inserted], #deleted[deleted], "
                 "#moved-here[moved here] or #moved-away[moved elsewhere].\n")  # fmt: skip
    if comparison.is_empty:
        lines.append("Nothing that a reader sees has changed.")
    for publication in comparison.publications:
        lines += _publication(publication)
    return "\n".join(lines) + "\n"


def _publication(publication: PublicationChange) -> Iterator[str]:
    said = summary(publication)
    if not said:
        return
    yield f"#heading(level: 2, {_text(publication.title)})\n"
    yield f"#{_text(said)}.\n"
    for chapter in publication.difference.chapters:
        yield f"#heading(level: 3, {_text(chapter.path)})\n"
        for group in shown_groups(chapter):
            yield from _group(group)


def _group(group: ShownGroup) -> Iterator[str]:
    if group.is_folded:
        yield f"#aside({_text(counted(len(group.blocks), 'passage') + ' as before')})\n"
    elif group.is_table:
        columns = max(len(block.cells) for block in group.blocks)
        yield f"#table(columns: (1fr,) * {columns}, inset: 4pt, stroke: 0.5pt,"
        for block in group.blocks:
            cells = [f"[{_words(cell)}]" for cell in block.cells]
            yield "  " + ", ".join([*cells, *["[]"] * (columns - len(cells))]) + ","
        yield ")\n"
    else:
        for block in group.blocks:
            yield _block(block)


def _block(block: ShownBlock) -> str:
    words = "".join(_words(cell) for cell in block.cells)
    if block.kind == "heading":
        words = f"#strong[{words}]"
    elif block.kind not in ("text", "item"):
        kind = {"alt": "alternative text"}.get(block.kind, block.kind)
        words = f"#aside({_text(kind + ': ')}){words}"
    if block.note:
        words += f" #aside({_text(block.note)})"
    return f"#changed[{words}]\n" if block.is_changed else f"{words}\n"


def _words(segments: Iterable[Segment]) -> str:
    return "".join(f"#{_MARKS[it.kind]}({_text(it.text)})" if _MARKS[it.kind]
                   else f"#{_text(it.text)}" for it in segments)  # fmt: skip


def _text(text: str) -> str:
    """A text as Typst writes it between quotation marks."""
    kept = "".join(it if it >= " " else " " for it in text)
    return json.dumps(kept, ensure_ascii=False)
