"""The wheel of this very Imprint, for a report's `vendor/` folder: rebuilt from the files that are
installed, or built from the checkout.

A report installs it by its hash, since the name is registered on no public index: asked for there,
it might one day be somebody else's.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from imprint.core.files import zip_entry
from imprint.core.problems import Problem, ReportError, problem
from imprint.read.packaged import CHECKOUT, DISTRIBUTION, PACKAGE, VERSION

STEM = f"{DISTRIBUTION.replace('-', '_')}-{VERSION}"
WHEEL = f"{STEM}-py3-none-any.whl"
_INFO = f"{STEM}.dist-info"
_NOT_PACKED = frozenset({
    "INSTALLER", "REQUESTED", "RECORD", "direct_url.json", "uv_build.json", "uv_cache.json"
})  # fmt: skip
"""What installers put beside the metadata: no part of a wheel."""
_DATE = (2020, 2, 2, 0, 0, 0)


def own_wheel() -> bytes:
    """The wheel's content, the same bytes from the same installed files.

    Raises ReportError where the installed files are not those of a wheel any more.
    """
    if (PACKAGE.parent / _INFO / "RECORD").is_file():
        return _zipped(dict(_installed(PACKAGE.parent)))
    if (CHECKOUT / "pyproject.toml").is_file():
        return _built(CHECKOUT)
    raise ReportError([_spoilt(f"there is no {_INFO} beside it, which lists its files")])


def _installed(site: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the wheel by its name there, as it stands in the folder of packages."""
    changed = []
    listed = (site / _INFO / "RECORD").read_text(encoding="utf-8")
    for name, recorded, *_ in csv.reader(listed.splitlines()):
        if not _is_of_wheel(name):
            continue
        try:
            content = (site / name).read_bytes()
        except OSError:
            content = b""
        if _record(content) != recorded:
            changed.append(_spoilt(f"its file {name} is not as it was installed"))
        yield name, content
    if changed:
        raise ReportError(changed[:1])


def _is_of_wheel(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    beside = name.startswith(("..", "/")) or folder.endswith("__pycache__")
    return not beside and not (folder == _INFO and file in _NOT_PACKED)


def _record(content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
    return f"sha256={digest.decode()}"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """A wheel of these files, in one order and with one date whenever it is made."""
    table = io.StringIO()
    write = csv.writer(table, lineterminator="\n").writerow
    names = sorted(files, key=lambda name: (name.startswith(_INFO), name))
    for name in names:
        write([name, _record(files[name]), len(files[name])])
    write([f"{_INFO}/RECORD", "", ""])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zip_entry(name, _DATE), files[name])
        archive.writestr(zip_entry(f"{_INFO}/RECORD", _DATE), table.getvalue())
    return made.getvalue()


def _built(checkout: Path) -> bytes:
    try:
        from hatchling.builders.wheel import WheelBuilder
    except ModuleNotFoundError as error:
        fix = "set the checkout up with scripts/test, or install Imprint from its wheel"
        found = problem("package-is-whole", DISTRIBUTION, 0, "hatchling is not installed", fix)
        raise ReportError([found]) from error
    with tempfile.TemporaryDirectory() as folder:
        made = list(WheelBuilder(str(checkout)).build(directory=folder, versions=["standard"]))
        return Path(made[0]).read_bytes()


def _spoilt(what: str) -> Problem:
    message = f"the installed Imprint cannot be packed for a new report: {what}"
    fix = "install it again from its wheel"
    return problem("package-is-whole", DISTRIBUTION, 0, message, fix)
