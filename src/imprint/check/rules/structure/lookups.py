"""Look-ups: every statistic, figure and table that a chapter asks for by name exists."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from imprint.check.code.calls import Call, calls
from imprint.core.problems import Problem, nearest
from imprint.read.report import Report


def check_lookups(report: Report) -> Iterator[Problem]:
    """Yield a problem for every unknown name (`statistic-exists`, `figure-exists`,
    `table-exists`), with the nearest known ones."""
    for chapter in report.chapters.values():
        for call in calls(chapter):
            match call:
                case Call(name="stat", arguments=[id, *_]):
                    yield from _missing(call, [id], "statistic", report.statistics)
                case Call(name="claim", arguments=[_, *ids]):
                    yield from _missing(call, ids, "statistic", report.statistics)
                case Call(name="figure", arguments=[name, *_]):
                    yield from _missing(call, [name], "figure", report.figures)
                case Call(name="table", arguments=[name, *_]):
                    yield from _missing(call, [name], "table", report.tables or None)


WHERE = {
    "statistic": "add a row to data/statistics.csv",
    "figure": "add a module to figures/",
    "table": "add a CSV file to data/ and describe it in data/datapackage.json",
}


def _missing(
    call: Call, names: Collection[str | None], kind: str, known: Collection[str] | None
) -> Iterator[Problem]:
    if known is None:  # its file cannot be read, which is reported once, where it stands
        return
    for name in names:
        if name is not None and name not in known:
            fix = nearest(name, known) or WHERE[kind]
            yield Problem(call.place, f"{kind}-exists", f"there is no {kind} '{name}'", fix)
