"""What a publication says about itself: its metadata -> `Front`, for pages, search engines and
reference managers alike."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from markupsafe import Markup, escape

from imprint.compose.words.dates import format_date
from imprint.compose.words.metadata import author_names, document_metadata
from imprint.compose.words.phrases import FOOT, foot, list_name
from imprint.core.document import Phrase
from imprint.core.escaping import is_safe_address
from imprint.core.model import Publication
from imprint.read.packaged import own_extension

_CREATIVE_COMMONS = re.compile(r"\bCC (BY(?:-[A-Z]{2})*|0) (\d\.\d)")


@dataclass(frozen=True)
class Front:
    """What every page of a publication says about the publication."""

    name: str
    """Name of its profile and folder: `summary`."""
    label: str
    title: Markup
    plain_title: str
    subtitle: Markup
    plain_subtitle: str
    authors: tuple[str, ...]
    date: str
    """As printed: `23 November 2026`."""
    iso_date: str
    lang: str
    description: str
    is_book: bool
    pdf: str
    """Name of its PDF, whether it has one or not."""
    series: Markup
    citation: Markup
    note: Markup
    licence: Markup
    licence_address: str
    """Address of the Creative Commons licence that the licence names; empty without one."""
    address: str
    """Address of the publication's folder on the web, with a slash at its end; empty where the
    project does not say where it will stand (`book: site-url:`)."""
    organisations: frozenset[str]
    """Authors that are bodies and not persons."""
    original: str
    """Key of the work it is based on; empty without one."""
    based_on: Markup
    """Whose work it rewords, in words that follow `Based on`; empty without one."""
    audience: Markup
    """For whom it is, in words that follow `For`; empty where it does not say."""
    contact: Markup
    found: tuple[Markup, ...] = ()
    """What it found, a sentence each."""
    changes: tuple[Markup, ...] = ()
    """What has changed since the edition before, a sentence each."""
    foot: tuple[Markup, ...] = ()
    """What a book has at the foot of its pages, from left to right."""
    evidence_to: str = ""
    """To when its evidence runs, as printed: `October 2010`; empty where it does not say."""
    version: str = ""
    """By which releases are called; empty where it gives none."""
    revision: str = ""
    """The commit that it was made from; empty where that is not known, or does not hold all."""
    draft: str = ""
    """Revision of a reviewer's draft; empty for what is released."""
    colours: Mapping[str, str] = field(default_factory=dict)
    """The publication's own `accent` and `highlight`, as `#0b4a58`, where it has any."""

    @property
    def colour_rules(self) -> Markup:
        """Rules of style for the publication's own colours; empty where it has none."""
        rules = (own_extension() / "assets" / "colours.css").read_text(encoding="utf-8")
        marks = {name.upper(): colour for name, colour in self.colours.items()}
        kept = []
        for rule in rules.split("\n\n"):
            for mark, colour in marks.items():
                if mark in rule:
                    kept.append(rule.strip().replace(mark, colour))
        return Markup("\n".join(kept))

    @property
    def dates(self) -> str:
        """`Evidence to October 2010 · this edition November 2026`; empty where it does not say."""
        edition = format_date(self.iso_date[:7])
        return (
            f"Evidence to {self.evidence_to} · this edition {edition}" if self.evidence_to else ""
        )

    @property
    def byline(self) -> str:
        """Authors and date on one line: `A and B, 23 November 2026`."""
        return ", ".join(part for part in (joined(self.authors), self.date) if part)

    @property
    def year(self) -> str:
        """Year of publication, or an empty string."""
        return self.iso_date[:4]


def front(publication: Publication, phrases: Mapping[str, Phrase]) -> Front:
    """Read title, authors and colophon from a publication's metadata, as the PDF does.

    `phrases` are what it says of itself in Markdown.
    """
    html = {name: Markup(phrase.html) for name, phrase in phrases.items()}
    plain = {name: phrase.plain for name, phrase in phrases.items()}
    metadata = document_metadata(publication, {})
    own = metadata.get("imprint") or {}
    book = publication.metadata.get("book") or {}
    date = str(metadata.get("date") or "")
    home = str(book.get("site-url") or "")
    home = home if is_safe_address(home) else ""
    if home and not publication.is_book:
        home = urljoin(home.rstrip("/") + "/", f"../{publication.name}")
    return Front(
        name=publication.name,
        label=publication.label,
        title=html["title"] or escape(publication.name),
        plain_title=plain["title"] or publication.name,
        subtitle=html["subtitle"],
        plain_subtitle=plain["subtitle"],
        authors=author_names(metadata),
        date=format_date(
            date, str(metadata.get("date-format") or ""), str(metadata.get("lang") or "en")
        ),
        iso_date=date if re.fullmatch(r"\d{4}-\d{2}-\d{2}", date) else "",
        lang=str(metadata.get("lang") or "en-GB"),
        description=plain["description"],
        is_book=publication.is_book,
        pdf=f"{publication.output_file}.pdf",
        series=html["series"],
        citation=html["citation"],
        note=html["note"],
        licence=html["licence"],
        licence_address=_licence_address(plain["licence"]),
        address=home.rstrip("/") + "/" if home else "",
        organisations=publication.settings.organisations,
        original=publication.settings.original,
        based_on=html["based-on"],
        audience=html["audience"],
        found=tuple(html[list_name("found", at)] for at in range(len(own.get("found") or ()))),
        changes=tuple(
            html[list_name("changes", at)] for at in range(len(own.get("changes") or ()))
        ),
        foot=tuple(html[list_name(FOOT, at)] for at in range(len(foot(metadata)))),
        contact=html["contact"],
        evidence_to=format_date(str(own.get("evidence-to") or "")),
        version=str(own.get("version") or ""),
        revision=str(own.get("revision") or ""),
        draft=str(own.get("draft") or ""),
        colours=dict(own.get("colours") or {}),
    )


def _licence_address(licence: str) -> str:
    named = _CREATIVE_COMMONS.search(licence)
    if not named:
        return ""
    kind, version = named.groups()
    path = "publicdomain/zero" if kind == "0" else f"licenses/{kind.lower()}"
    return f"https://creativecommons.org/{path}/{version}/"


def joined(names: Sequence[str]) -> str:
    """`A, B and C`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
