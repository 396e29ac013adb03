"""What is installed -> a bill of materials in CycloneDX's form."""

from __future__ import annotations

import uuid
from importlib.metadata import Distribution
from typing import Any

from imprint.build.installed import installed
from imprint.read.packaged import DISTRIBUTION
from imprint.release.facts import ReleaseFacts
from imprint.release.records import spdx_address

_SPEC = "1.6"


def bill_of_materials(facts: ReleaseFacts) -> dict[str, Any]:
    """Every package that can have a hand in the report, by name and version: Imprint, and what it
    asks for, whatever else is installed beside it."""
    components = [_component(name, it) for name, it in sorted(installed().items())]
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


def _component(name: str, found: Distribution) -> dict[str, Any]:
    address = f"pkg:pypi/{name}@{found.version}"
    kind = "application" if name == DISTRIBUTION else "library"
    return {
        "type": kind, "bom-ref": address, "name": name, "version": found.version, "purl": address
    }  # fmt: skip
