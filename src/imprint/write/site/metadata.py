"""What machines read of a page: schema.org, Highwire and Dublin Core tags, Open Graph, BibTeX.

Everything comes from the publication's metadata and, for the work it is based on, from the
bibliography as `provenance.json` records it. Addresses are absolute where the project says where it
will stand (`book: site-url:`), else relative to the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from markupsafe import Markup

from imprint.core.document import Page
from imprint.write.site.front import Front, joined

Record = Mapping[str, Any]

CARD = "assets/card.png"
"""The picture that links to a publication show, from its folder."""
ICON = "assets/icon.svg"
ICON_FOR_PHONES = "assets/icon.png"
BIBTEX = "cite.bib"
"""The publication's own BibTeX entry, from its folder."""


def page_tags(context: Mapping[str, Any], pages: Sequence[Page], original: Record | None) -> Record:
    """What the head of a page says to machines, for templates/head.html.

    `context` is that of `page_context`; `original` is the work that the publication is based on, as
    `provenance.json` records it.
    """
    site, page, is_home = context["site"], context["page"], context["is_home"]
    base = site.address or context["up"]
    report = _report(site, base, context["pdf"], original)
    if is_home:
        parts = [_part(other, base) for other in pages if other is not page]
        schema = report | {"description": context["description"], "hasPart": parts}
    else:
        whole = {"description": context["description"], "isPartOf": report}
        schema = _part(page, base) | whole | {"inLanguage": site.lang}
    return {
        "canonical": f"{site.address}{page.output}" if site.address else "",
        "type": "website" if is_home else "article",
        "title": site.plain_title if is_home else page.plain_title,
        "image": f"{base}{CARD}",
        "pictured": ". ".join(filter(None, (site.plain_title, site.plain_subtitle))),
        "pdf": context["pdf"] and f"{base}{context['pdf']}",
        "source": original and _cited(original),
        "schema": script_json({"@context": "https://schema.org"} | _filled(schema)),
    }


def collection_tags(site: Front, title: str, description: str, page: str, picture: str) -> Record:
    """The same of a page that leads to all publications; `picture` is the folder of the one whose
    picture links to it show."""
    home = urljoin(site.address, "../") if site.address else ""
    schema = {"@context": "https://schema.org", "@type": "WebSite", "name": site.plain_title}
    schema |= _filled({"description": description, "inLanguage": site.lang, "url": home})
    return {
        "canonical": f"{home}{page}" if home else "",
        "type": "website",
        "title": title,
        "image": f"{home}{picture}/{CARD}",
        "pictured": site.plain_title,
        "schema": script_json(schema),
    }


def script_json(value: Any) -> Markup:
    """JSON that may stand in a `script` element: nothing in it ends the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


# --- schema.org ------------------------------------------------------------------------------


def _report(site: Front, base: str, pdf: str | None, original: Record | None) -> dict[str, Any]:
    return _filled(
        {
            "@type": "Report",
            "name": site.plain_title,
            "alternativeHeadline": site.plain_subtitle,
            "author": [_author(site, name) for name in site.authors],
            "datePublished": site.iso_date,
            "inLanguage": site.lang,
            "license": site.licence_address,
            "image": f"{base}{CARD}",
            "url": f"{base}index.html" if site.address else "",
            "encoding": pdf
            and {
                "@type": "MediaObject",
                "contentUrl": f"{base}{pdf}",
                "encodingFormat": "application/pdf",
            },
            "isBasedOn": original and _original(original),
        }
    )


def _part(page: Page, base: str) -> dict[str, Any]:
    part = {"@type": "Chapter", "name": page.plain_title, "url": f"{base}{page.output}"}
    return part | ({"position": page.number} if page.number else {})


def _author(site: Front, name: str) -> dict[str, str]:
    return {"@type": "Organization" if name in site.organisations else "Person", "name": name}


def _original(source: Record) -> dict[str, Any]:
    fields = source["fields"]
    people = source["people"].get("author", ())
    publisher = fields.get("publisher") or fields.get("institution") or ""
    return _filled(
        {
            "@type": "Report",
            "name": fields.get("title", ""),
            "author": [{"@type": "Person", "name": _full(person)} for person in people],
            "datePublished": _year_and_month(fields),
            "publisher": publisher and {"@type": "Organization", "name": publisher},
            "identifier": f"ISBN {fields['isbn']}" if fields.get("isbn") else "",
            "url": fields.get("url", ""),
        }
    )


def _full(person: Mapping[str, str]) -> str:
    return " ".join(filter(None, map(person.get, ("given", "family", "suffix"))))


def _year_and_month(fields: Mapping[str, str]) -> str:
    year, month = fields.get("year", ""), fields.get("month", "")
    return f"{year}-{int(month):02}" if year and month.isdigit() else year


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


# --- reference managers ------------------------------------------------------------------------


def _cited(original: Record) -> str:
    """The work that a publication is based on, as Dublin Core names a source."""
    authors = joined([_full(person) for person in original["people"].get("author", ())])
    fields = original["fields"]
    publisher = ": ".join(fields[name] for name in ("address", "publisher") if fields.get(name))
    named = [authors, f"({fields['year']})" if fields.get("year") else ""]
    return f"{' '.join(filter(None, named))}. {fields['title']}. {publisher}"


_SPECIAL = str.maketrans(
    {
        **{sign: f"\\{sign}" for sign in "&%$#_"},
        **dict.fromkeys("{}", ""),
        "\\": r"\textbackslash ",
        "~": r"\textasciitilde ",
        "^": r"\textasciicircum ",
    }
)


def bibtex(site: Front, original: Record | None) -> str:
    """The publication as a BibTeX entry; special characters are written as LaTeX wants them."""
    first = re.sub(r"^the ", "", (site.authors or ("anonymous",))[0].lower())
    key = "_".join(filter(None, (*re.findall(r"[a-z]+", first)[:1], site.year, site.name)))
    authors = " and ".join(
        f"{{{_latex(name)}}}" if name in site.organisations else _latex(name)
        for name in site.authors
    )
    fields = {
        "author": authors,
        "title": "{" + _latex(site.plain_title) + "}",
        "subtitle": _latex(site.plain_subtitle),
        "year": site.year,
        "month": site.iso_date[5:7].lstrip("0"),
        "url": site.address,
        "note": _latex(_based_on(original)) if original else "",
    }
    lines = [f"  {name} = {{{text}}}" for name, text in fields.items() if text]
    return f"@report{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _based_on(original: Record) -> str:
    authors = joined([_full(person) for person in original["people"].get("author", ())])
    fields = original["fields"]
    return f"Based on {authors} ({fields.get('year', 'n.d.')}), {fields.get('title', '')}"


def _latex(text: str) -> str:
    return " ".join(text.split()).translate(_SPECIAL)


def cite_page(site: Front, page: Page) -> Markup:
    """How to cite one page of a book: `A (2026). ‘Training’, in Title.`"""
    year = f" ({site.year})" if site.year else ""
    return Markup("{}{}. ‘{}’, in <em>{}</em>.").format(
        joined(site.authors), year, page.plain_title, site.title
    )
