"""A rendered report -> the files of its bundle, by path."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from imprint.core.digests import bytes_digest
from imprint.core.files import OUTPUT
from imprint.read.data.csv_rows import EDITORS, csv_for_readers
from imprint.read.data.datapackage import PACKAGE, read_package
from imprint.read.report import Report
from imprint.release.facts import ReleaseFacts
from imprint.release.records import (
    attestation,
    bill_of_materials,
    citation_cff,
    codemeta_json,
    ro_crate,
    zenodo_json,
)
from imprint.release.ris import ris

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
VERSION = 1
"""Of the bundle's form, as its manifest gives it."""
README = Path(__file__).with_name("README.txt")


def bundle_files(report: Report, facts: ReleaseFacts, changes: str) -> dict[str, bytes]:
    """The files of the bundle of a report that has just been rendered, sorted by path.

    `changes` tells what is new since the release before; empty without one.
    """
    root = report.project.root
    output = root / OUTPUT
    built = json.loads((output / MANIFEST).read_text(encoding="utf-8"))
    files = {
        f"site/{path.relative_to(output).as_posix()}": path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file()
    }
    for found in facts.publications:
        files[f"pdf/{found.file}"] = files[f"site/{found.name}/{found.file}"]
    files |= _data(root)
    files |= _references(report)
    files["provenance.json"] = files["site/provenance.json"]
    files["README.txt"] = _readme(facts)
    if changes:
        files["CHANGES.md"] = changes.encode()
    files |= _records(facts, built["versions"], files)
    files[MANIFEST] = _json(_manifest(facts, built, files))
    files[SUMS] = "".join(
        f"{bytes_digest(content)}  {path}\n" for path, content in sorted(files.items())
    ).encode()
    return dict(sorted(files.items()))


def _data(root: Path) -> dict[str, bytes]:
    """The tables without what editors note of them, and their description."""
    if not (root / PACKAGE).is_file():
        return {}
    files = {
        table.file: csv_for_readers(root / table.file) for table in read_package(root)[0].values()
    }
    described = json.loads((root / PACKAGE).read_text(encoding="utf-8"))
    for resource in described["resources"]:
        fields = resource["schema"]["fields"]
        resource["schema"]["fields"] = [it for it in fields if it["name"] != EDITORS]
    return files | {PACKAGE: _json(described)}


def _references(report: Report) -> dict[str, bytes]:
    """The works as their authors typed them, and as reference managers take them."""
    root = report.project.root
    files = {
        f"references/{Path(file).name}": (root / file).read_bytes()
        for file in report.project.bibliography
    }
    works = _csl_json(report.library.csl) if report.library and report.library.csl else []
    if works:
        files["references/references.json"] = _json(works)
        files["references/references.ris"] = ris(works).encode()
    return files


def _csl_json(document: str) -> Sequence[Mapping[str, Any]]:
    """The works in CSL-JSON; pandoc writes them from the document in which it has read them."""
    import pypandoc

    asked: str = pypandoc.convert_text(document, "csljson", format="json")
    works = json.loads(asked)
    # What editors note of a work is for nobody else.
    return [{name: it for name, it in work.items() if name != "annote"} for work in works]


def _readme(facts: ReleaseFacts) -> bytes:
    text = README.read_text(encoding="utf-8")
    publications = "\n".join(f"  pdf/{it.file}: {it.title}" for it in facts.publications)
    return text.format(facts=facts, publications=publications).encode()


def _records(
    facts: ReleaseFacts, versions: Mapping[str, str], files: Mapping[str, bytes]
) -> dict[str, bytes]:
    digests = {path: bytes_digest(content) for path, content in sorted(files.items())}
    sizes = {path: len(content) for path, content in sorted(files.items())}
    return {
        "CITATION.cff": citation_cff(facts).encode(),
        ".zenodo.json": _json(zenodo_json(facts)),
        "codemeta.json": _json(codemeta_json(facts)),
        "sbom.cdx.json": _json(bill_of_materials(facts)),
        "provenance.intoto.json": _json(attestation(facts, digests, versions)),
        "ro-crate-metadata.json": _json(ro_crate(facts, sizes)),
    }


def _manifest(
    facts: ReleaseFacts, built: Mapping[str, Any], files: Mapping[str, bytes]
) -> dict[str, Any]:
    inputs: dict[str, str] = {}
    for publication in built["publications"].values():
        inputs |= publication["inputs"]
    return {
        "version": VERSION,
        "name": facts.name,
        "release": facts.version,
        "title": facts.title,
        "commit": facts.commit,
        "date": facts.date,
        "engine": built["engine"],
        "tools": built["versions"],
        "inputs": inputs,
        "outputs": {path: bytes_digest(content) for path, content in files.items()},
    }


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
