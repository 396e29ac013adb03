"""The way in: `_output/index.html` for all publications, and the page that searches them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup, escape

from imprint.compose.extension import Extension
from imprint.compose.settings import STATISTICS_PAGE
from imprint.write.site.evidence import SOURCES_PAGE
from imprint.write.site.front import Front
from imprint.write.site.metadata import CARD

STYLES = ("site.css", "reading.css", "landing.css")
SCRIPTS = ("site.js", "search.js")

_DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)">')


@dataclass(frozen=True)
class PublicationEntry:
    """One publication on the landing page."""

    front: Front
    description: str
    pdf: str
    """Path from the output's folder; empty without a PDF."""
    annexes: tuple[tuple[str, str], ...]
    """Pages of evidence: title and path."""

    @property
    def home(self) -> str:
        """Path of the publication's first page."""
        return f"{self.front.name}/index.html"


def write_landing(
    folder: Path,
    fronts: Sequence[Front],
    *,
    extension: Extension,
    assets: Path,
    templates: Environment,
    into: Path | None = None,
) -> None:
    """Write `index.html`, `search.html` and their assets into the output's folder, or elsewhere.

    Publications without pages in `folder` are passed over; without any, nothing is written. `into`
    is where they are written, by default `folder`.
    """
    into = into or folder
    entries = [
        _entry(folder, found) for found in fronts if (folder / found.name / "index.html").is_file()
    ]
    if not entries:
        return
    collection = _collection([entry.front for entry in entries])
    context = {
        "site": collection,
        "up": "",
        "tags": None,
        "annexes": (),
        "cite": "",
        "bibtex": "",
        "searched": "",
        "entries": entries,
        "pdf": None,
        "home": "index.html",
        "styles": STYLES,
        "others": [
            {"href": entry.home, "label": entry.front.label, "current": False} for entry in entries
        ],
        "card": f"{entries[0].front.name}/{CARD}",
    }
    for name, title, scripts in (
        ("index.html", collection.plain_title, ()),
        ("search.html", f"Search – {collection.plain_title}", ("search.js",)),
    ):
        template = templates.get_template("landing.html" if name == "index.html" else name)
        description = f"{collection.plain_title}: {_listed(entries)}"
        page = template.render(
            context, page_title=title, description=description, scripts=scripts, name=name
        )
        (into / name).write_text(page, encoding="utf-8", newline="\n")
    target = into / "assets"
    target.mkdir(exist_ok=True)
    for asset in (*extension.assets, *(assets / name for name in (*STYLES, *SCRIPTS))):
        shutil.copyfile(asset, target / asset.name)


def _entry(folder: Path, front: Front) -> PublicationEntry:
    name, pdf = front.name, f"{front.name}/{front.pdf}"
    home = (folder / name / "index.html").read_text(encoding="utf-8")
    said = _DESCRIPTION.search(home)
    annexes = (("Statistics", STATISTICS_PAGE), ("Sources", SOURCES_PAGE))
    return PublicationEntry(
        front=front,
        description=Markup(said[1]).unescape() if said else "",
        pdf=pdf if (folder / pdf).is_file() else "",
        annexes=tuple(
            (title, f"{name}/{path}") for title, path in annexes if (folder / name / path).is_file()
        ),
    )


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


def _listed(entries: Sequence[PublicationEntry]) -> str:
    return ", ".join(entry.front.label.lower() for entry in entries)
