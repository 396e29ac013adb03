"""Citations: every key that a chapter cites is an entry of the bibliography."""

from __future__ import annotations

from collections.abc import Iterator

from imprint.mentions import citations
from imprint.problems import Problem, nearest
from imprint.sources import Sources


def check_citations(sources: Sources) -> Iterator[Problem]:
    """Yield a problem for every citation key without an entry (`citation-resolves`)."""
    if sources.library is None:
        return
    keys = sources.library.references
    files = ", ".join(sources.project.bibliography) or "the project's bibliography"
    for chapter in sources.chapters.values():
        for key, place in citations(chapter, sources.reference_kinds):
            if key not in keys and key != "*":
                mend = nearest(key, keys) or f"add an entry '{key}' to {files}"
                yield Problem(place, "citation-resolves", f"no entry '{key}' in {files}", mend)
