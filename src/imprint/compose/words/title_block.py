"""What a document's front matter says to readers beside title, names and date -> Markdown that goes
before its text: where authors work, abstract, keywords, DOI, licence, and what `about:` shows of
somebody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from imprint.compose.words.language import added_words
from imprint.compose.words.metadata import author_name, listed


def title_block(front: Mapping[str, Any], metadata: Mapping[str, Any]) -> str:
    """The block of a document with this front matter, in the language of its metadata; empty where
    it says nothing more."""
    words = added_words({**metadata, **front})
    lines = [*_authors(front)]
    if front.get("description"):
        lines.append(str(front["description"]))
    labelled = {
        front.get("abstract-title") or words["section-title-abstract"]: front.get("abstract"),
        words["title-block-keywords"]: ", ".join(map(str, listed(front.get("keywords")))),
        "DOI": _doi(front.get("doi")),
        words["section-title-reuse"]: _licence(front.get("license")),
        words["section-title-copyright"]: _copyright(front.get("copyright")),
    }
    lines += [f"**{name}** {str(text).strip()}" for name, text in labelled.items() if text]
    lines += _about(front)
    return "\n\n".join(lines)


def _about(front: Mapping[str, Any]) -> Iterator[str]:
    """The image and the links of a page about somebody."""
    if not front.get("about"):
        return
    about = front["about"] if isinstance(front["about"], Mapping) else {}
    image = about.get("image") or front.get("image")
    if image:
        yield f"![{about.get('image-alt') or front.get('image-alt') or ''}](<{image}>)"
    links = [it for it in listed(about.get("links")) if isinstance(it, Mapping)]
    named = [(it.get("text") or it.get("icon") or it.get("href"), it.get("href")) for it in links]
    if named:
        yield "\n".join(f"- [{words}](<{href}>)" if href else f"- {words}" for words, href in named)


def _authors(front: Mapping[str, Any]) -> Iterator[str]:
    """A line for each author of whom more is told than the name, which stands above."""
    places = {
        str(place["id"]): place
        for place in listed(front.get("affiliations"))
        if isinstance(place, Mapping) and "id" in place
    }
    for author in (*listed(front.get("author")), *listed(front.get("authors"))):
        if not isinstance(author, Mapping):
            continue
        given = (*listed(author.get("affiliations")), *listed(author.get("affiliation")))
        told = [_place(place, places) for place in given]
        told += [", ".join(map(str, listed(author.get("roles"))))]
        told += [f"<{author['email']}>" if author.get("email") else ""]
        told += [f"<{author['url']}>" if author.get("url") else ""]
        orcid = str(author.get("orcid") or "").rpartition("/")[2]
        told += [f"[ORCID {orcid}](https://orcid.org/{orcid})" if orcid else ""]
        if any(told):
            yield f"**{author_name(author)}**, {'; '.join(filter(None, told))}"


def _place(place: Any, places: Mapping[str, Mapping[str, Any]]) -> str:
    """An institution as a text, as a map, or by the `id` that `affiliations:` gives it."""
    if isinstance(place, Mapping) and "ref" in place:
        place = places.get(str(place["ref"]), place["ref"])
    if isinstance(place, str) and place in places:
        place = places[place]
    if not isinstance(place, Mapping):
        return str(place)
    parts = ("department", "group", "name", "address", "city", "region", "state", "country")
    return ", ".join(str(place[part]) for part in parts if place.get(part))


def _doi(doi: Any) -> str:
    bare = str(doi or "").removeprefix("https://doi.org/")
    return f"[{bare}](https://doi.org/{bare})" if bare else ""


def _licence(licence: Any) -> str:
    told = []
    for it in listed(licence):
        if isinstance(it, Mapping):
            words = str(it.get("text") or it.get("type") or it.get("url") or "")
            told.append(f"[{words}]({it['url']})" if it.get("url") else words)
        else:
            told.append(str(it))
    return "; ".join(told)


def _copyright(told: Any) -> str:
    if not isinstance(told, Mapping):
        return str(told or "")
    years = ", ".join(map(str, listed(told.get("year"))))
    holder = str(told.get("holder") or "")
    return str(told.get("statement") or " ".join(filter(None, ("©", years, holder))))
