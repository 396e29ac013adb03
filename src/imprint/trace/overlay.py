"""A report with other content in one of its files, in a throwaway folder that shares its cache."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imprint.core.files import OUTPUT, SCRATCH
from imprint.core.scratch import scratch_folder
from imprint.core.store import FOLDER
from imprint.read.report import Report
from imprint.run.cache import CachedRun
from imprint.run.execute import CacheLookup


@contextmanager
def overlay(report: Report, cached: CacheLookup, file: str, content: str) -> Iterator[Path]:
    """The root of a copy in which `file` has other content; `cached` is what the cache holds.

    Nothing done there changes the report but for its cache, which takes in new results.
    """
    root = report.project.root.resolve()
    with scratch_folder() as folder:
        copy = (folder / "report").resolve()
        (copy / FOLDER).parent.mkdir(parents=True)
        (root / FOLDER).mkdir(parents=True, exist_ok=True)
        _link(root / FOLDER, copy / FOLDER)
        copied = _written_folders(report, cached)
        for entry in sorted(root.iterdir()):
            if entry.name in (OUTPUT, SCRATCH):
                continue
            if entry.is_dir() and entry.name not in copied:
                _link(entry, copy / entry.name)
            elif entry.is_dir():
                shutil.copytree(
                    entry,
                    copy / entry.name,
                    copy_function=_copy_file,
                    ignore=_leading_back,
                    ignore_dangling_symlinks=True,
                )
            else:
                _copy_file(entry, copy / entry.name)
        (copy / file).write_text(content, encoding="utf-8", newline="")
        yield copy


def _leading_back(folder: str, names: list[str]) -> list[str]:
    """Entries of a folder that are one of those that it is in, as a link to `..` is: they would be
    copied without end, and the report within itself."""
    above = {os.path.realpath(it) for it in (Path(folder), *Path(folder).parents)}
    return [name for name in names if os.path.realpath(Path(folder, name)) in above]


def _copy_file(source: str | Path, target: str | Path) -> None:
    """Copy what is a file; what can be read without end is no source."""
    if Path(source).is_file():
        shutil.copy2(source, target)


def _written_folders(report: Report, cached: CacheLookup) -> set[str]:
    """Folders that chapters write to, or may be expected to: those are no links."""
    runs = cached.found.values()
    written = [name for _, run in runs if isinstance(run, CachedRun) for name in run.written]
    files = [*written, *report.files, "data/", "figures/"]
    return {file.partition("/")[0] for file in files if "/" in file}


def _link(target: Path, link: Path) -> None:
    """Link a folder; where the system has no links for us, copy it unless it is hidden."""
    try:
        link.symlink_to(target, target_is_directory=True)
    except OSError:
        if not target.name.startswith(".") and target.name != Path(FOLDER).name:
            shutil.copytree(target, link)
