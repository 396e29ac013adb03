"""What chapters and figure modules read: statistics, rows of tables, where the project stands."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unicodedata import normalize

from imprint.author import dependencies
from imprint.author.wording import StatisticError, form_of_mark, styled, words
from imprint.core.escaping import AuthorError
from imprint.core.memo import FileMemo
from imprint.core.model import Statistic
from imprint.core.problems import ReportError, nearest
from imprint.core.root import PROJECT_FILE, VARIABLE, find_root
from imprint.read.data.csv_rows import Row
from imprint.read.data.tables import read_rows, read_statistics
from imprint.read.project.lazy_settings import settings_about


class UnknownStatistic(AuthorError, LookupError):  # noqa: N818 - reads as a sentence
    """No row of data/statistics.csv has the id."""


class TableError(AuthorError, ValueError):
    """A table cannot be made as asked."""


class UnknownTable(TableError, LookupError):  # noqa: N818 - reads as a sentence
    """No table of data/ has the name."""


def statistic(id: str) -> Statistic:
    """The statistic `id`. Raises UnknownStatistic, naming the nearest ids."""
    id = normalize("NFC", id)
    root = project_root()
    files = [root / "data/statistics.csv", root / "data/datapackage.json", root / PROJECT_FILE]
    with dependencies.unseen():
        # Authors edit them while a notebook runs.
        known = _known.get(root, lambda: _statistics(root), lambda _: files, files)
    dependencies.note_statistic(id, known.get(id))
    if id not in known:
        fix = nearest(id, known) or "add a row for it"
        raise UnknownStatistic(f"there is no statistic '{id}' in data/statistics.csv", fix)
    return known[id]


def names_in(listed: str) -> list[str]:
    """What an argument names, between commas or blanks: `"ci, n"`."""
    return listed.replace(",", " ").split()


def data_rows(name: str) -> tuple[Row, ...]:
    """The rows of a table of data/. Raises TableError when it cannot be read."""
    try:
        with dependencies.unseen():
            rows = read_rows(project_root(), name)
        return dependencies.watched(name, rows)
    except ReportError as error:
        found = error.problems[0]
        if found.code == "table-is-described":
            raise UnknownTable(f"there is no table '{name}' in data/", found.fix) from None
        raise TableError(_first(error)) from None


def figure_rows(labels: Mapping[str, str], with_: str = "") -> list[dict[str, Any]]:
    """Rows behind a figure: one for each statistic id, with the label it bears in the drawing.

    `kind` is `exact`, `range` (a vague wording or a span, to be drawn from `low` to `high`) or
    `derived` (worked out by the report itself); `wording` is what the text prints, with the
    interval or sample that `with_` asks for, as of `stat`. Rows of surveys keep these as columns.
    """
    form = "+".join(("running", *names_in(with_)))
    root = project_root()
    with dependencies.unseen():
        settings = settings_about(root, "american", "en-US")
    dependencies.note("setting", "per_cent", settings.per_cent)
    rows = []
    for id, label in labels.items():
        found = statistic(id)
        if found.qualifier == "suppressed":
            fix = "leave it out, and say so in the caption"
            raise StatisticError(f"'{id}' is suppressed and cannot be drawn", fix)
        sample = {name: getattr(found, name) for name in ("n", "ci_low", "ci_high", "ci_level")}
        rows.append(
            {
                "id": id,
                "label": label,
                "value": found.value,
                "low": found.low,
                "high": found.high,
                "unit": found.unit,
                "kind": form_of_mark(found),
                "wording": words(styled(found, settings.style), form),
                "population": found.population,
                "source": found.source,
                "locator": found.locator,
                "note": found.note,
                **{name: value for name, value in sample.items() if value is not None},
            }
        )
    return rows


def project_root() -> Path:
    """The project's root: `QUARTO_PROJECT_DIR`, or the nearest folder upwards with _quarto.yml.

    Raises AuthorError when there is none.
    """
    named = os.environ.get(VARIABLE)
    if named and (Path(named) / PROJECT_FILE).is_file():
        return Path(named).resolve()
    try:
        return find_root(Path.cwd())
    except ReportError:
        said = f"no {PROJECT_FILE} here or in a folder above: open the chapter in its project"
        raise AuthorError(said) from None


_known: FileMemo[dict[str, Statistic]] = FileMemo()


def _statistics(root: Path) -> dict[str, Statistic]:
    try:
        return read_statistics(root)
    except ReportError as error:
        raise StatisticError(_first(error)) from None


def _first(error: ReportError) -> str:
    """The first problem on one line, and how many there are."""
    first, *others = error.problems
    more = f" (and {len(others)} more: run imprint check)" if others else ""
    return f"{first.place}: {first.message}{f': {first.fix}' if first.fix else ''}{more}"
