"""Works that a page cites, held once in the page, so that a citation shows its work in place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup

_CITED = re.compile(r'href="[^"]*#ref-([^"]+)"')
_LISTED = re.compile(r'\bid="ref-([^"]+)"')


def cited_works(body: str, entries: Mapping[str, Markup]) -> dict[str, Markup]:
    """Entries of the reference list by key, for works that a page's body cites from elsewhere.

    A work that the page itself lists is not repeated.
    """
    keys, own = dict.fromkeys(_CITED.findall(body)), set(_LISTED.findall(body))
    return {key: entries[key] for key in keys if key in entries and key not in own}
