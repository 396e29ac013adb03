"""`uv.lock` of a new report: the packages that this Imprint was locked and tested with.

They are taken from the lock file of Imprint's repository, which the wheel holds, so that nothing
has to be resolved or downloaded to begin a report.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from imprint.read.packaged import DISTRIBUTION, VERSION, packaged

_BLOCK = "\n[[package]]\n"
_TESTS = "pytest"
"""What a report's own tests need; `pyproject.toml` of the new report asks for it."""


def report_lock(wheel: str, digest: str) -> str:
    """The lock file of a report that installs Imprint from `wheel`, a path from the report's root,
    whose SHA-256 is `digest`."""
    text = packaged("scaffold/uv.lock", "uv.lock").read_text(encoding="utf-8")
    head, *blocks = text.split(_BLOCK)
    packages = [tomllib.loads(_BLOCK + block)["package"][0] for block in blocks]
    own = next(package for package in packages if package["name"] == DISTRIBUTION)
    needed = _needed([DISTRIBUTION, _TESTS], packages)
    kept = {
        (package["name"], package.get("version", "")): block.strip("\n") + "\n"
        for package, block in zip(packages, blocks, strict=True)
        if package["name"] in needed
    }
    kept[DISTRIBUTION, ""] = _imprint(own, wheel, digest)
    kept["report", ""] = _report(own, wheel)
    return head + "".join(f"{_BLOCK}{kept[key]}" for key in sorted(kept))


def _needed(names: Iterable[str], packages: Iterable[Mapping[str, Any]]) -> set[str]:
    """Names of all packages that the named ones depend on, extras as they are asked for."""
    waiting = [(name, "") for name in names]
    asked: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for package in packages:
        extras = {"": package.get("dependencies", ()), **package.get("optional-dependencies", {})}
        for extra, dependencies in extras.items():
            found = asked.setdefault((package["name"], extra), [])
            for it in dependencies:
                found += [(it["name"], wanted) for wanted in ("", *it.get("extra", ()))]
    seen: set[tuple[str, str]] = set()
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            waiting += asked.get(at, ())
    return {name for name, _ in seen}


def _imprint(own: Mapping[str, Any], wheel: str, digest: str) -> str:
    file, metadata = wheel.rpartition("/")[2], own["metadata"]
    extras = ", ".join(f'"{name}"' for name in metadata.get("provides-extras", ()))
    return (
        f'name = "{DISTRIBUTION}"\nversion = "{VERSION}"\nsource = {{ path = "{wheel}" }}\n'
        f"dependencies = {_listed(own['dependencies'])}\n"
        f'wheels = [\n    {{ filename = "{file}", hash = "sha256:{digest}" }},\n]\n'
        f"\n[package.metadata]\nrequires-dist = {_listed(metadata['requires-dist'])}\n"
        + (f"provides-extras = [{extras}]\n" if extras else "")
    )


def _report(own: Mapping[str, Any], wheel: str) -> str:
    tests = [it for it in own["metadata"]["requires-dev"]["dev"] if it["name"] == _TESTS]
    return (
        'name = "report"\nversion = "1.0.0"\nsource = { virtual = "." }\n'
        f'dependencies = [\n    {{ name = "{DISTRIBUTION}" }},\n]\n'
        f'\n[package.dev-dependencies]\ndev = [\n    {{ name = "{_TESTS}" }},\n]\n'
        f'\n[package.metadata]\nrequires-dist = [{{ name = "{DISTRIBUTION}", path = "{wheel}" }}]\n'
        f"\n[package.metadata.requires-dev]\ndev = {_listed(tests)}\n"
    )


def _listed(items: Iterable[Mapping[str, Any]]) -> str:
    """Inline tables of texts and lists of texts, one on a line, as uv writes them."""

    def value(it: Any) -> str:
        return f"[{', '.join(map(value, it))}]" if isinstance(it, list) else f'"{it}"'

    lines = ["{ " + ", ".join(f"{k} = {value(v)}" for k, v in it.items()) + " }" for it in items]
    return "[\n" + "".join(f"    {line},\n" for line in lines) + "]"
