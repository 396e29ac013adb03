"""Tables that list the works cited: what they say of a work is what its entry and the text say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from imprint.check.composed import ComposedReport
from imprint.check.rules.numbers.attribution import originals
from imprint.check.table_rows import TableRows, read_tables
from imprint.core.problems import Place, Problem, problem
from imprint.read.report import Report


def check_registers(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every row of a register of works, a table whose key is that of an entry,
    that gives another year than the entry (`register-fits-entry`), or whose themes are not those
    under which tables have rows of the work or chapters cite it (`register-fits-uses`)."""
    tables = read_tables(report)
    for filled in tables.values():
        keys = [column.name for column in filled.table.columns if column.cites]
        is_register = bool(keys) and filled.table.primary_key == (keys[0],)
        if is_register and report.library is not None:
            yield from _years(filled, keys[0], report)
            if report.settings.themes.list in filled.columns and report.is_complete:
                yield from _themes(filled, keys[0], report, tables)


def _years(filled: TableRows, key: str, report: Report) -> Iterator[Problem]:
    works = report.library.references if report.library else {}
    for row in filled.rows if "year" in filled.columns else ():
        work = works.get(str(row.get(key)))
        said = "" if row.get("year") is None else str(row["year"])
        if work is not None and said != work.year:
            message = (
                f"'{work.key}' has the year {said or 'left out'}, its entry {work.year or 'none'}"
            )
            fix = f"look the year up again; the entry stands at {work.place}"
            yield problem("register-fits-entry", filled.table.file, row.line, message, fix)


def _themes(
    filled: TableRows, key: str, report: ComposedReport, tables: Mapping[str, TableRows]
) -> Iterator[Problem]:
    themes = report.settings.themes
    has_rows = _themes_of_rows(tables, themes.column)
    for original in originals(report):  # its chapters reword it, without citing it
        has_rows.pop(original, None)
    cited, themed, places = _themes_of_citations(filled, report)
    for row in filled.rows:
        work = str(row.get(key))
        said = set(str(row.get(themes.list) or "").split("; ")) - {""}
        for theme in sorted(has_rows[work] - said):
            message = f"'{work}' has rows under '{theme}', which its {themes.list} leave out"
            fix = f"add '{theme}' to its {themes.list}"
            yield problem("register-fits-uses", filled.table.file, row.line, message, fix)
        for theme in sorted(it for it in themed - said if said and (work, it) in places):
            message = f"'{work}' is cited under '{theme}', which its {themes.list} leave out"
            fix = f"cite the work that is meant, or add '{theme}' at {filled.table.file}:{row.line}"
            yield Problem(places[work, theme], "register-fits-uses", message, fix)
        for theme in sorted(said - has_rows[work]):
            # A theme without a chapter of its own is that of any other chapter.
            cites = cited[work] - themed if theme not in themed else cited[work] & {theme}
            if not cites:
                message = f"'{work}' is listed under '{theme}', where nothing cites it"
                fix = f"cite it there, or take '{theme}' out of its {themes.list}"
                yield problem("register-fits-uses", filled.table.file, row.line, message, fix)


def _themes_of_rows(tables: Mapping[str, TableRows], theme: str) -> defaultdict[str, set[str]]:
    """By work, the themes of the rows that rest on it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for filled in tables.values():
        for row in filled.rows if theme in filled.columns else ():
            for key in filled.works(row, but=filled.table.primary_key):
                found[key].add(str(row.get(theme)))
    return found


def _themes_of_citations(
    filled: TableRows, report: ComposedReport
) -> tuple[defaultdict[str, set[str]], set[str], dict[tuple[str, str], Place]]:
    """By work, the chapters that cite it, named by their theme where they have one; the themes
    that have a chapter: one of that name, or with their label as its title; and where a theme
    cites a work first."""
    named = report.settings.themes
    labels: dict[str, str] = {}
    for table in read_tables(report).values():
        for column in table.table.columns:
            if column.name == named.column:
                labels.update({label.casefold(): value for value, label in column.labels})
    cited: defaultdict[str, set[str]] = defaultdict(set)
    themed: set[str] = set()
    places: dict[tuple[str, str], Place] = {}
    themes = {
        theme
        for row in filled.rows
        for theme in str(row.get(named.list) or "").split("; ")
        if theme
    }
    for path, chapter in report.chapters.items():
        stem = path.rpartition("/")[2].partition(".")[0]
        headings = (p.text for p in report.written(chapter) if p.kind == "heading" and p.level == 1)
        title = " ".join(next(headings, "").split()).casefold()
        theme = labels.get(title, stem)
        if theme in themes:
            themed.add(theme)
        for passage in report.passages.get(path, ()):
            printed = {id for run in passage.runs_of("number", "claim") for id in run.ids}
            given = {row.source for id in printed if (row := (report.statistics or {}).get(id))}
            for key, place in passage.keys("citation"):
                cited[key].add(theme)
                # A number of the work, printed beside it, says that it is meant.
                if key not in given and not passage.is_output:
                    places.setdefault((key, theme), place)
    return cited, themed, places
