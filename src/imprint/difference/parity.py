"""Two normal forms -> every difference, with the place in the author's source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from imprint.core.numbers import counted
from imprint.core.problems import Place
from imprint.difference.as_text import short
from imprint.difference.documents import Difference, difference
from imprint.difference.output_forms import Form, document_of
from imprint.difference.pairing import common_words
from imprint.read.packaged import DOCUMENT_SCHEMA
from imprint.read.schema import load_schema, read_back_file

_ALIKE = 0.5
"""How many of its words a passage of a page shares with the source that it is taken to be from."""


@dataclass(frozen=True)
class Unlike:
    """One thing that the engines print otherwise."""

    what: str
    """`words`, `caption`, `number`, `citation`, `identifier`, `page`, `bookmark` and so on."""
    place: Place
    """In the author's source, as far as it is known; else the page."""
    theirs: str
    """Quarto's; empty where it has nothing."""
    ours: str


def compare_forms(theirs: Form, ours: Form, output: Path) -> list[Unlike]:
    """All that is unlike in the publications of both; `output` is the folder of ours, whose
    documents say where passages are from."""
    found: list[Unlike] = []
    both = (theirs["publications"], ours["publications"])
    for name in sorted(both[0].keys() | both[1].keys()):
        if any(name not in side for side in both):
            had = ["has it" if name in side else "" for side in both]
            found.append(Unlike("publication", Place(name), *had))
            continue
        found += _publication(name, both[0][name], both[1][name], output / name)
    return found


def unlike_lines(found: list[Unlike]) -> Iterator[str]:
    """Each difference with its place, what Quarto prints and what we print."""
    for it in found:
        yield f"{it.place}: {it.what}"
        yield f"      quarto:   {short(it.theirs) or 'nothing'}"
        yield f"      embedded: {short(it.ours) or 'nothing'}"
    yield counted(len(found), "difference") if found else "the two are alike"


def _publication(name: str, theirs: Form, ours: Form, folder: Path) -> Iterator[Unlike]:
    places = _places(ours["pages"], folder / "document.json")
    for path in sorted(theirs["pages"].keys() ^ ours["pages"].keys()):
        had = ["has it" if path in side["pages"] else "" for side in (theirs, ours)]
        yield Unlike("page", Place(f"{name}/{path}"), *had)
    shared = theirs["pages"].keys() & ours["pages"].keys()
    old, new = ({path: form["pages"][path] for path in sorted(shared)} for form in (theirs, ours))
    yield from _texts(difference(document_of(name, old, {}), document_of(name, new, places)))
    for path in sorted(shared):
        known = places.get(path) or [Place(f"{name}/{path}")] * len(new[path])
        yield from _identifiers(old[path], new[path], known)
    yield from _bookmarks(name, theirs.get("pdf", {}), ours.get("pdf", {}))


def _texts(told: Difference) -> Iterator[Unlike]:
    for change in (*told.words, *told.floats):
        kind = "words" if change.block.kind == "text" else change.block.kind
        place = change.new.place if change.new else change.place
        yield Unlike(kind, place, change.old_text, change.new_text)
    for run in (*told.numbers, *told.citations):
        if run.old == run.new:
            named = ", ".join(run.ids)
            yield Unlike(
                run.kind, run.part.place, f"{run.old} ({named})", f"{run.new}, for another"
            )
    for move in told.places:
        where = (str(move.old.place), str(move.new.place))
        yield Unlike("order", move.new.place, f"{move.text} [{where[0]}]", f"[{where[1]}]")


def _identifiers(
    theirs: list[dict[str, Any]], ours: list[dict[str, Any]], places: list[Place]
) -> Iterator[Unlike]:
    """Headings and floats that read alike and have other identifiers, by which links find them."""
    keys = [[(it["kind"], it["text"]) for it in side] for side in (theirs, ours)]
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    for a, b, size in matcher.get_matching_blocks():
        for i in range(size):
            was, becomes = (it.get("id", "") for it in (theirs[a + i], ours[b + i]))
            if was != becomes:
                what = f"identifier of '{short(ours[b + i]['text'])}'"
                yield Unlike(what, places[b + i], was, becomes)


def _bookmarks(name: str, theirs: Form, ours: Form) -> Iterator[Unlike]:
    sides = [[(level, title) for level, title in it.get("bookmarks", ())] for it in (theirs, ours)]
    if not all(sides):
        return
    for kind, a, b, c, d in SequenceMatcher(None, sides[0], sides[1], autojunk=False).get_opcodes():
        if kind != "equal":
            was, becomes = (
                "; ".join(f"{level} {title}" for level, title in part)
                for part in (sides[0][a:b], sides[1][c:d])
            )
            yield Unlike("bookmark", Place(f"{name} (PDF)"), was, becomes)


def _places(pages: Mapping[str, list[dict[str, Any]]], document: Path) -> dict[str, list[Place]]:
    """Where each passage of our pages is from, by the document that stands beside them: that of
    the next passage of the source that shares most of its words, else that of the one before."""
    told = read_back_file(document, load_schema(DOCUMENT_SCHEMA))
    if told is None:
        return {}
    found = {}
    for chapter in told["chapters"]:
        path = "index.html" if len(pages) == 1 else str(Path(chapter["path"]).with_suffix(".html"))
        if path in pages:
            found[path] = list(_aligned(pages[path], chapter))
    return found


def _aligned(passages: list[dict[str, Any]], chapter: Mapping[str, Any]) -> Iterator[Place]:
    sources = [it for it in chapter["passages"] if it["places"]]
    at, place = 0, Place(chapter["path"])
    for passage in passages:
        likeness = [common_words(it["text"], passage["text"]) for it in sources[at : at + 40]]
        best = max(range(len(likeness)), key=lambda i: (likeness[i], -i), default=None)
        if best is not None and likeness[best] >= _ALIKE:
            at += best
            where = sources[at]["places"][0]
            place = Place(where["file"], where.get("line", 0))
            at += 1
        yield place
