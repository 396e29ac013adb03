"""A .qmd or .ipynb file rendered alone -> `SingleFile`: the file and the project around it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from imprint.core.model import FORMATS, Chapter, Entry, Format, Project, Publication
from imprint.core.problems import Place, Problem, ReportError, problem
from imprint.core.root import PROJECT_FILE, find_root
from imprint.read.bibliography import Library, read_library
from imprint.read.chapters.mentions import possible_labels
from imprint.read.chapters.notebooks import survey_chapter
from imprint.read.node import Node
from imprint.read.plain import levelled
from imprint.read.project.brand import with_brand
from imprint.read.project.contents import near_files
from imprint.read.project.publications import (
    front_matter_of,
    has_our_files,
    source_files,
    uses_ours,
)
from imprint.read.project.quarto_subset import base_format
from imprint.read.project.yaml_source import read_yaml_file
from imprint.read.report import HIDES_NOTHING, Report, name_style, read_report, works_written

NOT_ITS_OWN = {
    *("book", "project", "website", "title", "subtitle", "author", "authors", "date"),
    "number-sections",
}
"""Project metadata that say nothing of a single chapter."""
OF_THE_WHOLE = {
    *("book-has-index", "chapter-exists", "chapter-is-listed-once", "chapter-is-supported"),
    *("contents-are-supported", "project-is-supported"),
}
"""Problems with what a project lists, which say nothing of one file."""
TEXTS = (".qmd", ".ipynb", ".md")


@dataclass(frozen=True)
class SingleFile:
    """A file that is rendered alone."""

    file: Path
    report: Report
    """The file as a publication of one page."""
    around: Report
    """What the checks look at: the whole project that lists the file, else as `report`."""

    @property
    def chapter(self) -> Chapter:
        """The file as read."""
        return next(iter(self.report.chapters.values()))

    @property
    def others(self) -> tuple[Chapter, ...]:
        """The project's other chapters."""
        path = self.chapter.path
        return tuple(other for other in self.around.chapters.values() if other.path != path)

    @property
    def labels_elsewhere(self) -> frozenset[str]:
        """Labels that the project's other chapters may define."""
        return frozenset(label for other in self.others for label in possible_labels(other))

    def concerns(self, found: Problem) -> bool:
        """Whether a problem is this file's: what is wrong with other chapters is not."""
        file = found.place.file
        return not file.endswith(TEXTS) or file in self.chapter.files


def read_single_file(file: Path) -> tuple[SingleFile, list[Problem]]:
    """Read a file and, where it stands in one, its project, with the problems that concern it.

    The project's data, bibliography, style and metadata hold for it. Raises ReportError when the
    file cannot be read.
    """
    if not file.is_file():
        found = problem("chapter-exists", str(file), 0, "there is no such file", "fix its path")
        raise ReportError([found])
    file = file.resolve()
    project, problems = _project(file)
    root = project.project.root
    path = file.relative_to(root).as_posix()
    listed = next(
        (p for p in project.publications if any(entry.path == path for entry in p.entries)), None
    )
    model = listed or (project.publications[0] if project.publications else None)
    metadata = dict(model.metadata) if model else {}
    kept = {key: value for key, value in metadata.items() if key not in NOT_ITS_OWN}
    chapter, wrong = survey_chapter(root, path, kept.get("execute") or {})
    if uses_ours(chapter.metadata):
        project = replace(project, project=replace(project.project, is_plain=False))
    wrong = levelled(project.project, wrong)
    if any(it.severity == "error" and it.code not in HIDES_NOTHING for it in wrong):
        raise ReportError(wrong)
    problems = [found for found in problems if found.code not in OF_THE_WHOLE]

    merged = with_brand(root, path, {**kept, **chapter.metadata})
    entry = Entry("chapter", path, place=Place(path))
    settings = model.settings if model else project.settings
    publication = Publication(file.stem, False, (entry,), merged, file.stem, path, settings)
    alone, of_works = _with_own_bibliography(
        replace(project, publications=(publication,), chapters={path: chapter}), chapter
    )
    around = replace(project, library=alone.library) if listed else alone
    single = SingleFile(file, alone, around)
    return single, [*wrong, *of_works, *(found for found in problems if single.concerns(found))]


def documents_of(root: Path) -> list[Path]:
    """The documents of a plain project that lists several or none, which Quarto renders one by one,
    or as pages of a website; none for any other project. Raises ReportError for what it lists and
    is not there."""
    node, _ = read_yaml_file(root / PROJECT_FILE, PROJECT_FILE)
    kind, wanted = node.at("project", "type"), node.items_at("project", "render")
    is_one = len(wanted) == 1 and "*" not in wanted[0].text()
    kind_name = kind.text() if kind else "default"
    is_one_by_one = kind_name == "website" or (kind_name == "default" and not is_one)
    if not is_one_by_one or has_our_files(root):
        return []
    if uses_ours(node.plain() or {}) or any(root.glob("_quarto-*.yml")):
        return []
    everything = {path for end in _ALONE for path in root.rglob(f"*{end}")}
    left_out = {it for item in wanted if item.text()[:1] == "!" for it in _listed(root, item)}
    chosen = [item for item in wanted if item.text()[:1] != "!"]
    found = {it for item in chosen for it in _listed(root, item)} if chosen else everything
    return sorted(path for path in found - left_out if _is_a_document(path.relative_to(root)))


def _listed(root: Path, item: Node) -> set[Path]:
    """The files that an item of `render:` names. Raises ReportError where it names none."""
    pattern = item.text().removeprefix("!").strip("/")
    if pattern and (root / pattern).is_dir():
        pattern = f"{pattern}/**/*"
    try:
        found = {it for it in root.glob(pattern) if it.is_file()}
        found = {path for path in found if path.is_relative_to(root) and ".." not in path.parts}
    except (ValueError, NotImplementedError):
        # How pathlib refuses what is no pattern.
        found = set()
    if not found:
        fix = near_files(root, pattern, TEXTS) or "fix the pattern, or delete the line"
        message = f"'{item.text()}' names no file of the project"
        raise ReportError([Problem(item.place, "chapter-exists", message, fix)])
    return found


_ALONE = (".qmd", ".ipynb")
"""What is rendered where a project lists nothing."""


def _is_a_document(path: PurePath) -> bool:
    hidden = any(part.startswith((".", "_")) for part in path.parts)
    return path.suffix in TEXTS and not hidden


def own_formats(single: SingleFile) -> tuple[Format, ...]:
    """The formats that the file itself names, as Quarto writes them; both where it names none."""
    given = single.chapter.metadata.get("format") or ()
    names = {base_format(name) for name in ([given] if isinstance(given, str) else given)}
    asked = {"html": "html", "typst": "pdf"}
    found: tuple[Format, ...] = tuple(it for it in FORMATS if it in {asked.get(n) for n in names})
    return found or FORMATS


def _project(file: Path) -> tuple[Report, list[Problem]]:
    """The project around the file; an empty one in the file's folder where there is none."""
    try:
        root = find_root(file.parent)
    except ReportError:
        root = file.parent
    if (root / PROJECT_FILE).is_file():
        return read_report(root)
    nothing = Project(root, (), "file", (), "", is_plain=not has_our_files(root))
    return Report(nothing, (), {}, Library({}), {}, frozenset(), frozenset()), []


def _with_own_bibliography(report: Report, chapter: Chapter) -> tuple[Report, list[Problem]]:
    """The report with the bibliography and style that the file's front matter names, and what is
    wrong with that and can be told as a warning."""
    root, project = report.project.root, report.project
    front = front_matter_of(root, chapter.path)
    files, wrong = source_files(root, [front], "bibliography", document=chapter.path)
    styles, told = source_files(root, [front], "csl", document=chapter.path)
    if wrong or told:
        raise ReportError([*wrong, *told])
    project = replace(
        project,
        bibliography=tuple(dict.fromkeys([*project.bibliography, *files])),
        csl=styles[0] if styles else project.csl,
    )
    written = works_written(report.publications, [chapter])
    if not files and not written:
        return replace(report, project=project), []
    library, wrong = read_library(root, project.bibliography, name_style(project), written)
    wrong = levelled(project, wrong)
    if any(found.severity == "error" for found in wrong):
        raise ReportError(wrong)
    return replace(report, project=project, library=library), wrong
