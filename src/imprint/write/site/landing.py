"""The way in: `_output/index.html` for all publications, and the page that searches them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from imprint.compose.extension import Extension
from imprint.compose.settings import STATISTICS_PAGE
from imprint.core.document import Book
from imprint.read.packaged import DOCUMENT_SCHEMA
from imprint.read.schema import load_schema, read_back_file
from imprint.write.site.card import icon, icon_for_phones
from imprint.write.site.evidence import SOURCES_PAGE
from imprint.write.site.front import Front
from imprint.write.site.metadata import ICON, ICON_FOR_PHONES, collection_tags
from imprint.write.site.planned import PlannedFile, environment, look
from imprint.write.site.search import INDEX

STYLES = ("site.css", "reading.css", "landing.css")
SCRIPTS = ("site.js", "search.js")

WORDS_A_MINUTE = 220
_READ = {"text", "item", "term", "heading", "note"}
"""Passages that readers read word by word; tables and captions they look at."""


@dataclass(frozen=True)
class PublicationEntry:
    """One publication on the landing page."""

    front: Front
    title: Markup
    """What it is called beside the others."""
    kind: Markup
    """What kind of publication it is; empty where the title says so."""
    minutes: int
    """That it takes to read; 0 where that is not known."""
    pdf: str
    """Path from the output's folder; empty without a PDF."""
    annexes: tuple[tuple[str, str], ...]
    """Pages of evidence: title and path."""
    index: str
    """Path of what is searched of it."""

    @property
    def home(self) -> str:
        """Path of the publication's first page."""
        return f"{self.front.name}/index.html"


def landing_files(
    folder: Path,
    fronts: Sequence[Front],
    extension: Extension,
    minutes: Mapping[str, int],
) -> Iterator[PlannedFile]:
    """`index.html`, `search.html` and their assets for the publications with pages in `folder`;
    nothing without any. `minutes` are those that publications made now take to read, by name."""
    found = [it for it in fronts if (folder / it.name / "index.html").is_file()]
    titles = Counter(front.plain_title for front in found)
    entries = [_entry(folder, it, titles[it.plain_title] > 1, minutes) for it in found]
    if not entries:
        return
    for name in ("index.html", "search.html"):
        yield PlannedFile(name, entries, partial(_page, name, entries))
    collection = _collection(found)
    yield PlannedFile(ICON, collection, lambda: icon(collection))
    yield PlannedFile(ICON_FOR_PHONES, collection, lambda: icon_for_phones(collection))
    yield from look(extension, (*STYLES, *SCRIPTS))


def reading_times(books: Iterable[Book]) -> dict[str, int]:
    """How many minutes the text of each publication takes to read, by its name."""
    texts = {it.publication.name: it.document.chapters for it in books if it.document}
    return {
        name: _minutes(it.text for one in chapters for it in one.passages if it.kind in _READ)
        for name, chapters in texts.items()
    }


def reading_time(minutes: int) -> str:
    """`4 minutes to read`, `1 hour 20 minutes to read`; beyond ten minutes in steps of five."""
    shown = minutes if minutes <= 10 else 5 * round(minutes / 5)
    hours, rest = divmod(shown, 60)
    parts = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in
             ((hours, "hour"), (rest, "minute")) if count]  # fmt: skip
    return f"{' '.join(parts)} to read"


def _minutes(texts: Iterator[str]) -> int:
    return max(1, round(sum(len(text.split()) for text in texts) / WORDS_A_MINUTE))


def _page(name: str, entries: Sequence[PublicationEntry]) -> bytes:
    is_search = name == "search.html"
    collection = _collection([entry.front for entry in entries])
    labels = ", ".join(entry.front.label.lower() for entry in entries)
    title, home = collection.plain_title, entries[0].front
    description = f"{title}: {labels}"
    if not is_search and home.description:
        description = home.description
    page_title = f"Search – {title}" if is_search else title
    context: dict[str, Any] = {
        "site": collection,
        "up": "",
        "tags": collection_tags(collection, page_title, description, name, home.name),
        "annexes": (),
        "cite": "",
        "bibtex": "",
        "whole": {},
        "entries": entries,
        "reading_time": reading_time,
        "pdf": None,
        "home": "index.html",
        "styles": STYLES,
        "others": [
            {"href": entry.home, "label": entry.front.label, "current": False} for entry in entries
        ],
        "page_title": page_title,
        "description": description,
        "scripts": ("search.js",) if is_search else (),
        "name": name,
    }
    template = environment().get_template(name if is_search else "landing.html")
    return template.render(context).encode()


def _entry(
    folder: Path, front: Front, shares_title: bool, minutes: Mapping[str, int]
) -> PublicationEntry:
    name, pdf = front.name, f"{front.name}/{front.pdf}"
    annexes = (("Statistics", STATISTICS_PAGE), ("Sources", SOURCES_PAGE))
    stands_in = shares_title and not front.is_book and bool(front.subtitle)
    return PublicationEntry(
        front=front,
        title=front.subtitle if stands_in else front.title,
        kind=Markup("") if stands_in or front.is_book else front.subtitle,
        minutes=minutes[name] if name in minutes else _earlier_minutes(folder / name),
        pdf=pdf if (folder / pdf).is_file() else "",
        annexes=tuple(
            (title, f"{name}/{path}") for title, path in annexes if (folder / name / path).is_file()
        ),
        index=f"{name}/{INDEX}",
    )


def _earlier_minutes(folder: Path) -> int:
    """What a publication takes to read that is not made now."""
    told = read_back_file(folder / "document.json", load_schema(DOCUMENT_SCHEMA))
    if told is None:
        return 0
    passages = (passage for chapter in told["chapters"] for passage in chapter["passages"])
    return _minutes(it.get("text", "") for it in passages if it["kind"] in _READ)


def _collection(fronts: Sequence[Front]) -> Front:
    """What all publications have in common: the words their titles begin with, and the rest."""
    first = fronts[0]
    columns = zip(*(found.plain_title.split() for found in fronts), strict=False)
    shared = [words[0] for words in takewhile(lambda words: len(set(words)) == 1, columns)]
    title = " ".join(shared).rstrip(" :;,.–-")
    if title and len(fronts) > 1:
        first = replace(first, title=escape(title), plain_title=title)
    none = Markup("")
    return replace(first, subtitle=none, plain_subtitle="", citation=none, is_book=False)
