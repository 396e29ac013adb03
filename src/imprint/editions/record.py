"""What was made of a table's editions: put in place and noted one by one, so that the next run
makes only what is missing or changed; shown as a table and as a page with a search by name."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path
from unicodedata import combining, normalize
from urllib.parse import quote

from imprint.core.digests import bytes_digest, file_digest, value_digest
from imprint.core.escaping import templates
from imprint.core.files import write_atomically, zip_entry
from imprint.editions.table import Edition
from imprint.read.schema import load_schema, read_back

RECORD, TABLE, INDEX = "editions.jsonl", "editions.csv", "index.html"

_SCHEMA = load_schema(Path(__file__).with_name("record.schema.json"))


@dataclass(frozen=True)
class Made:
    """What came of an edition."""

    name: str
    seconds: float = 0.0
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 by the file's name; none where it failed."""
    size: int = 0
    """Bytes of its files."""
    problems: tuple[str, ...] = ()
    """As they are printed: why it failed, or what is to be known of it."""

    @property
    def failed(self) -> bool:
        """Whether there are no files of it."""
        return not self.files


def edition_key(start: str, edition: Edition) -> str:
    """Digest of all that an edition is made from; `start` is that of what all have in common."""
    return value_digest([start, edition.name, sorted(edition.values.items())])


def put_in_place(folder: Path, made: Made, content: Mapping[str, bytes]) -> Made:
    """Write an edition's files, by their names.

    What has come back from elsewhere otherwise than it was made is as good as failed.
    """
    said = "its files came back damaged"
    if all(bytes_digest(it) == made.files.get(file) for file, it in content.items()):
        try:
            write_atomically(*((folder / file, it) for file, it in content.items()))
            return made
        except OSError as error:
            said = f"its files cannot be written: {(error.strerror or str(error)).lower()}"
    return Made(made.name, made.seconds, problems=(said,))


def note(folder: Path, made: Made, key: str) -> None:
    """Note that an edition is in its place, in case the run is cut off."""
    if not made.failed:
        with (folder / RECORD).open("a", encoding="utf-8") as record:
            record.write(_line(made, key))


def still_there(folder: Path, keys: Mapping[str, str]) -> dict[str, Made]:
    """Editions of earlier runs that were made from the same, and whose files are as they were."""
    found = {}
    try:
        lines = (folder / RECORD).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    for line in lines:
        # A run that was killed may leave half a line.
        try:
            told = read_back(line, _SCHEMA)
        except ValueError:
            continue
        name, key = told["name"], told.pop("key")
        made = Made(**{**told, "problems": tuple(told["problems"])})
        if key == keys.get(name) and made.files:
            found[name] = made
    return {
        name: made
        for name, made in found.items()
        if all(file_digest(folder / file) == digest for file, digest in made.files.items())
    }


def write_record(folder: Path, title: str, made: Sequence[Made], keys: Mapping[str, str]) -> None:
    """Write the record, the summary table and the index page of all editions, in one step."""
    write_atomically(
        (folder / RECORD, "".join(_line(it, keys[it.name]) for it in made).encode()),
        (folder / TABLE, _table(made).encode()),
        (folder / INDEX, _index(title, made).encode()),
    )


def write_archive(file: Path, folder: Path, made: Iterable[Made]) -> None:
    """Write the index page, the summary table and all editions as one ZIP. Raises OSError."""
    names = [INDEX, TABLE, *(name for it in made for name in it.files)]
    part = file.with_name(f".{file.name}.part")
    try:
        with zipfile.ZipFile(part, "w") as archive:
            for name in names:
                archive.writestr(zip_entry(name), (folder / name).read_bytes())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _line(made: Made, key: str) -> str:
    return json.dumps(asdict(made) | {"key": key}, ensure_ascii=False) + "\n"


def _table(made: Iterable[Made]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("edition", "made", "seconds", "bytes", "files", "problems"))
    for it in made:
        row = (it.name, "no" if it.failed else "yes", f"{it.seconds:.2f}", it.size)
        writer.writerow((*row, "; ".join(it.files), "; ".join(it.problems)))
    return text.getvalue()


def _index(title: str, made: Sequence[Made]) -> str:
    environment = templates(Path(__file__).parent)
    environment.filters["address"] = quote
    failed = sum(it.failed for it in made)
    page = environment.get_template("index.html")
    ordered = sorted(made, key=lambda it: _plain(it.name))
    letters = [(letter, list(group)) for letter, group in groupby(ordered, _initial)]
    return page.render(title=title, letters=letters, failed=failed, count=len(made) - failed)


def _initial(made: Made) -> str:
    """What an edition is found under: a letter without accents, or # for all else."""
    first = _plain(made.name)[:1].upper()
    return first if first.isalpha() else "#"


def _plain(name: str) -> str:
    return "".join(it for it in normalize("NFD", name) if not combining(it)).casefold()
