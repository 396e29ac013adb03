"""One notebook on its own: `cycling.qmd` -> `cycling.html` and `cycling.pdf` beside it.

The page holds its style, scripts and images, so that it can be sent as one file.
"""

from __future__ import annotations

import base64
import html
import mimetypes
import re
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from markupsafe import escape

from imprint.build.embedded import Judge
from imprint.build.examine import Examined, check_examined, examine
from imprint.build.plan import Plan, Request, plan_build
from imprint.build.sites import pdf_name
from imprint.build.stored import stored_results
from imprint.check import Checked
from imprint.compose.stages import Stages
from imprint.core.commit import build_time
from imprint.core.document import Book
from imprint.core.events import Message, Tell, during, ignore_events
from imprint.core.files import writing
from imprint.core.model import Executed, Project
from imprint.core.problems import Problem, ReportError
from imprint.core.scratch import scratch_folder
from imprint.read.single_file import SingleFile, read_single_file
from imprint.write.pdf.typeset import Pdf, set_pdf
from imprint.write.site.policy import POLICY, policy
from imprint.write.site.site import Site, write_site


def judge_of(
    single: SingleFile, read: Sequence[Problem], noted: list[Problem], *, draft: bool = False
) -> Judge:
    """Checks a file; what it warns of is noted. `read` are the problems of reading it."""

    def judge(examined: Examined) -> Checked:
        checked = check_examined(single.around, read, examined, draft=draft)
        own = tuple(problem for problem in checked.problems if single.concerns(problem))
        checked = replace(checked, problems=own)
        noted.extend([] if checked.errors else own)
        return checked

    return judge


def check_file(file: Path, request: Request, *, draft: bool = False) -> Checked:
    """Run, read and check one file. Raises ReportError where it cannot be read."""
    single, read = read_single_file(file)
    request = replace(request, cached=stored_results(single))
    plan = _planned(single, request)
    with Stages(plan.report.project.root, request.jobs, request.keeps) as stages:
        examined = examine(plan, stages, ignore_events)
    return judge_of(single, read, [], draft=draft)(examined)


def _planned(single: SingleFile, request: Request) -> Plan:
    """The plan of a file's build, in which its project's other chapters are known by name."""
    plan = plan_build(single.report, request)
    options = replace(
        plan.options,
        annexes=replace(plan.options.annexes, statistics_page=""),
        labels_elsewhere=single.labels_elsewhere,
        chapters_elsewhere=[other.path for other in single.others],
    )
    return replace(plan, options=options)


TITLE = re.compile(r"#[ \t]+(.+?)[ \t]*(\{[^{}]*\})?[ \t]*$")


def render_file(
    single: SingleFile,
    request: Request,
    tell: Tell,
    judge: Judge,
    shared: Stages | None = None,
    warn: Callable[[Problem], None] = lambda _: None,
) -> dict[Path, bytes]:
    """Render one file; returns the content of the files that are to stand beside it.

    Cross-references to its project's other chapters are printed as open; `shared` are stages that
    outlive the call. Raises ReportError with every problem of the file.
    """
    report, file, formats = single.report, single.file, request.formats
    project, publication = report.project, report.publications[0]
    plan = _planned(single, request)
    options = plan.options
    own = nullcontext(shared) if shared else Stages(project.root, request.jobs, keeps=False)
    with own as stages:
        examined = examine(plan, stages, tell)
        checked = judge(examined)
        if checked.errors:
            raise ReportError(checked.problems)
        chapter, title = _titled(examined.executed[single.chapter.path])
        if "title" not in publication.metadata:
            publication = replace(publication, metadata={**publication.metadata, "title": title})
        titled = replace(report, publications=(publication,))
        plan = replace(plan, report=titled)
        (book,) = plan.compose({chapter.path: chapter}, stages, tell)
    made = {}
    with writing(project.root), scratch_folder() as folder:
        if "html" in formats:
            with during(tell, "write"):
                pdf = pdf_name(publication, plan.request.formats)
                site = Site(book, project.root, options.extension, (publication,), pdf)
                write_site(site, folder)
                page = in_one_file(folder / "index.html")
            target = file.with_suffix(".html")
            made[target] = page.replace('href="index.html"', f'href="{target.name}"').encode()
        if "pdf" in formats:
            with during(tell, "set"):
                printed = _pdf(book, project, warn)
            for told in printed.told(file.name):
                tell(Message(told))
            made[file.with_suffix(".pdf")] = printed.content
    return made


def _pdf(book: Book, project: Project, warn: Callable[[Problem], None]) -> Pdf:
    """The PDF; of a plain document that cannot be accessible one that is not, and a warning."""
    time = build_time(project.root)
    try:
        return set_pdf(book, project.root, time)
    except ReportError as error:
        if not project.is_plain or not all("PDF/UA" in found.message for found in error.problems):
            raise
        for found in error.problems:
            told = found.message.replace("cannot be set", "is not accessible")
            warn(replace(found, message=told, severity="warning"))
    plain = replace(book, publication=book.publication.saying("pdf-standard", []))
    return set_pdf(plain, project.root, time)


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


FONT = re.compile(r'"(fonts/[^"]+)"')


def in_one_file(page: Path) -> str:
    """The page with its style sheets, scripts and images put in."""

    scripts: list[str] = []

    def inlined(found: re.Match[str]) -> str:
        name = unquote(html.unescape(found["style"] or found["script"] or found["image"]))
        path = page.parent / name
        if not path.is_file():
            return found[0]
        if found["style"]:
            sheet = FONT.sub(lambda it: f'"{_data(path.parent / it[1])}"', path.read_text("utf-8"))
            return f"<style>\n{sheet}</style>"
        if found["script"]:
            scripts.append(f"\n{path.read_text(encoding='utf-8')}")
            return f'<script type="module">{scripts[-1]}</script>'
        return f"{found['before']}{_data(path)}{found['after']}"

    text = LINKED.sub(inlined, page.read_text(encoding="utf-8"))
    return text.replace(escape(POLICY), escape(policy(scripts)), 1)


def _data(file: Path) -> str:
    """The file as an address that holds it."""
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode('ascii')}"
