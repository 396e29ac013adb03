"""`imprint why`: what made a chapter run, or would make it run again, and what else would make its
pages anew.

What code reads is known to the row (`run/cache.py`). What pages are made from besides is told by
its files, as the last manifest has them: the chapter's text, and what all pages share.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from imprint.build.manifest import input_digests, read_last
from imprint.core.commit import build_time
from imprint.core.files import SHARED
from imprint.core.model import Chapter, Project
from imprint.core.problems import ReportError, nearest, problem
from imprint.core.root import find_root
from imprint.read.chapters.notebooks import read_chapter
from imprint.read.project.publications import read_project
from imprint.read.single_file import documents_of, read_single_file
from imprint.run.cache import CachedRun, look_up
from imprint.run.chapter_script import needs_kernel
from imprint.run.current import Current
from imprint.run.execute import run_request

EXAMPLES = """\
imprint why                                  of every chapter
imprint why riding                           of one, by its name or path
imprint why owls.qmd                         of a document that stands by itself
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "chapters", nargs="*", metavar="CHAPTER", help="path or name; every chapter by default"
    )


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Tell of each chapter. Raises ReportError where one is unknown or cannot be read."""
    if documents := _documents(arguments.chapters):
        for document in documents:
            single, _ = read_single_file(document)
            project = single.report.project
            current = Current(project.root.resolve())
            for line in _answer_for(current, project, single.chapter):
                say(line)
        return 0
    root = find_root(Path.cwd())
    project = read_project(root)
    os.environ["SOURCE_DATE_EPOCH"] = str(build_time(root))
    current = Current(root.resolve())
    for chapter in _chapters(project, arguments.chapters):
        changed = list(_pages_changed(project, chapter))
        pages = [f"  its pages would be made anew: changed: {', '.join(changed)}"]
        for line in [*_answer_for(current, project, chapter), *(pages if changed else ())]:
            say(line)
    return 0


def _documents(names: Sequence[str]) -> list[Path]:
    """The documents meant, where they stand by themselves: in a plain project or in none."""
    files = [Path(name) for name in names if Path(name).is_file()]
    try:
        documents = documents_of(find_root(Path.cwd()))
    except ReportError:
        if not files:
            raise
        return files
    asked = files or [it for it in documents if not names or it.stem in names]
    return asked if documents else []


def _answer_for(current: Current, project: Project, chapter: Chapter) -> list[str]:
    if not needs_kernel(chapter):
        return [f"{chapter.path}: has no code to run"]
    found = look_up(current, run_request(current.root, chapter, project.execute_dir))
    holds = isinstance(found, CachedRun)
    head = "its kept result holds; why it last ran:" if holds else "would run:"
    return [f"{chapter.path}: {head}", *(f"  {reason}" for reason in found.reasons)]


def _pages_changed(project: Project, chapter: Chapter) -> Iterator[str]:
    """Files that the chapter's pages are made from and that have changed since the last render."""
    publications = [p for p in project.publications if chapter.path in [e.path for e in p.entries]]
    last = read_last(project.root, "manifest.json").get("publications", {})
    before: dict[str, str] = {}
    for publication in publications:
        before |= last.get(publication.name, {}).get("inputs", {})
    if not before:
        return
    now = input_digests(project.root, chapter.files)
    named = {*chapter.files, *project.bibliography, project.csl, "_quarto.yml"}
    named |= {publication.file for publication in publications}
    for path in sorted({*before, *now}):
        concerns = path in named or path.startswith(SHARED)
        if concerns and before.get(path) != now.get(path):
            yield path


def _chapters(project: Project, names: Sequence[str]) -> list[Chapter]:
    """The named chapters, by path from the root, path from here, or name without its ending."""
    found: dict[str, Chapter] = {}
    for publication in project.publications:
        defaults = publication.metadata.get("execute") or {}
        for entry in publication.entries:
            if entry.path and entry.path not in found:
                found[entry.path] = read_chapter(project.root, entry.path, defaults)
    chosen = []
    for name in names:
        here = Path(name).absolute()
        match = [
            path for path in found if name in (path, Path(path).stem) or project.root / path == here
        ]
        if not match:
            fix = nearest(name, [*found, *(Path(path).stem for path in found)])
            fix = fix or f"name one of {', '.join(found)}"
            raise ReportError([problem("chapter-exists", name, 0, "is no chapter", fix)])
        chosen.append(found[match[0]])
    return chosen or list(found.values())
