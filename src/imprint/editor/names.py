"""A report -> what its authors call by name, each with its place and what a reader sees of it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from imprint.core.escaping import escape
from imprint.core.files import OUTPUT
from imprint.core.problems import Place, ReportError
from imprint.read.chapters.mentions import label_places
from imprint.read.data.tables import STATISTICS
from imprint.read.references import Reference
from imprint.read.report import Report
from imprint.write.site.row_facts import cell_text, facts, measure_of, value_of
from imprint.write.statistic_rows import Record, statistic_rows

Kind = Literal["statistic", "work", "label", "figure", "table"]
TABLE = f"data/{STATISTICS}.csv"


@dataclass(frozen=True)
class Name:
    """Something that a report's authors call by its name."""

    name: str
    kind: Kind
    place: Place
    """Of its row, entry or label, or of its file."""
    said: str
    """What it is, in a few words of plain text; empty where that is not known."""
    shown: str = ""
    """What a reader sees of it, in Markdown."""


@dataclass(frozen=True)
class ReportNames:
    """All names of a report by kind."""

    by_kind: Mapping[Kind, Mapping[str, Name]]

    def of(self, *kinds: Kind) -> Iterator[Name]:
        """The names of these kinds, in the order of the files."""
        for kind in kinds:
            yield from self.by_kind.get(kind, {}).values()

    def find(self, name: str, *kinds: Kind) -> Name | None:
        """The thing of this name."""
        return next((found for found in self.of(*kinds) if found.name == name), None)


def names_of(report: Report, root: Path, before: ReportNames) -> ReportNames:
    """The names of a report; of a table or bibliography that cannot be read, those of `before`.
    What is printed is told by the output of the last render below `root`."""
    statistics = _statistics(report) if report.statistics is not None else None
    library = report.library
    works = [_work(it, root) for it in library.references.values()] if library else None
    figures = [
        Name(name, "figure", Place(f"figures/{name}.py", 1), "figure")
        for name in sorted(report.figures)
    ]
    tables = [Name(name, "table", Place(f"data/{name}.csv", 1), "table")
              for name in sorted(report.tables)]  # fmt: skip
    found: dict[Kind, Mapping[str, Name]] = {
        "statistic": before.by_kind.get("statistic", {}) if statistics is None else statistics,
        "work": before.by_kind.get("work", {}) if works is None else _by_name(works),
        "label": _by_name(_labels(report, root)),
        "figure": _by_name(figures),
        "table": _by_name(tables),
    }
    return ReportNames(found)


def _by_name(names: Iterable[Name]) -> dict[str, Name]:
    found: dict[str, Name] = {}
    for it in names:
        found.setdefault(it.name, it)
    return found


def _statistics(report: Report) -> dict[str, Name] | None:
    try:
        rows = statistic_rows(report) if report.statistics else {}
    except (ReportError, LookupError, ValueError):
        return None
    return {id: _statistic(report, row, rows) for id, row in rows.items()}


def _statistic(report: Report, row: Record, rows: Mapping[str, Record]) -> Name:
    id = str(row["id"])
    value, measure = value_of(row), measure_of(row)
    works = report.library.references if report.library else {}
    key = str(row.get("source") or "")
    work = works[key].name if key in works else key
    page = cell_text(row, "locator")
    told = [*facts(row, rows), *([("Source", f"{work}, {page}" if page else work)] if work else [])]
    lines = [f"**{escape(value)}** — {escape(measure)}", ""]
    lines += [f"- {heading}: {escape(said)}" for heading, said in told]
    place = Place(TABLE, report.statistics[id].line if report.statistics else 0)
    return Name(id, "statistic", place, f"{value} — {measure}", "\n".join(lines))


def _work(work: Reference, root: Path) -> Name:
    title = work.csl.printed.get("title", "")
    said = ". ".join(filter(None, (work.name or work.key, title)))
    shown = _printed_works(*_built(root, "*/**/*.html")).get(work.key)
    return Name(work.key, "work", work.place, said, escape(shown or said))


def _labels(report: Report, root: Path) -> Iterator[Name]:
    printed = _printed_labels(*_built(root, "*/document.json"))
    kinds = report.reference_kinds
    for chapter in report.chapters.values():
        for label, place in label_places(chapter):
            if label.partition("-")[0] in kinds:
                said = printed.get(label, "")
                yield Name(label, "label", place, said, escape(said))


# --- the last render ---------------------------------------------------------------------------

Built = tuple[Path, int]
"""A file, and when it was written."""


def _built(root: Path, pattern: str) -> list[Built]:
    found = []
    for file in sorted((root / OUTPUT).glob(pattern)):
        try:
            found.append((file, file.stat().st_mtime_ns))
        except OSError:  # a render swaps the folder
            continue
    return found


_ENTRY = re.compile(
    r'<div id="ref-([^"]+)" class="csl-entry"[^>]*>(.*?)</div>\s*(?=<div|</div)', re.S
)


@lru_cache(maxsize=2)
def _printed_works(*files: Built) -> dict[str, str]:
    """Works as the pages of the last render list them, by key."""
    found: dict[str, str] = {}
    for file, _ in files:
        for key, entry in _ENTRY.findall(_text(file)):
            found[html.unescape(key)] = html.unescape(
                " ".join(re.sub(r"<[^>]+>", "", entry).split())
            )
    return found


@lru_cache(maxsize=2)
def _printed_labels(*files: Built) -> dict[str, str]:
    """Headings and captions by label, as the last render printed them."""
    found: dict[str, str] = {}
    for file, _ in files:
        try:
            chapters = json.loads(_text(file))["chapters"]
            passages = [passage for chapter in chapters for passage in chapter["passages"]]
        except (ValueError, LookupError, TypeError):
            continue
        for passage in passages:
            for label in _labelled(passage):
                found.setdefault(label, " ".join(passage["text"].split()))
    return found


def _labelled(passage: Mapping[str, Any]) -> Iterator[str]:
    """The labels of which a passage is the heading or the caption."""
    if passage["kind"] == "heading" and passage.get("id"):
        yield passage["id"]
    if passage["kind"] in ("caption", "title"):
        yield from (holder["id"] for holder in passage.get("within", ()) if holder.get("id"))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
