"""What a chapter calls: `stat`, `claim`, `figure` and `table`.

Each returns Markdown that prints alike in JupyterLab, Quarto and the embedded engine. Figure
modules read their data through `figure_rows` and `data_rows`. Importing this module costs the
standard library alone.
"""

from __future__ import annotations

import os
import re
from collections import ChainMap
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from imprint.author import dependencies, drawing
from imprint.author.claims import ClaimError, why_not
from imprint.author.wording import Form, WordingError, form_of_mark, words
from imprint.core.escaping import (
    Align,
    AuthorError,
    Markdown,
    attribute,
    escape,
    locator,
    one_line,
    pipe_table,
)
from imprint.core.model import Statistic
from imprint.core.problems import ReportError, nearest
from imprint.read.data.csv_rows import Row
from imprint.read.data.tables import citing_columns, read_rows, read_statistics

__all__ = [
    "AuthorError", "ClaimFails", "StatisticError", "TableError", "UnknownStatistic", "claim",
    "data_rows", "escape", "figure", "figure_rows", "project_root", "stat", "statistic", "table",
]  # fmt: skip

Where = Mapping[str, object] | Callable[[Mapping[str, Any]], bool]


class UnknownStatistic(AuthorError, LookupError):  # noqa: N818 - reads as a sentence
    """No row of data/statistics.csv has the id."""


class StatisticError(AuthorError, ValueError):
    """A statistic cannot be put into the words asked for."""


class ClaimFails(AuthorError, ValueError):  # noqa: N818 - reads as a sentence
    """The data do not bear a claim out."""


class TableError(AuthorError, ValueError):
    """A table cannot be made as asked."""


def stat(id: str, form: Form = "running") -> Markdown:
    """Print the statistic `id` in house style, in a span that carries the id.

    Forms: `running` (64 per cent), `sentence` (Sixty-four per cent), `words` (sixty-four per
    cent), `value` (64). Raises UnknownStatistic, or StatisticError where it has no such form.
    """
    try:
        text = words(statistic(id), form)
    except WordingError as error:
        raise StatisticError(str(error)) from None
    return _span(text, "stat", id, form=form)


def claim(word: str, *ids: str, form: Form = "running") -> Markdown:
    """Print `word` only while the statistics `ids` bear it out; `sentence` capitalises it.

    Raises ClaimFails, naming word, row and bounds, when they do not, and UnknownStatistic.
    """
    try:
        complaint = why_not(word, *(statistic(id) for id in ids))
    except ClaimError as error:
        raise ClaimFails(str(error)) from None
    if complaint:
        raise ClaimFails(complaint)
    return _span(word[0].upper() + word[1:] if form == "sentence" else word, "claim", *ids)


def figure(name: str) -> Markdown:
    """Draw figures/NAME.py and print the image with its caption and alt text.

    The label is `fig-` and the name with hyphens. Raises `drawing.FigureError`.
    """
    drawn = drawing.draw(project_root(), name)
    label = "fig-" + name.replace("_", "-")
    image = f"![{drawn.caption}]({_from_here(drawn.image)})"
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
    rows, cites = _rows(name_or_rows)
    if cells:
        rows = [_with(row, {column: cells[column](row) for column in cells}) for row in rows]
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
            hint = nearest(column, known) or f"there are {', '.join(known)}"
            raise TableError(f"table has no column '{column}': {hint}")
    kept = [row for row in rows if _keeps(where, row)]
    if not kept or not headers:
        raise TableError("table has no rows" if headers else "table has no columns")
    if isinstance(name_or_rows, str) and name_or_rows == "statistics" and "id" in known:
        kept = [_with(row, {"id": _span(row["id"], "stat-row", row["id"])}) for row in kept]
    if label is not None and (not caption or not re.fullmatch(r"tbl-[a-z0-9-]+", label)):
        raise TableError(f"table label '{label}' needs a caption and the form 'tbl-name'")
    if any(width <= 0 for width in (widths or {}).values()):
        raise TableError("table has a column without width: give it a number above nought")
    aligns = [(align or {}).get(column) or _alignment(column, kept) for column in headers]
    text = pipe_table(
        [escape(header) for header in headers.values()],
        [[_cell(row, column, column in cites, headers) for column in headers] for row in kept],
        aligns,
        [widths.get(column, 1) for column in headers] if widths else None,
    )
    said = one_line(caption or "")
    if label:
        data = f' data-table="{attribute(name_or_rows)}"' if isinstance(name_or_rows, str) else ""
        return Markdown(f"::: {{#{label}{data}}}\n\n{text}\n\n{said}\n\n:::")
    return Markdown(f"{text}\n\n: {said}" if said else text)


# --- what figure modules read ----------------------------------------------------------------


def statistic(id: str) -> Statistic:
    """The statistic `id`. Raises UnknownStatistic, naming the nearest ids."""
    root = project_root()
    path = root / "data" / "statistics.csv"
    stamps = tuple(
        (file.stat().st_mtime_ns, file.stat().st_size) if file.exists() else None
        for file in (path, path.with_name("datapackage.json"), root / "_quarto.yml")
    )
    with dependencies.unseen():
        known = _statistics(root, stamps)
    dependencies.note_statistic(id, known.get(id))
    if id not in known:
        hint = nearest(id, known) or "add a row for it"
        raise UnknownStatistic(f"no statistic '{id}' in data/statistics.csv: {hint}")
    return known[id]


def data_rows(name: str) -> tuple[Row, ...]:
    """The rows of a table of data/. Raises TableError when it cannot be read."""
    try:
        with dependencies.unseen():
            rows = read_rows(project_root(), name)
        return dependencies.watched(name, rows)
    except ReportError as error:
        raise TableError(_first(error)) from None


def figure_rows(labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows behind a figure: one for each statistic id, with the label it bears in the drawing.

    `kind` is `exact`, `range` (a vague wording or a span, to be drawn from `low` to `high`) or
    `derived` (worked out by the report itself); `wording` is what the text prints.
    """
    rows = []
    for id, label in labels.items():
        found = statistic(id)
        rows.append(
            {
                "id": id,
                "label": label,
                "value": found.value,
                "low": found.low,
                "high": found.high,
                "unit": found.unit,
                "kind": form_of_mark(found),
                "wording": words(found),
                "population": found.population,
                "source": found.source,
                "locator": found.locator,
                "note": found.note,
            }
        )
    return rows


def project_root() -> Path:
    """The project's root: `QUARTO_PROJECT_DIR`, or the nearest folder upwards with _quarto.yml.

    Raises AuthorError when there is none.
    """
    named = os.environ.get("QUARTO_PROJECT_DIR")
    here = Path.cwd()
    for folder in [*([Path(named)] if named else []), here, *here.parents]:
        if (folder / "_quarto.yml").is_file():
            return folder.resolve()
    raise AuthorError("no _quarto.yml here or in a folder above: open the chapter in its project")


def _from_here(image: str) -> str:
    """A path from the root as a chapter running here must write it: notebooks that run in their
    own folder, as in JupyterLab, know no path that begins with a slash."""
    root, here = project_root(), Path.cwd().resolve()
    if here == root or not here.is_relative_to(root):
        return image
    return "../" * len(here.relative_to(root).parts) + image.lstrip("/")


@lru_cache(maxsize=4)
def _statistics(root: Path, _stamps: object) -> dict[str, Statistic]:
    """Statistics, read again once their files have changed, as authors edit them."""
    try:
        return read_statistics(root)
    except ReportError as error:
        raise StatisticError(_first(error)) from None


def _first(error: ReportError) -> str:
    """The first problem on one line, and how many there are."""
    first, *others = error.problems
    more = f" (and {len(others)} more: run imprint check)" if others else ""
    return f"{first.place}: {first.message}{f': {first.fix}' if first.fix else ''}{more}"


# --- Markdown --------------------------------------------------------------------------------

_KEY = re.compile(r"[A-Za-z0-9_]+(?:[:.+-][A-Za-z0-9_]+)*", re.ASCII)


def _span(text: str, kind: str, *ids: str, form: Form = "running") -> Markdown:
    named = f'data-stat="{attribute(" ".join(ids))}"'
    if form != "running":
        named += f' data-form="{form}"'
    return Markdown(f"[{escape(text)}]{{.{kind} {named}}}")


def _rows(source: Any) -> tuple[list[Mapping[str, Any]], frozenset[str]]:
    """Rows and, for a table of data/, the columns that hold BibTeX keys."""
    if isinstance(source, str):
        rows = list(data_rows(source))
        with dependencies.unseen():
            citing = citing_columns(project_root(), source)
        dependencies.note_citing(source, citing)
        return list(rows), citing
    if hasattr(source, "to_dict") and hasattr(source, "notna"):
        frame = source.astype(object)
        return frame.where(source.notna(), None).to_dict("records"), frozenset()
    return list(source), frozenset()


def _with(row: Mapping[str, Any], values: dict[str, Any]) -> Mapping[str, Any]:
    """The row with other values; its own cells are not looked at before someone asks for them."""
    return ChainMap(values, cast("dict[str, Any]", row))


def _keeps(where: Where | None, row: Mapping[str, Any]) -> bool:
    if where is None:
        return True
    if callable(where):
        return bool(where(row))
    return all(
        row.get(column) in wanted
        if isinstance(wanted, Collection) and not isinstance(wanted, str)
        else row.get(column) == wanted
        for column, wanted in where.items()
    )


def _alignment(column: str, rows: Sequence[Mapping[str, Any]]) -> Align:
    values = [row[column] for row in rows if row.get(column) is not None]
    numbers = values and all(_is_number(value) for value in values)
    return "right" if numbers else "left"


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _cell(row: Mapping[str, Any], column: str, cites: bool, shown: Collection[str]) -> str:
    value = row.get(column)
    if value is None or value != value:
        return ""
    if isinstance(value, Markdown):
        return value.text
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        number = f"{round(value, 2):,}" if abs(value) >= 10_000 else f"{round(value, 2)}"
        return number.removesuffix(".0")
    text = str(value)
    keys = text.split("; ")
    if cites and all(_KEY.fullmatch(key) for key in keys):
        where = locator(str(row.get("locator") or "")) if "locator" not in shown else ""
        return "[" + "; ".join(f"@{key}" for key in keys) + (f", {where}]" if where else "]")
    return escape(text)
