"""One notebook on its own: `training.qmd` -> `training.html` and `training.pdf` beside it.

The page holds its style, scripts and images, so that it can be sent as one file.
"""

from __future__ import annotations

import base64
import mimetypes
import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from imprint.checks import run_checks
from imprint.library import read_library
from imprint.mentions import labels
from imprint.model import Entry, Executed, Format, Project, Publication
from imprint.notebooks import read_chapter
from imprint.problems import Place, ReportError, problem
from imprint.project import PROJECT_FILE, find_root, read_project
from imprint.render.compose import compose
from imprint.render.extension import read_extension
from imprint.render.pdf import write_pdf
from imprint.render.pipeline import Progress, Request, build_time, execute
from imprint.render.site import write_site
from imprint.sources import Sources, read_sources

TITLE = re.compile(r"#[ \t]+(.+?)[ \t]*(\{[^{}]*\})?[ \t]*$")


def render_file(
    file: Path, formats: Sequence[Format], *, jobs: int, progress: Progress
) -> list[Path]:
    """Render one .qmd or .ipynb file beside itself and return what was made.

    In a project, its data, bibliography, style and metadata hold; cross-references to its other
    chapters are printed as open. Raises ReportError with every problem of the file.
    """
    if not file.is_file():
        found = problem("chapter-exists", str(file), 0, "there is no such file", "mend its path")
        raise ReportError([found])
    file = file.resolve()
    sources = _sources(file)
    errors = run_checks(sources).errors
    if errors:
        raise ReportError(errors)
    project, publication = sources.project, sources.publications[0]
    executed = execute(sources, Request(tuple(formats), None, jobs), progress)
    chapter, title = _titled(executed[publication.entries[0].path])
    if "title" not in publication.metadata:
        publication = replace(publication, metadata={**publication.metadata, "title": title})
    extension = read_extension(project.root)
    book = compose(
        project,
        publication,
        [chapter],
        extension=extension,
        formats=formats,
        keys=sources.library.references if sources.library else (),
        elsewhere=_labels_elsewhere(project),
    )
    made = []
    if "html" in formats:
        target = file.with_suffix(".html")
        with tempfile.TemporaryDirectory() as folder:
            write_site(
                book,
                Path(folder),
                root=project.root,
                extension=extension,
                publications=(publication,),
                pdf_name=f"{file.stem}.pdf" if "pdf" in formats else None,
            )
            target.write_text(_in_one_file(Path(folder, "index.html")), encoding="utf-8")
        made.append(target)
    if "pdf" in formats:
        target = file.with_suffix(".pdf")
        write_pdf(book, target, project.root, build_time(project.root))
        made.append(target)
    return made


def _sources(file: Path) -> Sources:
    """The file as a publication of one page, in its project or, without one, in its folder."""
    try:
        root = find_root(file.parent)
    except ReportError:
        root = file.parent
    path = file.relative_to(root).as_posix()
    entry = Entry("chapter", path, place=Place(path))
    if (root / PROJECT_FILE).is_file():
        everything, problems = read_sources(root, [read_project(root).publications[0].name])
        if problems:
            raise ReportError(problems)
        project = everything.project
        metadata = {
            key: value
            for key, value in project.publications[0].metadata.items()
            if key not in {"book", "project", "title", "subtitle", "number-sections"}
        }
    else:
        everything = None
        project = Project(root, (), "file", (), "")
        metadata = {}
    chapter = read_chapter(root, path, metadata.get("execute") or {})
    own = chapter.metadata.get("bibliography") or ()
    files = (own,) if isinstance(own, str) else tuple(own)
    project = replace(
        project,
        bibliography=(*project.bibliography, *files),
        csl=str(chapter.metadata.get("csl") or project.csl),
    )
    merged = {**metadata, **chapter.metadata}
    publication = Publication(file.stem, False, (entry,), merged, file.stem, path)
    if everything:
        return replace(
            everything,
            project=project,
            publications=(publication,),
            chapters={path: chapter},
            library=read_library(root, project.bibliography),
        )
    library = read_library(root, project.bibliography)
    return Sources(project, (publication,), {path: chapter}, library, {}, frozenset(), frozenset())


def _labels_elsewhere(project: Project) -> set[str]:
    """Labels of the project's other chapters, as far as their text tells."""
    found = set()
    for publication in project.publications:
        for entry in publication.entries:
            if entry.path:
                chapter = read_chapter(project.root, entry.path, {})
                found |= {label for label, _ in labels(chapter)}
    return found


def _titled(chapter: Executed) -> tuple[Executed, str]:
    """Take the title from the first heading when that is how the chapter opens."""
    for number, line in enumerate(chapter.lines):
        if found := TITLE.match(line.text):
            kept = (*chapter.lines[:number], *chapter.lines[number + 1 :])
            without = replace(chapter, lines=kept) if "title" not in chapter.metadata else chapter
            return without, found[1]
        if line.text.strip():
            break
    return chapter, Path(chapter.path).stem


LINKED = re.compile(
    r'<link [^>]*rel="stylesheet"[^>]*href="(?P<style>[^":]+)"[^>]*>'
    r'|<script (?P<flags>[^>]*)src="(?P<script>[^":]+)"[^>]*></script>'
    r'|(?P<before><img [^>]*src=")(?P<image>[^":]+)(?P<after>")'
)


def _in_one_file(page: Path) -> str:
    """The page with its style sheets, scripts and images put in."""

    def inlined(found: re.Match[str]) -> str:
        name = found["style"] or found["script"] or found["image"]
        path = page.parent / name
        if found["style"]:
            return f"<style>\n{path.read_text(encoding='utf-8')}</style>"
        if found["script"]:
            return f'<script type="module">\n{path.read_text(encoding="utf-8")}</script>'
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        data = base64.b64encode(path.read_bytes()).decode("ascii")
        return f"{found['before']}data:{kind};base64,{data}{found['after']}"

    return LINKED.sub(inlined, page.read_text(encoding="utf-8"))
