"""What is installed -> a bill of materials in CycloneDX's form."""

from __future__ import annotations

import contextlib
import uuid
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from imprint.read.packaged import DISTRIBUTION
from imprint.release.facts import ReleaseFacts
from imprint.release.records import spdx_address

_SPEC = "1.6"


def bill_of_materials(facts: ReleaseFacts) -> dict[str, Any]:
    """Every package that can have a hand in the report, by name and version: Imprint, and what it
    asks for, whatever else is installed beside it."""
    components = [_component(name, it) for name, it in sorted(_needed().items())]
    serial = uuid.uuid5(uuid.NAMESPACE_URL, f"{facts.folder} {facts.commit}")
    licence = {"license": {"id": facts.licence, "url": spdx_address(facts.licence)}}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": _SPEC,
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "timestamp": facts.date,
            "component": {
                "type": "data",
                "bom-ref": facts.folder,
                "name": facts.name,
                "version": facts.version,
                **({"licenses": [licence]} if facts.licence else {}),
            },
        },
        "components": components,
        "dependencies": [{"ref": facts.folder, "dependsOn": [it["bom-ref"] for it in components]}],
    }  # fmt: skip


def _needed() -> dict[str, Distribution]:
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


def _component(name: str, found: Distribution) -> dict[str, Any]:
    address = f"pkg:pypi/{name}@{found.version}"
    kind = "application" if name == DISTRIBUTION else "library"
    return {
        "type": kind, "bom-ref": address, "name": name, "version": found.version, "purl": address
    }  # fmt: skip
