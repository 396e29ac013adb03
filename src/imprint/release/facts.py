"""What every record of a release says of it: read once, so that all of them agree."""

from __future__ import annotations

from dataclasses import dataclass

from imprint.compose.words.metadata import author_names, document_metadata
from imprint.core.model import Publication
from imprint.core.problems import ReportError, problem
from imprint.core.root import PROJECT_FILE
from imprint.read.report import Report


@dataclass(frozen=True)
class PublicationFacts:
    """One publication of a release."""

    name: str
    title: str
    authors: tuple[str, ...]
    file: str
    """Its PDF's name."""


@dataclass(frozen=True)
class ReleaseFacts:
    """A release of a report."""

    name: str
    """Of the bundle's folder, without the version."""
    version: str
    commit: str
    """In full."""
    date: str
    """Of the commit: `2026-11-30T10:53:18Z`."""
    lang: str
    keywords: tuple[str, ...]
    licence: str
    """An identifier of SPDX's list; empty where the report gives none."""
    doi: str
    organisations: frozenset[str]
    """Authors that are bodies and not persons."""
    publications: tuple[PublicationFacts, ...]
    """The first one gives the release its title and authors."""

    @property
    def folder(self) -> str:
        """Name of the bundle."""
        return f"{self.name}-{self.version}"

    @property
    def title(self) -> str:
        """Of the first publication."""
        return self.publications[0].title

    @property
    def authors(self) -> tuple[str, ...]:
        """Of all publications, each once."""
        return tuple(dict.fromkeys(it for found in self.publications for it in found.authors))

    @property
    def day(self) -> str:
        """The date without the time."""
        return self.date[:10]


def release_facts(report: Report, commit: str, date: str) -> ReleaseFacts:
    """What a report says of itself.

    Raises ReportError where it gives no version.
    """
    first = report.publications[0]
    own = first.metadata.get("imprint") or {}
    version = str(own.get("version") or "").strip()
    if not version:
        message = "the report gives no version, and a release is called by it"
        fix = 'write `imprint: version: "1.0"` here'
        raise ReportError([problem("release-has-version", PROJECT_FILE, 0, message, fix)])
    return ReleaseFacts(
        name=first.output_file,
        version=version,
        commit=commit,
        date=date,
        lang=str(first.metadata.get("lang") or "en"),
        keywords=tuple(map(str, first.metadata.get("keywords") or ())),
        licence=str(own.get("licence-id") or ""),
        doi=str(first.metadata.get("doi") or ""),
        organisations=report.settings.organisations,
        publications=tuple(map(_publication, report.publications)),
    )


def _publication(publication: Publication) -> PublicationFacts:
    told = document_metadata(publication, {})
    return PublicationFacts(
        publication.name,
        str(told.get("title") or publication.name),
        author_names(told),
        f"{publication.output_file}.pdf",
    )
