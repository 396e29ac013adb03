"""The packages that have a hand in a report: Imprint, and what it asks for."""

from __future__ import annotations

import contextlib
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from imprint.read.packaged import DISTRIBUTION


def installed() -> dict[str, Distribution]:
    """Imprint's package and those it needs, directly or not, that are installed."""
    found: dict[str, Distribution] = {}
    waiting = [DISTRIBUTION]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        # What another system needs is not installed here.
        with contextlib.suppress(PackageNotFoundError):
            found[name] = distribution(name)
            asked = map(Requirement, found[name].requires or ())
            waiting += [
                canonicalize_name(it.name)
                for it in asked
                if it.marker is None or it.marker.evaluate({"extra": ""})
            ]
    return found
