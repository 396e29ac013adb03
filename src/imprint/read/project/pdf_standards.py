"""`pdf-standard:` -> problems with standards that Typst does not know or cannot keep at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from imprint.core.problems import Problem, nearest
from imprint.read.node import Node

VERSIONS: Mapping[str, frozenset[str]] = {
    **{version: frozenset({version}) for version in ("1.4", "1.5", "1.6", "1.7", "2.0")},
    **dict.fromkeys(("a-1b", "a-1a"), frozenset({"1.4"})),
    **dict.fromkeys(
        ("a-2b", "a-2u", "a-2a", "a-3b", "a-3u", "a-3a", "ua-1"),
        frozenset({"1.4", "1.5", "1.6", "1.7"}),
    ),
    **dict.fromkeys(("a-4", "a-4f", "a-4e"), frozenset({"2.0"})),
}
"""Typst's standards, each with the versions of PDF that can keep it."""
_CODE = "pdf-standard-is-known"


def standard_problems(wanted: Node | None) -> Iterator[Problem]:
    """Problems of one list of standards, or of a single one."""
    names = [item.text() for item in wanted.items] if wanted else []
    for item in wanted.items if wanted else ():
        name = item.text()
        if name not in VERSIONS:
            fix = nearest(name, VERSIONS) or f"known are {', '.join(VERSIONS)}"
            yield Problem(item.place, _CODE, f"unknown PDF standard: {name or 'no text'}", fix)
    if wanted and set(names) <= set(VERSIONS) and not go_together(names):
        message = f"no PDF keeps {' and '.join(names)} at once"
        fix = "name at most one version, one standard for archives (a-…) and ua-1"
        yield Problem(wanted.place, _CODE, message, fix)


def go_together(names: list[str]) -> bool:
    """Whether one PDF can keep all of these known standards."""
    archives = [name for name in names if name.startswith("a-")]
    versions = [name for name in names if VERSIONS[name] == {name}]
    shared = frozenset().union(*VERSIONS.values()).intersection(*(VERSIONS[it] for it in names))
    return len(archives) <= 1 and len(versions) <= 1 and bool(shared)
