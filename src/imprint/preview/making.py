"""Report -> the files of a preview, each made only where what it is made from has changed.

What one build has read, run and composed serves the next: an edited chapter is read, run and
written anew, and beyond it only what its change reaches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from imprint.build.plan import Plan, Request, plan_build, shown_files
from imprint.build.sites import pdf_name, sites_of
from imprint.compose.stages import Stages
from imprint.core.document import Book
from imprint.core.events import Tell
from imprint.core.model import Chapter, Executed
from imprint.preview.pages import FOLDER
from imprint.read.chapters.markdown_source import forget_layouts
from imprint.read.report import Memory, Report
from imprint.review.pages import Texts, texts_of
from imprint.run.current import Current
from imprint.run.execute import look_up_chapters
from imprint.write.downloads import figure_files, figures_among
from imprint.write.provenance import provenance
from imprint.write.site.landing import landing_files, reading_times
from imprint.write.site.planned import PlannedFile
from imprint.write.site.site import Site, annex_pages, chapter_pages, other_files


@dataclass(frozen=True)
class _ChapterRun:
    """A chapter that has run."""

    chapter: Chapter
    execute_dir: str
    executed: Executed

    def holds(self, current: Current) -> bool:
        """Whether all that its code read is the same now."""
        reads = self.executed.reads
        return reads is not None and all(current.digest(read[:3]) == read[3] for read in reads)


@dataclass(frozen=True)
class SiteFiles:
    """The files of a preview as one state of the report gives them, none of them made yet."""

    pages: tuple[PlannedFile, ...]
    """Pages of chapters, with what they show."""
    annexes: tuple[PlannedFile, ...]
    """Pages of evidence, which nearly every edit changes, and figures for download."""
    landing: Callable[[], Iterable[PlannedFile]]
    """The pages that lead to all of them, once they are there."""
    images: frozenset[str]
    """Paths from the root of images that authors have put into the text."""
    texts: Texts
    """What comments are placed in."""


@dataclass
class PreviewMaker:
    """Keeps what builds have found out about the project at `root`."""

    root: Path
    jobs: int
    memory: Memory = field(default_factory=Memory)
    _runs: dict[str, _ChapterRun] = field(default_factory=dict)
    _stages: Stages | None = None
    _setting: Mapping[str, str] | None = None

    def close(self) -> None:
        """Forget everything."""
        if self._stages:
            self._stages.close()
        self._stages = None
        self._runs.clear()

    def recheck(self) -> None:
        """Look again at what every chapter made: someone may have deleted what it drew."""
        self._runs.clear()

    def make(self, report: Report, request: Request, tell: Tell) -> SiteFiles:
        """Run, compose and plan. Raises ReportError with every problem of the stage that cannot go
        on; what the stages before it have found is kept."""
        plan = plan_build(report, request)
        books = self.compose(plan, tell)
        figures = figures_among(image for book in books for image in book.images)
        sites = [
            replace(site, pdf_name=pdf_name(site.book.publication, ("pdf",)))
            for site in sites_of(plan, books, provenance(report, books))
        ]
        fronts, extension = [site.front for site in sites], plan.options.extension
        return SiteFiles(
            (
                *(_below(site, file) for site in sites for file in chapter_pages(site)),
                *(_below(site, file) for site in sites for file in other_files(site)),
            ),
            (
                *(_below(site, file) for site in sites for file in annex_pages(site)),
                *figure_files(self.root, figures, keeps=request.keeps),
            ),
            partial(landing_files, self.root / FOLDER, fronts, extension, reading_times(books)),
            frozenset(shown_files(books)),
            texts_of(books),
        )

    def compose(self, plan: Plan, tell: Tell) -> list[Book]:
        """Run and compose what is planned. Raises ReportError as `make` does."""
        stages = self._stages = self._stages or Stages(self.root, self.jobs, keeps=True)
        try:
            return plan.compose(self._execute(plan, tell), stages, tell)
        finally:
            stages.forget()
            forget_layouts()

    def _execute(self, plan: Plan, tell: Tell) -> dict[str, Executed]:
        """Every chapter as it comes out, run only where that may have changed."""
        report = plan.report
        current = Current(self.root.resolve(), report.statistics)
        execute_dir = report.project.execute_dir
        if self._setting != current.setting:
            self._runs.clear()
        self._setting = current.setting
        runs = {
            path: run
            for path, chapter in report.chapters.items()
            if (run := self._runs.get(path))
            and run.chapter == chapter
            and run.execute_dir == execute_dir
            and run.holds(current)
        }
        waiting = {path: found for path, found in report.chapters.items() if path not in runs}
        self._runs = runs
        if waiting:
            cached = look_up_chapters(current, waiting.values(), execute_dir)
            left = replace(
                plan,
                report=replace(report, chapters=waiting),
                request=replace(plan.request, cached=cached),
            )
            for path, executed in left.execute(tell).items():
                runs[path] = _ChapterRun(waiting[path], execute_dir, executed)
        return {path: runs[path].executed for path in report.chapters}


def _below(site: Site, file: PlannedFile) -> PlannedFile:
    return PlannedFile(f"{site.front.name}/{file.path}", file.made_from, file.make)
