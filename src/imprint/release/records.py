"""The facts of a release -> the records by which archives and catalogues take it in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from importlib.metadata import Distribution
from typing import Any

import yaml

from imprint.build.installed import installed
from imprint.read.packaged import DISTRIBUTION, VERSION
from imprint.release.facts import ReleaseFacts

_CYCLONEDX = "1.6"
_CITATION_MESSAGE = "If you use this report, please cite it as below."


def citation_cff(facts: ReleaseFacts) -> str:
    """`CITATION.cff`, of version 1.2.0 of the Citation File Format."""
    told: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": _CITATION_MESSAGE,
        "type": "dataset",
        "title": facts.title,
        "version": facts.version,
        "date-released": facts.day,
        "authors": [_cff_person(name, facts) for name in facts.authors],
        "commit": facts.commit,
    }
    told |= _given(doi=facts.doi, license=facts.licence, keywords=list(facts.keywords))
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=100)


def zenodo_json(facts: ReleaseFacts) -> dict[str, Any]:
    """`.zenodo.json`, as Zenodo's deposit takes it."""
    titles = "".join(f"<li>{it.title}</li>" for it in facts.publications)
    return {
        "upload_type": "publication",
        "publication_type": "report",
        "title": facts.title,
        "version": facts.version,
        "publication_date": facts.day,
        "description": f"<p>Made from commit {facts.commit}.</p><ul>{titles}</ul>",
        "creators": [{"name": _catalogued(name, facts)} for name in facts.authors],
        "language": facts.lang.split("-")[0],
        "access_right": "open",
        **_given(keywords=list(facts.keywords), license=facts.licence.lower(), doi=facts.doi),
    }


def codemeta_json(facts: ReleaseFacts) -> dict[str, Any]:
    """`codemeta.json`, of version 3.0 of CodeMeta."""
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": facts.title,
        "version": facts.version,
        "datePublished": facts.day,
        "author": [schema_person(name, facts) for name in facts.authors],
        "programmingLanguage": "Python",
        "softwareRequirements": f"{DISTRIBUTION} {VERSION}",
        **_given(
            keywords=list(facts.keywords), license=spdx_address(facts.licence),
            identifier=doi_address(facts.doi),
        ),
    }  # fmt: skip


def ro_crate(facts: ReleaseFacts, files: Mapping[str, int]) -> dict[str, Any]:
    """`ro-crate-metadata.json`, of version 1.1 of RO-Crate; `files` gives sizes in bytes."""
    people = [{"@id": f"#author-{n}", **schema_person(name, facts)}
              for n, name in enumerate(facts.authors, 1)]  # fmt: skip
    parts = [{"@id": path, "@type": "File", "contentSize": str(size)}
             for path, size in files.items()]  # fmt: skip
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": facts.title,
        "version": facts.version,
        "datePublished": facts.date,
        "description": "; ".join(it.title for it in facts.publications),
        "author": [{"@id": it["@id"]} for it in people],
        "hasPart": [{"@id": it["@id"]} for it in parts],
        **_given(
            keywords=list(facts.keywords), license=spdx_address(facts.licence),
            identifier=doi_address(facts.doi),
        ),
    }  # fmt: skip
    descriptor = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    graph = [descriptor, root, *people, *parts]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}


def attestation(
    facts: ReleaseFacts, archive: Mapping[str, str], versions: Mapping[str, str]
) -> dict[str, Any]:
    """An in-toto statement with SLSA provenance: what was made, from what, by what.

    `archive` gives the SHA-256 of each file that is attested, `versions` those of the tools.
    """
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": it}} for name, it in archive.items()],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "imprint release",
                "externalParameters": {"commit": facts.commit, "version": facts.version},
                "internalParameters": {"tools": dict(versions)},
                "resolvedDependencies": [
                    {"uri": "git+.", "digest": {"gitCommit": facts.commit}, "name": facts.name}
                ],
            },
            "runDetails": {
                "builder": {"id": f"imprint {versions['imprint']}"},
                "metadata": {"invocationId": facts.commit, "startedOn": facts.date},
            },
        },
    }


def bill_of_materials(facts: ReleaseFacts) -> dict[str, Any]:
    """A bill of materials in CycloneDX's form: every package that can have a hand in the report, by
    name and version: Imprint, and what it asks for, whatever else is installed beside it."""
    components = [_component(name, it) for name, it in sorted(installed().items())]
    serial = uuid.uuid5(uuid.NAMESPACE_URL, f"{facts.folder} {facts.commit}")
    licence = {"license": {"id": facts.licence, "url": spdx_address(facts.licence)}}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": _CYCLONEDX,
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


def schema_person(name: str, facts: ReleaseFacts) -> dict[str, str]:
    """An author in schema.org's words."""
    if name in facts.organisations:
        return {"@type": "Organization", "name": name}
    given, family = _parted(name)
    return {"@type": "Person", "givenName": given, "familyName": family, "name": name}


def spdx_address(licence: str) -> str:
    """Where SPDX describes a licence; empty without one."""
    return f"https://spdx.org/licenses/{licence}" if licence else ""


def doi_address(doi: str) -> str:
    """A DOI as an address; empty without one."""
    return f"https://doi.org/{doi}" if doi else ""


def _cff_person(name: str, facts: ReleaseFacts) -> dict[str, str]:
    if name in facts.organisations:
        return {"name": name}
    given, family = _parted(name)
    return {"given-names": given, "family-names": family} if given else {"family-names": family}


def _catalogued(name: str, facts: ReleaseFacts) -> str:
    """A name as catalogues sort it: `Lovelace, Ada`."""
    given, family = _parted(name)
    return name if name in facts.organisations or not given else f"{family}, {given}"


def _parted(name: str) -> tuple[str, str]:
    """Given and family name: the last word, or what stands before a comma, is the family's."""
    if "," in name:
        family, _, given = name.partition(",")
        return given.strip(), family.strip()
    given, _, family = name.rpartition(" ")
    return given, family


def _given(**values: Any) -> dict[str, Any]:
    """Those that say something."""
    return {name: value for name, value in values.items() if value}
