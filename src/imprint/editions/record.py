"""What was made of a table's editions: kept so that the next run makes only what is missing or
changed, and shown as a table and as a page with a search by name."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from imprint.core.digests import file_digest, value_digest
from imprint.core.escaping import templates
from imprint.core.files import write_atomically
from imprint.editions.making import Made
from imprint.editions.table import Edition

RECORD, TABLE, INDEX = "editions.json", "editions.csv", "index.html"
VERSION = 1


def edition_key(start: str, edition: Edition) -> str:
    """Digest of all that an edition is made from; `start` is that of what all have in common."""
    return value_digest([start, edition.name, sorted(edition.values.items())])


def still_there(folder: Path, keys: Mapping[str, str]) -> dict[str, Made]:
    """Editions of an earlier run that were made from the same, and whose files are as they were."""
    try:
        told = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        listed = told["editions"] if told["version"] == VERSION else {}
        found = {
            name: Made(name, it["seconds"], it["files"], it["size"], tuple(it["problems"]))
            for name, it in listed.items()
            if it["key"] == keys.get(name) and it["files"]
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    return {
        name: made
        for name, made in found.items()
        if all(file_digest(folder / file) == digest for file, digest in made.files.items())
    }


def write_record(folder: Path, title: str, made: Sequence[Made], keys: Mapping[str, str]) -> None:
    """Write the record, the summary table and the index page, in one step."""
    editions = {
        it.name: {
            "key": keys[it.name], "seconds": round(it.seconds, 3), "files": dict(it.files),
            "size": it.size, "problems": list(it.problems),
        }
        for it in made
    }  # fmt: skip
    text = json.dumps({"version": VERSION, "editions": editions}, ensure_ascii=False, indent=1)
    write_atomically(
        (folder / RECORD, f"{text}\n".encode()),
        (folder / TABLE, _table(made).encode()),
        (folder / INDEX, _index(title, made).encode()),
    )


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
    return page.render(title=title, editions=made, failed=failed, count=len(made) - failed)
