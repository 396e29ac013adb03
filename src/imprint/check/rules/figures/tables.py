"""What tables of data/ are called where they are shown: heads of columns and captions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from imprint.check.composed import ComposedReport
from imprint.check.prose.roots import COMMON, roots
from imprint.check.table_rows import read_tables
from imprint.core.document import Passage
from imprint.core.problems import Problem


def check_tables(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every head of a column of a table of data/ that is that of another
    (`head-fits-column`), and every caption that speaks of another table than the one shown
    (`caption-fits-table`)."""
    names = {
        table.table.file: {c.name: c.name.replace("_", " ").lower() for c in table.table.columns}
        for table in read_tables(report).values()
    }
    seen = set()
    for passages in report.passages.values():
        tables: dict[str, list[Passage]] = {}
        captions: dict[str, Passage] = {}
        for it in passages:
            label = next((holder.id for holder in it.within if holder.id), "")
            if it.kind == "cell" and it.is_output:
                tables.setdefault(label, []).append(it)
            elif it.kind == "caption" and label:
                captions[label] = it
        for label, cells in tables.items():
            if label not in seen:
                seen.add(label)
                yield from _swapped_heads(cells, names)
                if label in captions:
                    yield from _caption(captions[label], cells, list(names))


def _caption(caption: Passage, cells: Sequence[Passage], files: Sequence[str]) -> Iterator[Problem]:
    """A caption with a word of another table's name, and none that its own has beside it, or with
    all words of that name, and none of its own."""
    shown = {it.file for it in cells if not it.is_head and it.file in files}
    if len(shown) != 1:
        return
    (own,) = shown
    said = roots(caption.text.lower()) - COMMON
    mine = _name(own)
    for other in sorted(it for it in files if it != own):
        theirs = _name(other)
        is_other = said & (theirs - mine) if mine & theirs else len(theirs) > 1 and theirs <= said
        if is_other and not said & (mine - theirs):
            message = f"this is the caption of a table of {own}, and speaks of what {other} holds"
            fix = "say what the table shows, or show the other one"
            yield Problem(caption.place(0), "caption-fits-table", message, fix)
            return


def _name(file: str) -> frozenset[str]:
    """The words of a table's name by their roots."""
    return roots(file.rpartition("/")[2].partition(".")[0].replace("_", " ").lower()) - COMMON


def _swapped_heads(
    cells: Sequence[Passage], names: Mapping[str, Mapping[str, str]]
) -> Iterator[Problem]:
    columns = {it.column: it.target for it in cells if not it.is_head and it.target}
    heads = {it.column: it for it in cells if it.is_head}
    files = {it.file for it in cells if not it.is_head and it.file in names}
    known = {name: text for file in files for name, text in names[file].items()}
    for number, head in heads.items():
        own = known.get(columns.get(number, ""), "")
        said = roots(head.text.lower())
        others = [name for at, name in columns.items() if at != number and name in known]
        meant = [name for name in others if said and said & roots(known[name])]
        if own and meant and not said & roots(own):
            message = (
                f"the column '{columns[number]}' is headed '{head.text}', "
                f"which is what '{meant[0]}' holds"
            )
            fix = "give each column its own head"
            yield Problem(head.place(0), "head-fits-column", message, fix)
