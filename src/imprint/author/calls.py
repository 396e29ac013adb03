"""What a chapter calls: `stat`, `claim`, `figure` and `table`.

Each returns Markdown that prints alike in JupyterLab, Quarto and the embedded engine. Figure
modules read their data through `figure_rows` and `data_rows`. Importing this module costs the
standard library alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from imprint.author import drawing
from imprint.author.claims import ClaimFails, why_not, words_that_hold
from imprint.author.comparisons import COLUMNS, difference, is_change, unlike
from imprint.author.lookups import (
    TableError,
    UnknownStatistic,
    data_rows,
    figure_rows,
    names_in,
    project_root,
    statistic,
)
from imprint.author.tables import Where, alignment, cell_text, keeps, rows_of, with_values
from imprint.author.wording import Form, StatisticError, words
from imprint.core.escaping import (
    Align,
    AuthorError,
    Markdown,
    attribute,
    escape,
    one_line,
    pipe_table,
)
from imprint.core.problems import nearest

__all__ = [
    "AuthorError", "ClaimFails", "StatisticError", "TableError", "UnknownStatistic", "change",
    "claim", "compare", "data_rows", "escape", "figure", "figure_rows", "project_root", "stat",
    "statistic", "table",
]  # fmt: skip


def stat(id: str, form: Form = "running", with_: str = "") -> Markdown:
    """Print the statistic `id` in house style, in a span that carries the id.

    Forms: `running` (64 per cent), `sentence` (Sixty-four per cent), `words` (sixty-four per
    cent), `value` (64). `with_="ci, n"` adds its confidence interval and its sample in brackets.
    Raises UnknownStatistic, or StatisticError where it has no such form.
    """
    whole = "+".join((form, *names_in(with_)))
    return span(words(statistic(id), whole), "stat", id, form=whole)


def claim(word: str, *ids: str, form: Form = "running") -> Markdown:
    """Print `word` only while the statistics `ids` bear it out; `sentence` capitalises it. Rows
    that it compares must be alike: see `compare`.

    Raises ClaimFails, naming word, row and bounds, when they do not, and UnknownStatistic.
    """
    if len(ids) > 1 and word.lower() != "all":
        return compare(word, *ids, form=form)
    return _claimed(word, ids, form)


def compare(word: str, *ids: str, across: str = "", form: Form = "running") -> Markdown:
    """Print a word that compares rows, such as *more*, *twice* or *highest*, only while they bear
    it out and may be compared: they share measure, population, period and unit.

    `across` names the columns by which they differ on purpose, as in `across="population"`.
    `{}` in the word stands for the difference: `{} more` prints *6 percentage points more*.
    Raises ClaimFails and UnknownStatistic.
    """
    return _compared(word, ids, across, form, over_time=is_change(word))


def change(
    word: str, earlier: str, later: str, *, across: str = "", form: Form = "running"
) -> Markdown:
    """Print a word for a change, such as *fell*, *doubled* or *rose by {}*, only while the rows of
    two periods bear it out, the earlier one first; otherwise as `compare`."""
    return _compared(word, (earlier, later), across, form, over_time=True)


def _compared(
    word: str, ids: tuple[str, ...], across: str, form: Form, *, over_time: bool
) -> Markdown:
    rows = [statistic(id) for id in ids]
    named = names_in(across)
    for column in named:
        if column not in COLUMNS:
            fix = nearest(column, COLUMNS) or f"name {', '.join(COLUMNS)}"
            raise ClaimFails(f"rows cannot be compared across '{column}'", fix)
    complaint = unlike(rows, named, over_time=over_time) if len(rows) > 1 else ""
    if complaint:
        message = f"'{word}' compares what cannot be compared: {complaint}"
        fix = 'name what differs, as in `compare(…, across="population")`, or take other rows'
        raise ClaimFails(message, fix)
    if "{}" in word and len(rows) == 2:
        word = word.replace("{}", difference(*rows) or "{}")
    return _claimed(word, ids, form)


def _claimed(word: str, ids: tuple[str, ...], form: Form) -> Markdown:
    if complaint := why_not(word, *(statistic(id) for id in ids)):
        raise ClaimFails(complaint, words_that_hold(*map(statistic, ids)))
    return span(word[0].upper() + word[1:] if form == "sentence" else word, "claim", *ids)


def span(text: str, kind: str, *ids: str, form: str = "running") -> Markdown:
    """Words that carry the ids of the rows behind them."""
    named = f'data-stat="{attribute(" ".join(ids))}"'
    if form != "running":
        named += f' data-form="{form}"'
    return Markdown(f"[{escape(text)}]{{.{kind} {named}}}")


def figure(name: str) -> Markdown:
    """Draw figures/NAME.py and print the image with its title, caption and alt text.

    The label is `fig-` and the name with hyphens. Raises `drawing.FigureError`.
    """
    drawn = drawing.draw(project_root(), name)
    label = "fig-" + name.replace("_", "-")
    title = f"[{drawn.title}]{{.figure-title}} " if drawn.title else ""
    image = f"![{title}{drawn.caption}]({_from_here(drawn.image)})"
    return Markdown(f'{image}{{#{label} fig-alt="{attribute(drawn.alt)}"}}')


def table(
    name_or_rows: str | Iterable[Mapping[str, Any]] | Any,
    columns: Mapping[str, str] | Sequence[str] | None = None,
    where: Where | None = None,
    caption: str | None = None,
    label: str | None = None,
    align: Mapping[str, Align] | None = None,
    widths: Mapping[str, float] | None = None,
    cells: Mapping[str, Callable[[Mapping[str, Any]], object]] | None = None,
) -> Markdown:
    """Print a table from data: the name of a table of data/, rows as mappings, or a DataFrame.

    `columns` maps the columns to show to their headers, in order. `where` keeps the rows that
    have these values (one or any of several), or for which a function is true. `caption` is
    Markdown; `label` begins with `tbl-`. Columns of numbers stand on the right unless `align`
    says otherwise. With `widths` the table fills the page, and a column is as many times as wide
    as the columns not named. `cells` works columns out from their rows, as in
    `cells={"value": lambda row: stat(row["id"])}`. Cells are escaped, but for what `stat` and
    `claim` return; columns of BibTeX keys print as citations, with the `locator` of their row
    unless that has a column of its own, and ids of the table of statistics as the rows that
    numbers in a PDF lead to. Raises TableError.
    """
    rows, cites = rows_of(name_or_rows)
    if cells:
        rows = [with_values(row, {column: cells[column](row) for column in cells}) for row in rows]
    known = list(dict.fromkeys(column for row in rows for column in row))
    if columns is None:
        columns = known
    headers = columns if isinstance(columns, Mapping) else {column: column for column in columns}
    asked = [
        *headers,
        *(align or ()),
        *(widths or ()),
        *(where if isinstance(where, Mapping) else ()),
    ]
    for column in asked if rows else ():
        if column not in known:
            fix = nearest(column, known) or f"there are {', '.join(known)}"
            raise TableError(f"table has no column '{column}'", fix)
    kept = [row for row in rows if keeps(where, row)]
    if not kept or not headers:
        raise TableError("table has no rows" if headers else "table has no columns")
    if isinstance(name_or_rows, str) and name_or_rows == "statistics" and "id" in known:
        kept = [with_values(row, {"id": span(row["id"], "stat-row", row["id"])}) for row in kept]
    if label is not None and (not caption or not re.fullmatch(r"tbl-[a-z0-9-]+", label)):
        raise TableError(f"table label '{label}' needs a caption and the form 'tbl-name'")
    if any(width <= 0 for width in (widths or {}).values()):
        raise TableError("table has a column without width", "give it a number above nought")
    aligns = [(align or {}).get(column) or alignment(column, kept) for column in headers]
    text = pipe_table(
        [escape(header) for header in headers.values()],
        [[cell_text(row, column, column in cites, headers) for column in headers] for row in kept],
        aligns,
        [widths.get(column, 1) for column in headers] if widths else None,
    )
    said = one_line(caption or "")
    if label:
        data = f' data-table="{attribute(name_or_rows)}"' if isinstance(name_or_rows, str) else ""
        return Markdown(f"::: {{#{label}{data}}}\n\n{text}\n\n{said}\n\n:::")
    return Markdown(f"{text}\n\n: {said}" if said else text)


def _from_here(image: str) -> str:
    """A path from the root as a chapter running here must write it: notebooks that run in their
    own folder, as in JupyterLab, know no path that begins with a slash."""
    root, here = project_root(), Path.cwd().resolve()
    if here == root or not here.is_relative_to(root):
        return image
    return "../" * len(here.relative_to(root).parts) + image.lstrip("/")
