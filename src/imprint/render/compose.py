"""Composing: executed chapters of one publication -> one `Book`, in a single pandoc process.

`lua/main.lua` does the work: it reads every chapter, numbers once, cites once and writes each page
and the Typst source, so that numbers and year suffixes agree everywhere. This module says what is
to be done (the job), runs pandoc and turns what came back into values; whatever went wrong is
placed in the author's source.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import pypandoc

from imprint.mentions import NUMBERED_KINDS, REFERENCE_KINDS
from imprint.model import Book, Executed, Format, Heading, Page, Project, Publication, Use
from imprint.problems import Place, Problem, ReportError, nearest, problem
from imprint.quarto_subset import UNSUPPORTED_ATTRIBUTES, UNSUPPORTED_CLASSES
from imprint.render import store
from imprint.render.extension import Extension
from imprint.render.marks import marked
from imprint.render.stages import name_composed
from imprint.sentences import sentence_at

LUA = Path(__file__).with_name("lua")
TEMPLATE = Path(__file__).with_name("template.typ")
DEFINITIONS = Path(__file__).with_name("typst_definitions.typ")

FLOATS = {
    "fig": {"name": "Figure", "caption_location": "bottom"},
    "tbl": {"name": "Table", "caption_location": "top"},
}
"""The floats every report has; `crossref: custom:` adds to them."""

STRUCTURE = {"project", "profile", "book", "format", "execute", "bibliography", "csl", "crossref"}
"""Metadata that describes the project, not the document."""


def compose(
    project: Project,
    publication: Publication,
    chapters: Sequence[Executed],
    *,
    extension: Extension,
    formats: Collection[Format],
    keys: Collection[str],
    elsewhere: Collection[str] = (),
    statistics_page: str = "",
    chapters_elsewhere: Collection[str] = (),
    keeps: bool = False,
) -> Book:
    """Compose one publication for all wanted formats.

    `chapters` holds one executed chapter for each entry that has a file, in the entries' order.
    `keys` are the bibliography's keys. When only part of a book is rendered, `elsewhere` are the
    labels that its other chapters define and `chapters_elsewhere` the paths of those chapters, so
    that a reference or link to them is no mistake. With `keeps`, pandoc does not run where what it
    made of the same is kept.

    Raises ReportError with every problem of the text: references, citations and links that resolve
    to nothing, labels used twice, figures without alternative text, unsupported constructs, images
    that do not exist.
    """
    by_path = {chapter.path: chapter for chapter in chapters}
    job = {
        "book": publication.is_book,
        "profile": publication.name,
        "formats": {"html": "html" in formats, "typst": "pdf" in formats},
        "chapters": _chapters(publication, by_path, keys),
        "metadata": _plain(publication.metadata),
        "typst_metadata": typst_metadata(publication, chapters, extension),
        "typst_template": typst_template(extension),
        "number_sections": _number_sections(publication),
        "number_depth": publication.metadata.get("number-depth", 6),
        "toc_depth": publication.metadata.get("toc-depth", 3),
        "floats": _floats(publication),
        "section_prefix": (publication.metadata.get("crossref") or {}).get("sec-prefix", ""),
        "equation_prefix": (publication.metadata.get("crossref") or {}).get(
            "eq-prefix", "Equation"
        ),
        "filters": {
            "html": [str(path) for path in extension.html_filters],
            "typst": [str(path) for path in extension.typst_filters],
        },
        "bibliography": [str(project.root / file) for file in project.bibliography],
        "csl": str(project.root / project.csl) if project.csl else "",
        "statistics_page": statistics_page,
        "keys": dict.fromkeys(keys, True),
        "elsewhere": dict.fromkeys(elsewhere, True),
        "chapters_elsewhere": dict.fromkeys(chapters_elsewhere, True),
        "unsupported": {
            "classes": UNSUPPORTED_CLASSES,
            "attributes": UNSUPPORTED_ATTRIBUTES,
            "kinds": dict.fromkeys(sorted(REFERENCE_KINDS - NUMBERED_KINDS), True),
        },
    }
    kept = name_composed(job, project, extension) if keeps else ""
    made = (store.get(project.root, kept) if kept else None) or _run_pandoc(job, publication)
    result = json.loads(made)
    problems = [
        _placed(found, by_path, keys, elsewhere, chapters) for found in _list(result["problems"])
    ]
    files = _list(result["files"])
    problems += _missing_files(project.root, files, by_path)
    if problems:
        raise ReportError(problems)
    if kept:
        store.keep(project.root, kept, made)
    return Book(
        publication=publication,
        pages=tuple(_page(found) for found in _list(result.get("pages"))),
        typst=result.get("typst", ""),
        uses=tuple(_uses(result, by_path)),
        images=tuple(sorted({file["path"] for file in files})),
    )


# --- the job ---------------------------------------------------------------------------------


def output_path(publication: Publication, path: str) -> str:
    """Where a chapter's page stands in the publication's folder: `chapters/training.html`."""
    if not publication.is_book:
        return "index.html"
    return str(PurePosixPath(path).with_suffix(".html"))


def _chapters(
    publication: Publication, executed: Mapping[str, Executed], keys: Collection[str]
) -> list[dict[str, Any]]:
    listed = []
    part = ""
    for entry in publication.entries:
        if entry.role == "part":
            part = entry.title
            if not entry.path:
                continue
        elif entry.role == "appendix":
            part = ""
        chapter = executed[entry.path]
        listed.append(
            {
                "path": entry.path,
                "output": output_path(publication, entry.path),
                "role": entry.role,
                "part": part,
                "markdown": marked(chapter.lines, keys),
                "metadata": _plain({**publication.metadata, **chapter.metadata}),
            }
        )
    return listed


def _number_sections(publication: Publication) -> bool:
    return bool(publication.metadata.get("number-sections", publication.is_book))


def _floats(publication: Publication) -> dict[str, dict[str, str]]:
    """Kinds of float: the word in captions (`name`) and in references (`prefix`), the caption's
    place."""
    metadata = publication.metadata
    crossref = metadata.get("crossref") or {}
    floats = {kind: dict(info) for kind, info in FLOATS.items()}
    for custom in crossref.get("custom") or ():
        prefix = custom.get("reference-prefix", custom["key"].capitalize())
        floats[custom["key"]] = {
            "name": custom.get("caption-prefix", prefix),
            "prefix": prefix,
            "caption_location": custom.get("caption-location", "bottom"),
        }
    for kind in FLOATS:
        floats[kind]["name"] = crossref.get(f"{kind}-title", floats[kind]["name"])
        floats[kind]["prefix"] = crossref.get(f"{kind}-prefix", floats[kind]["name"])
        place = metadata.get(f"{kind}-cap-location", floats[kind]["caption_location"])
        floats[kind]["caption_location"] = place
    return floats


def document_metadata(publication: Publication, front: Mapping[str, Any]) -> dict[str, Any]:
    """Title, authors and the like in one map: the book's own, then a single document's."""
    merged = {key: value for key, value in publication.metadata.items() if key not in STRUCTURE}
    merged.update(publication.metadata.get("book") or {} if publication.is_book else front)
    return merged


def typst_metadata(
    publication: Publication, chapters: Sequence[Executed], extension: Extension
) -> dict[str, Any]:
    """The template's variables, named as Quarto names them."""
    front = chapters[0].metadata if chapters else {}
    merged = document_metadata(publication, front)
    formats = publication.metadata.get("format")
    for name in ("typst", extension.typst_format):
        own = formats.get(name) if isinstance(formats, Mapping) else None
        if isinstance(own, Mapping):
            merged.update(own)
    authors = merged.get("author") or merged.get("authors") or []
    if isinstance(authors, str | Mapping):
        authors = [authors]
    names = [author if isinstance(author, str) else author.get("name", "") for author in authors]
    merged["by-author"] = [{"name": {"literal": name}} for name in names]
    language = str(merged.get("lang", "en")).split("-")
    merged["lang"] = language[0].lower()
    if len(language) > 1:
        merged["region"] = language[-1].upper()
    if _number_sections(publication):
        merged.setdefault("section-numbering", "1.1")
    merged.setdefault("toc-depth", 3)
    merged["imprint-kind"] = "book" if publication.is_book else "leaflet"
    if merged.get("date"):
        merged["date"] = format_date(str(merged["date"]), str(merged.get("date-format", "")))
    return {key: _plain(value) for key, value in merged.items() if value not in (None, "", [])}


MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def format_date(date: str, wanted: str = "") -> str:
    """An ISO date in the wanted form, by default the house's: `12 November 2010`.

    `wanted` is `iso` or a pattern of D, DD, M, MM, MMM, MMMM, YY and YYYY; what is no ISO date is
    returned as it stands.
    """
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", date)
    if not found or wanted == "iso":
        return date
    year, month, day = found.groups()
    name = MONTHS[int(month) - 1]
    parts = {
        "D": str(int(day)),
        "DD": day,
        "M": str(int(month)),
        "MM": month,
        "MMM": name[:3],
        "MMMM": name,
        "YY": year[2:],
        "YYYY": year,
    }
    return re.sub(
        r"D{1,2}|M{1,4}|Y{4}|Y{2}", lambda found: parts[found[0]], wanted or "D MMMM YYYY"
    )


def typst_template(extension: Extension) -> str:
    """The Typst template with its partials put in: Quarto's order, the extension's texts."""
    texts = {DEFINITIONS.name: DEFINITIONS.read_text(encoding="utf-8")}
    texts |= {path.name: path.read_text(encoding="utf-8") for path in extension.typst_partials}

    def partial(match: re.Match[str]) -> str:
        return texts.get(match.group(1), "")

    template = TEMPLATE.read_text(encoding="utf-8")
    return re.sub(r"\$([\w-]+\.typ)\(\)\$", partial, template)


def _plain(value: Any) -> Any:
    """A value that JSON can hold; dates become their ISO form."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return "" if value is None else value
    return str(value)


# --- pandoc ----------------------------------------------------------------------------------


def _run_pandoc(job: Mapping[str, Any], publication: Publication) -> bytes:
    with tempfile.TemporaryDirectory(prefix="imprint-compose-") as folder:
        job_file, result_file = Path(folder, "job.json"), Path(folder, "result.json")
        job_file.write_text(json.dumps(job, ensure_ascii=False), encoding="utf-8")
        ran = subprocess.run(
            [*_pandoc(), "lua", LUA / "main.lua", job_file, result_file],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if ran.returncode or not result_file.exists():
            said = " ".join(ran.stderr.split()) or "no message"
            raise ReportError(
                [
                    problem(
                        "book-composes",
                        publication.file,
                        0,
                        f"pandoc could not compose '{publication.name}': {said[:400]}",
                        "render one chapter alone to find the text it stumbles over",
                    )
                ]
            )
        return result_file.read_bytes()


def _pandoc() -> list[str]:
    """The command; the packaged pandoc gets room for young values, which saves a tenth of its time
    (another one may be built without the option)."""
    path = pypandoc.get_pandoc_path()
    is_packaged = Path(path).is_relative_to(Path(pypandoc.__file__).parent)
    return [path, "+RTS", "-A128m", "-RTS"] if is_packaged else [path]


def _list(value: Any) -> list[Any]:
    """Lua writes an empty list as an empty map."""
    return value if isinstance(value, list) else []


def _page(found: Mapping[str, Any]) -> Page:
    headings = tuple(Heading(**heading) for heading in _list(found["headings"]))
    return Page(**{**found, "headings": headings})


USE_MARK = re.compile("\ue000(\\d+)\ue001")
"""Stands in a block's text where the use of that number begins, as record.lua writes it."""


def _uses(result: Mapping[str, Any], executed: Mapping[str, Executed]) -> Iterator[Use]:
    """The uses that record.lua noted, each with its sentence and its place in the source."""
    sentences: dict[int, str] = {}
    for text in _list(result["texts"]):
        plain, begun = "", 0
        offsets = {}
        for mark in USE_MARK.finditer(text):
            plain += text[begun : mark.start()]
            offsets[int(mark[1])], begun = len(plain), mark.end()
        plain += text[begun:]
        sentences |= {number: sentence_at(plain, at) for number, at in offsets.items()}
    for found in _list(result["uses"]):
        chapter = executed[found.pop("chapter")]
        line, block = found.pop("line", None), found.pop("block", None)
        ids, locators = tuple(found.pop("ids")), tuple(_list(found.pop("locators", [])))
        if line is None:
            place = _place_of(found["anchor"] if block is None else ids[0], chapter)
        else:
            place = chapter.lines[line].place
        sentence = sentences.get(found["number"], "")
        yield Use(**found, ids=ids, locators=locators, sentence=sentence, place=place)


# --- problems in the author's source -----------------------------------------------------------


def _placed(
    found: Mapping[str, str],
    executed: Mapping[str, Executed],
    keys: Iterable[str],
    elsewhere: Iterable[str],
    chapters: Sequence[Executed],
) -> Problem:
    place = _place_of(found["needle"], executed[found["chapter"]])
    mend = found["mend"]
    name = found["needle"].lstrip("@")
    if found["code"] == "citation-resolves":
        mend = nearest(name, keys) or "add it to the bibliography"
    elif found["code"] == "reference-resolves":
        known = {*elsewhere, *_labels(chapters)}
        mend = nearest(name, known) or "label what it means, as in {#" + name + "}"
    return Problem(place, found["code"], found["message"], mend)


def _place_of(needle: str, chapter: Executed) -> Place:
    """The first line that holds the word; a longer word that begins with it is another one."""
    word = re.compile(re.escape(needle) + r"(?![\w-])")
    return next(
        (line.place for line in chapter.lines if word.search(line.text)), Place(chapter.path)
    )


def _labels(chapters: Iterable[Executed]) -> set[str]:
    text = "\n".join(line.text for chapter in chapters for line in chapter.lines)
    return set(re.findall(r"\{#([\w-]+)", text))


def _missing_files(
    root: Path, files: Iterable[Mapping[str, str]], executed: Mapping[str, Executed]
) -> list[Problem]:
    """A problem for every image or link to a file that is not in the project."""
    displayed = {path.lstrip("/") for chapter in executed.values() for path in chapter.media}
    return [
        Problem(
            _place_of(file["needle"], executed[file["chapter"]]),
            "image-exists" if file["kind"] == "image" else "link-resolves",
            f"there is no {'image' if file['kind'] == 'image' else 'file'} '{file['path']}'",
            "put the file there, or mend its path (a leading / means the project's root)",
        )
        for file in files
        if file["path"] not in displayed
        and (file["path"].startswith("../") or not (root / file["path"]).is_file())
    ]
