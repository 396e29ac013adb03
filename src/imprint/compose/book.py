"""Composing: executed chapters of one publication -> one `Book`.

Chapters are read one by one, then numbered and cited together, then written one by one, each with
what it takes from the others. So an edited chapter alone is read again, and beyond it only those
are written anew that refer to what has changed. pandoc does the reading and writing (stages.py);
`reading` and `writing` say what is to be done and turn what comes back into values; whatever went
wrong is placed in the author's source (problem_places.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from imprint.compose.citing import cite
from imprint.compose.reading import ComposeOptions, document_of, read_text
from imprint.compose.settings import write_settings
from imprint.compose.stages import Stages
from imprint.compose.typst import frame_request, typst_source
from imprint.compose.uses import uses
from imprint.compose.words.phrases import phrases_request, read_phrases
from imprint.compose.writing import pages, writing
from imprint.core.document import Book
from imprint.core.model import Executed, Project, Publication
from imprint.core.problems import ReportError


def compose(
    project: Project,
    publication: Publication,
    chapters: Sequence[Executed],
    options: ComposeOptions,
    stages: Stages,
) -> Book:
    """Compose one publication for all wanted formats.

    `chapters` holds one executed chapter for each entry that has a file, in the entries' order.

    Raises ReportError with every problem of the text: references, citations and links that resolve
    to nothing, labels used twice, figures without alternative text, unsupported constructs, images
    that do not exist.
    """
    frame = None
    if "pdf" in options.formats:
        frame = frame_request(publication, chapters, options.extension)
        stages.begin(frame)
    stages.begin(phrases_request(publication))
    read = read_text(project, publication, chapters, options, stages)
    if any(problem.severity == "error" for problem in read.problems):
        raise ReportError(read.problems)

    citing = cite(project, publication, read.drafts, stages, options.works)
    settings = write_settings(
        publication, options.extension, options.formats, options.annexes, project.root
    )
    asks = writing(read.drafts, read.numbers, citing, settings, options.extension)
    for ask in asks:
        stages.begin(ask)
    # pandoc writes meanwhile.
    document = document_of(project.root, publication, chapters, read, stages)
    written = stages.answers(asks)
    phrases = read_phrases(publication, stages)
    typst = ""
    if frame:
        frame_answer = stages.answers([frame])[0]
        typst = typst_source(publication, read.drafts, read.numbers, written, frame_answer)
    noted, printed = uses(document, read.drafts, written, read.numbers.index)
    has_pages = "html" in options.formats
    return Book(
        publication=publication,
        is_plain=project.is_plain,
        pages=tuple(pages(read.drafts, read.numbers, written, phrases)) if has_pages else (),
        typst=typst,
        uses=noted,
        images=read.images,
        sources=tuple(chapters) if frame else (),
        warnings=read.problems,
        document=printed,
        phrases=phrases,
        work_names=citing.names if citing else {},
    )
