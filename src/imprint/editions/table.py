"""A CSV table -> editions, a name and parameters' values for each row, or all its problems."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from imprint.core.files import EncodingError, decoded
from imprint.core.problems import Place, Problem, ReportError
from imprint.read.data.csv_rows import csv_records
from imprint.read.parameters import Parameter, Value, typed_values

MOST = 50_000
"""Editions that one table may ask for."""
_LONGEST = 180
"""Bytes of a name: what file systems hold, less an ending."""
_PLACE_OF = re.compile(r"\{([\w-]+)\}")
_NO_NAME = re.compile(
    r"[/\\\x00-\x1f\x7f]|\A\s*\Z|\A\.|[. ]\Z|\A(?i:con|prn|aux|nul|com\d|lpt\d)\Z"
)
"""What no system takes for a file's name, or takes for another."""


@dataclass(frozen=True)
class Edition:
    """One row of the table."""

    name: str
    """Of its files, without an ending."""
    values: Mapping[str, Value]


def read_editions(
    file: Path, pattern: str, known: Mapping[str, Parameter], shown: str
) -> tuple[Edition, ...]:
    """The editions that a table asks for; columns are parameters.

    `pattern` makes names from columns (`{town}-summary`); empty, the first column is the name.
    `shown` is what messages call the file. Raises ReportError with all that is wrong with the
    table: nothing is made before it is right.
    """
    header, rows = _rows(file, shown)
    if not rows:
        raise _refused(shown, 1, "the table has no rows", "write a row for each edition")
    if len(rows) > MOST:
        message = f"the table has {len(rows):,} rows, and {MOST:,} editions are the most"
        raise _refused(shown, 1, message, "divide it into several tables")
    pattern = pattern or f"{{{header[0]}}}"
    unknown = [name for name in _PLACE_OF.findall(pattern) if name not in header]
    if unknown:
        message = f"the name's pattern asks for a column '{unknown[0]}'"
        raise _refused(shown, 1, message, f"known are {', '.join(header)}")
    editions: list[Edition] = []
    problems: list[Problem] = []
    taken: dict[str, int] = {}
    for line, cells in rows:
        try:
            edition = _edition(header, line, cells, pattern, known, shown)
        except ReportError as error:
            problems += error.problems
            continue
        first = taken.setdefault(edition.name.casefold(), line)
        if first != line:
            message = f"'{edition.name}' is the name of another edition, that of line {first}"
            fix = "make the names differ, by another column in --name"
            problems.append(Problem(Place(shown, line), "edition-has-a-name", message, fix))
        editions.append(edition)
    if problems:
        raise ReportError(problems)
    return tuple(editions)


def _rows(file: Path, shown: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    try:
        text = decoded(file.read_bytes()).removeprefix("\ufeff")
    except OSError as error:
        reason = error.strerror or str(error)
        raise _refused(shown, 0, f"cannot be read: {reason.lower()}", "fix the path") from None
    except EncodingError as error:
        raise _refused(shown, 0, str(error), "save it as UTF-8") from None
    records, problems = csv_records(text, shown)
    if problems:
        raise ReportError(problems)
    rows = [(it.line, list(it.cells)) for it in records if any(map(str.strip, it.cells))]
    if not rows:
        raise _refused(shown, 1, "the table has no header row", "name the parameters in it")
    (_, header), *body = rows
    header = [name.strip() for name in header]
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        raise _refused(shown, 1, f"the column '{twice}' stands twice", "delete one")
    return header, body


def _edition(
    header: list[str],
    line: int,
    cells: list[str],
    pattern: str,
    known: Mapping[str, Parameter],
    shown: str,
) -> Edition:
    place = Place(shown, line)
    if len(cells) != len(header):
        message = f"the row has {len(cells)} cells, and the header {len(header)}"
        raise ReportError([Problem(place, "row-is-whole", message, "give each column a cell")])
    row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    name = _PLACE_OF.sub(lambda found: row[found[1]], pattern)
    if _NO_NAME.search(name) or len(name.encode()) > _LONGEST:
        message = f"'{name}' cannot be the name of a file"
        fix = "leave out slashes, dots at the beginning and blanks at the end, or choose --name"
        raise ReportError([Problem(place, "edition-has-a-name", message, fix)])
    return Edition(name, typed_values(known, row, place))


def _refused(shown: str, line: int, message: str, fix: str) -> ReportError:
    return ReportError([Problem(Place(shown, line), "editions-table-is-valid", message, fix)])
