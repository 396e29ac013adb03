"""What a chapter would read if it ran now: the digest of anything that was noted, taken afresh."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path

from imprint.author.dependencies import Dependency
from imprint.core import digests
from imprint.core.digests import UNREADABLE
from imprint.core.model import Statistic
from imprint.core.problems import ReportError
from imprint.core.root import PROJECT_FILE
from imprint.core.settings import Settings
from imprint.read.data.csv_rows import Row
from imprint.read.data.tables import citing_columns, read_rows, read_statistics
from imprint.read.packaged import installed
from imprint.read.project.settings import read_settings

ENGINE = (
    "author/dependencies.py", "core/digests.py", "run/fork_server.py", "run/jupyter_kernels.py",
    "run/in_kernel.py", "run/kernel_client.py", "run/kernels.py", "run/place.py",
    "run/recorder.py", "run/transcripts.py",
)  # fmt: skip
"""Modules that decide in what surroundings code runs and what is heard of it."""


class Current:
    """The project at `root` as it stands; each thing is looked at once."""

    def __init__(self, root: Path, statistics: Mapping[str, Statistic] | None = None) -> None:
        """`statistics` are the rows of data/statistics.csv, where they have been read already."""
        self.root = root
        self._read = statistics
        self.digest: Callable[[Dependency], str] = cache(self._digest)

    @cached_property
    def setting(self) -> Mapping[str, str]:
        """Digests of what every chapter depends on, by what it is called in messages. Raises
        FileNotFoundError where a module of the engine is not there."""
        # One that has moved must not drop out of the key in silence.
        engine = [digests.bytes_digest((digests.PACKAGE / name).read_bytes()) for name in ENGINE]
        return {
            "the version of Python": digests.value_digest([sys.version, platform.machine()]),
            "uv.lock": digests.file_digest(self.root / "uv.lock"),
            "the installed packages": digests.value_digest(installed()),
            "the way Imprint runs chapters": digests.value_digest(engine),
        }

    def describe(self, read: Dependency) -> str:
        """Name what was read, for people."""
        kind, name, detail = read
        if kind == "cells":
            position, columns = json.loads(detail)
            rows = self._rows(name) or ()
            line = f"line {rows[position].line}" if position < len(rows) else f"row {position + 1}"
            return f"table '{name}', {line} ({', '.join(columns)})"
        return {
            "statistic": f"row '{name}' of data/statistics.csv",
            "table": f"the rows or columns that table '{name}' has",
            "citing": f"which columns of table '{name}' hold citations",
            "folder": f"the files in {name}/",
            "modules": f"the modules in {name}/",
            "code": f"Imprint's own {name}",
            "setting": f"the setting {name.replace('_', '-')} in {PROJECT_FILE}",
            "variable": f"the environment's {name}",
            "state": f"what the system says of {name}",
            "machine": f"the machine's {name}",
            "place": "the folder that the report is in",
        }.get(kind, name)

    def _digest(self, read: Dependency) -> str:
        kind, name, detail = read
        match kind:
            case "statistic":
                return _row_digest(self._statistics.get(name))
            case "table":
                rows = self._rows(name)
                return UNREADABLE if rows is None else digests.shape_digest(rows)
            case "cells":
                return self._cells(name, detail)
            case "citing":
                return self._citing(name)
            case "setting":
                return digests.value_digest(getattr(self._settings, name, None))
        return digests.digest_of(self.root, kind, name, detail)

    @cached_property
    def _settings(self) -> Settings:
        return read_settings(self.root)

    def _cells(self, name: str, detail: str) -> str:
        position, columns = json.loads(detail)
        rows = self._rows(name)
        if rows is None or position >= len(rows):
            return UNREADABLE
        known = _of_cells.get((self.root, name))
        if known is None or known[0] is not rows:
            known = _of_cells[self.root, name] = (rows, {})
        if detail not in known[1]:
            known[1][detail] = digests.cells_digest(rows[position], columns)
        return known[1][detail]

    def _citing(self, name: str) -> str:
        try:
            return digests.value_digest(sorted(citing_columns(self.root, name)))
        except ReportError:
            return UNREADABLE

    def _rows(self, name: str) -> Sequence[Row] | None:
        if name not in self._tables:
            try:
                self._tables[name] = read_rows(self.root, name)
            except ReportError:
                self._tables[name] = None
        return self._tables[name]

    @cached_property
    def _tables(self) -> dict[str, Sequence[Row] | None]:
        return {}

    @cached_property
    def _statistics(self) -> Mapping[str, Statistic]:
        if self._read is not None:
            return self._read
        try:
            return read_statistics(self.root)
        except ReportError:
            return {}


# A preview asks for the same rows after every edit.
_row_digest = lru_cache(maxsize=2**15)(digests.statistic_digest)
_of_cells: dict[tuple[Path, str], tuple[Sequence[Row], dict[str, str]]] = {}
"""Digests of cells, by table, for as long as its rows are the same objects."""
