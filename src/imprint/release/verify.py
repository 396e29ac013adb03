"""A bundle -> what matches, what does not, and what could not be checked."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from imprint.core.digests import bytes_digest
from imprint.core.problems import ReportError, problem
from imprint.core.scratch import scratch_folder
from imprint.read.schema import load_schema, read_back
from imprint.release.archive import unreadable
from imprint.release.contents import MANIFEST, SUMS, VERSION

_SCHEMA = load_schema(Path(__file__).with_name("manifest.schema.json"))
SIGNATURE = f"{SUMS}.sig"
NAMESPACE = "imprint-release"
"""What signatures are for, so that none made for something else holds here."""


Verdict = tuple[Literal["matches", "differs", "not checked"], str]
"""A sentence on what holds, a line for a file or statement that does not, or what could not be
looked at, and how it can be."""


def read_manifest(path: Path, files: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest of a bundle.

    Raises ReportError where there is none, or one of a form that this version does not know.
    """
    try:
        manifest: dict[str, Any] = read_back(files.get(MANIFEST, b""), _SCHEMA)
    except ValueError as error:
        message = f"there is no {MANIFEST} of a release in it: {error}"
        raise unreadable(path, message, "name a bundle that `imprint release` made") from None
    if manifest["version"] != VERSION:
        known = f"and this version of Imprint knows {VERSION}"
        message = f"its {MANIFEST} is of form {manifest['version']}, {known}"
        raise unreadable(path, message, "verify it with the version of Imprint that it names")
    return manifest


def verify_hashes(path: Path, files: Mapping[str, bytes]) -> Iterator[Verdict]:
    """How many files are as `SHA256SUMS` lists them, and which are not.

    Raises ReportError where there is no list, or it cannot be read.
    """
    listed = _listed(path, files)
    wrong = [
        name
        for name, digest in listed.items()
        if name not in files or bytes_digest(files[name]) != digest
    ]
    sound = len(listed) - len(wrong)
    yield "matches", f"{sound} of {len(listed)} files are as {SUMS} lists them"
    for name in wrong:
        yield "differs", f"{name}: {'changed' if name in files else 'missing'}"
    for name in sorted(files.keys() - listed.keys() - {SUMS, SIGNATURE}):
        yield "differs", f"{name}: added"


def verify_signature(files: Mapping[str, bytes], signers: Path | None) -> Verdict:
    """Whether one of the signers has signed the list of files."""
    if SIGNATURE not in files:
        return "not checked", "there is no signature"
    if signers is None:
        return "not checked", "the signature: name the keys that you trust with --signers"
    with scratch_folder() as folder:
        signature = folder / SIGNATURE
        signature.write_bytes(files[SIGNATURE])
        found = _ssh(files[SUMS], "find-principals", "-f", str(signers), "-s", str(signature))
        for name in found.stdout.decode(errors="replace").split("\n"):
            asked = ("verify", "-f", str(signers), "-I", name.strip(), "-n", NAMESPACE)
            if name.strip() and _ssh(files[SUMS], *asked, "-s", str(signature)).returncode == 0:
                return "matches", f"signed by {name.strip()}"
    return "differs", f"{SIGNATURE}: no signature of {SUMS} by any of the signers"


def verify_rebuilt(files: Mapping[str, bytes], rebuilt: Mapping[str, bytes]) -> Iterator[Verdict]:
    """Whether every file is, byte by byte, what the commit gives again."""
    both = sorted(files.keys() & rebuilt.keys())
    unlike = [name for name in both if files[name] != rebuilt[name]]
    said = f"{len(both) - len(unlike)} of {len(both)} files are the same bytes when built again"
    yield "matches", said
    for name in sorted(files.keys() - rebuilt.keys() - {SIGNATURE}):
        yield "differs", f"{name}: not built again"
    for name in sorted(rebuilt.keys() - files.keys()):
        yield "differs", f"{name}: not in the bundle"
    for name in unlike:
        yield "differs", f"{name}: other bytes when built again"


def sign(sums: bytes, key: Path) -> bytes:
    """A signature of the list of files by an SSH key.

    Raises ReportError where the key cannot sign.
    """
    with scratch_folder() as folder:
        file = folder / SUMS
        file.write_bytes(sums)
        ran = _ssh(b"", "sign", "-q", "-f", str(key), "-n", NAMESPACE, str(file))
        if ran.returncode or not file.with_name(SIGNATURE).is_file():
            said = " ".join(ran.stderr.decode(errors="replace").split()) or "ssh-keygen failed"
            raise ReportError([problem(
                "key-can-sign", key.as_posix(), 0, f"this key cannot sign: {said}",
                "name a private SSH key, or leave out `--key`",
            )])  # fmt: skip
        return file.with_name(SIGNATURE).read_bytes()


def _ssh(given: bytes, *words: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["ssh-keygen", "-Y", *words], input=given, capture_output=True, check=False
        )
    except OSError:
        message, fix = "ssh-keygen cannot be run", "install OpenSSH, or leave the signature out"
        raise ReportError([problem("key-can-sign", "ssh-keygen", 0, message, fix)]) from None


def _listed(path: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    try:
        lines = files[SUMS].decode().splitlines()
        parted = [line.split("  ", 1) for line in lines]
        found = {name: digest for digest, name in parted}
    except (KeyError, ValueError):
        message = f"there is no list {SUMS} in it that can be read"
        raise unreadable(path, message, "get the bundle again from where it was released") from None
    return found
