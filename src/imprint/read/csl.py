"""The one reading of bibliographies that anything is printed from: pandoc's, kept by what it was
made from, so that it costs nothing when unchanged (`works.lua`)."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from imprint.core import digests, store
from imprint.core.files import read_file
from imprint.core.problems import Problem, problem
from imprint.core.scratch import scratch_folder
from imprint.read.names import Person
from imprint.read.pandoc import pandoc_command, pandoc_environment, pandoc_identity, why_it_ended

_LUA = Path(__file__).with_name("works.lua")
_SECONDS, _BYTES_A_SECOND = 300, 20_000
"""What pandoc may take at least, on a busy machine; and for how much more it has another second."""
_PLACE = re.compile(r"\(line (\d+), column (\d+)\):\s*(.*)", re.DOTALL)
_CONFERENCE = re.compile(r"(@\s*)conference(?=\s*[{(])", re.IGNORECASE)
_WITHOUT_YEARS = re.compile(r'class="note"|citation-number')
"""In a style whose citations do not give the year."""


@dataclass(frozen=True)
class CslWork:
    """A work as pandoc has read it, in plain text."""

    name: str
    """As citations in running text name it: `van der Berg and Scott (2010a)`."""
    year: str = ""
    """Empty for an undated work."""
    people: Mapping[str, tuple[Person, ...]] = field(default_factory=dict)
    """By role: `author`, `editor`, `translator`."""
    printed: Mapping[str, str] = field(default_factory=dict)
    """Values by CSL's variables: `title`, `publisher-place`, …"""
    file: str = ""
    """The bibliography that holds it, from the root."""


@dataclass(frozen=True)
class Csl:
    """What pandoc has read of a report's bibliographies."""

    works: Mapping[str, CslWork]
    """By key."""
    references: str
    """The works with their markup, as citeproc takes them: a document in pandoc's JSON."""


@dataclass(frozen=True)
class NameStyle:
    """How works are named."""

    csl: str = ""
    """Path of the CSL style from the root; empty for pandoc's own."""
    lang: str = "en"


PLAIN_STYLE = NameStyle()


_FORMATS = {".json": "csljson", ".ris": "ris"}
_METADATA = (".yaml", ".yml", ".qmd", ".md", ".ipynb")


def format_of(file: str) -> str:
    """The name that pandoc has for the form of a bibliography; that of metadata is Markdown."""
    suffix = PurePath(file).suffix.lower()
    return "markdown" if suffix in _METADATA else _FORMATS.get(suffix, "biblatex")


def is_bibtex(file: str) -> bool:
    """Whether a bibliography holds what is typed by hand, which we read, too, for its slips."""
    return format_of(file) == "biblatex"


def read_csl(root: Path, texts: Mapping[str, str], style: NameStyle) -> tuple[Csl, list[Problem]]:
    """Read bibliographies, given by their paths, and what pandoc cannot read of them."""
    try:
        rules = read_file(root / style.csl).decode() if style.csl else ""
    except (OSError, ValueError):
        rules = ""
    # A number or a note would not name the work; pandoc's own style gives author and year.
    named_by = style.csl if rules and not _WITHOUT_YEARS.search(rules) else None
    # pandoc does not know that `@conference` is another name for `@inproceedings`.
    files = [
        {
            "path": path,
            "format": format_of(path),
            "text": _CONFERENCE.sub(r"\1inproceedings", text) if is_bibtex(path) else text,
        }
        for path, text in texts.items()
    ]
    request = {"files": files, "csl": named_by, "lang": style.lang}
    made_from = [request, rules, digests.file_digest(_LUA), pandoc_identity()]
    name = f"works/{digests.value_digest(made_from)}"
    kept = store.get(root, name)
    if kept is None:
        asked = json.dumps(request, ensure_ascii=False)
        made = _answered(asked, root if named_by else None)
        if isinstance(made, str):
            return Csl({}, ""), [_refused(file, made) for file in texts]
        store.put(root, name, made)
        kept = made
    else:
        store.touch(root, name)
    answer = json.loads(kept)
    works: dict[str, CslWork] = {}
    for work in answer["works"]:
        people = {
            role: tuple(Person(*parts) for parts in named)
            for role, named in dict(work["people"]).items()
        }
        printed = dict(work["printed"])
        works[work["key"]] = CslWork(work["name"], work["year"], people, printed, work["file"])
    refused = [_refused(file, said) for file, said in answer["refused"]]
    return Csl(works, answer["references"]), refused


def _answered(asked: str, root: Path | None) -> bytes | str:
    """pandoc's answer, or what it says for want of one; `root` is where the style's path begins."""
    command = [*pandoc_command(), "lua", str(_LUA)]
    given = asked.encode()
    most = _SECONDS + len(given) // _BYTES_A_SECOND
    try:
        with scratch_folder() as scratch:
            ran = subprocess.run(
                command,
                input=given,
                capture_output=True,
                cwd=root,
                env=pandoc_environment(scratch),
                timeout=most,
            )
    except subprocess.TimeoutExpired:
        return f"it takes more than {most} seconds"
    if ran.returncode == 0:
        return ran.stdout
    said = ran.stderr.decode("utf-8", "replace")
    return said if _PLACE.search(said) else why_it_ended(ran.returncode, said)


def _refused(file: str, said: str) -> Problem:
    found = _PLACE.search(said)
    line, column = (int(found[1]), int(found[2])) if found else (0, 0)
    reason = ", ".join((found[3] if found else said).split("\n")).strip(", ")[:200]
    message = f"pandoc, which prints the works, cannot read the bibliography here: {reason}"
    fix = "export it again from your reference manager, as BibTeX or CSL JSON"
    if not found:
        fix = "render again when the machine has less to do, or divide the file to find the entry"
    elif is_bibtex(file):
        fix = "write entries as `@type{key, field = {value}, …}`, names in letters and digits alone"
    return problem("bibliography-parses", file, line, message, fix, column)
