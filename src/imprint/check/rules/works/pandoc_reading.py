"""The bibliography as pandoc reads it: what it refuses, and what it would leave out, before
anything prints."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any
from unicodedata import normalize

import pypandoc

from imprint.core import digests, store
from imprint.core.problems import Place, Problem, problem
from imprint.read.bibliography import takes_from_itself
from imprint.read.references import Reference
from imprint.read.report import Report

_PLACE = re.compile(r"\(line (\d+), column (\d+)\):\s*(.*)", re.DOTALL)
_SECONDS = 60
_PRINTED = ("title", "subtitle", "journal", "journaltitle", "publisher")
"""Fields that pandoc hands to every style, whatever a work's type."""
_PART = ("incollection", "inproceedings")


def check_pandoc_reading(report: Report) -> Iterator[Problem]:
    """Entries that pandoc, which prints all works, cannot read (`bibliography-parses`), or of
    which it would leave out words (`field-is-readable`).

    What it has read of a file once is kept until the file changes.
    """
    if report.library is None:
        return
    references = report.library.references
    if any(takes_from_itself(found, references) for found in references.values()):
        return
    root = report.project.root
    for file in report.project.bibliography:
        name = f"works-of-pandoc/{digests.file_digest(root / file)}"
        kept = store.get(root, name)
        if kept is None:
            read = _read((root / file).read_text(encoding="utf-8-sig"))
            if isinstance(read, str):
                yield _refused(file, read)
                continue
            kept = read
            store.put(root, name, kept)
        else:
            store.touch(root, name)
        for work in json.loads(kept):
            reference = references.get(work["id"])
            if reference is not None and reference.place.file == file:
                yield from _left_out(reference, work)


def _read(text: str) -> bytes | str:
    """The works of a file as CSL's JSON, or what pandoc says against it.

    As `cite.lua` does, `@conference` is read as what it is another name for.
    """
    command = [pypandoc.get_pandoc_path(), "--from=biblatex", "--to=csljson"]
    known = re.sub(r"(?i)(@\s*)conference(?=\s*[{(])", r"\1inproceedings", text)
    try:
        ran = subprocess.run(command, input=known.encode(), capture_output=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        return f"it takes more than {_SECONDS} seconds"
    return ran.stderr.decode("utf-8", "replace") if ran.returncode else ran.stdout


def _refused(file: str, said: str) -> Problem:
    found = _PLACE.search(said)
    line, column = (int(found[1]), int(found[2])) if found else (0, 0)
    reason = ", ".join((found[3] if found else said).split("\n")).strip(", ")[:200]
    message = f"pandoc, which prints the works, cannot read the bibliography here: {reason}"
    fix = "write entries as `@type{key, field = {value}, …}`, names in letters and digits alone"
    return problem("bibliography-parses", file, line, message, fix, column)


def _left_out(reference: Reference, work: Mapping[str, Any]) -> Iterator[Problem]:
    """Words of a field that stand nowhere in the work as pandoc has read it."""
    printed = _words(" ".join(_strings(work)))
    fields = (*_PRINTED, "booktitle") if reference.type in _PART else _PRINTED
    written = {field: reference.fields.get(field, "") for field in fields}
    for role, people in reference.people.items():
        named = [it for it in people if it.family != "others"]
        written[role] = " ".join(f"{it.given} {it.family}" for it in named)
    for field, value in written.items():
        lost = [word for word in _words(value) if word not in printed]
        if not lost or (reference.parents and field in ("booktitle", "publisher")):
            continue
        words = f"the list of works would lack '{' '.join(lost[:6])}'"
        message = f"entry '{reference.key}', field '{field}': {words}"
        fix = r"write letters as they are, `\&`, `\$` and `\#`, and no commands of packages"
        place = Place(reference.place.file, reference.lines[field])
        yield Problem(place, "field-is-readable", message, fix)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _words(text: str) -> dict[str, None]:
    """The words of a text in their order, without accents; LaTeX's commands and maths left out."""
    plain = normalize("NFKD", re.sub(r"\\[A-Za-z]+", " ", text)).casefold().replace("\u0131", "i")
    plain = re.sub(r" ?[\u0300-\u036f]", "", plain)
    return dict.fromkeys(re.findall(r"[^\W_\u0370-\u03ff]{2,}", plain))
