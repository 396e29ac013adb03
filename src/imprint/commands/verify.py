"""`imprint verify`: whether a bundle is what was released, and what its commit gives again."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from imprint.core.root import find_root
from imprint.release.archive import bundle_contents
from imprint.release.verify import (
    Verdict,
    read_manifest,
    verify_hashes,
    verify_rebuilt,
    verify_signature,
)
from imprint.terminal.watching import timed

EXAMPLES = """\
imprint verify dist/cycling-1.0.zip                        is every file as it was released?
imprint verify dist/cycling-1.0.zip --signers signers      and by whom?
imprint verify dist/cycling-1.0.zip --rebuild              does its commit give the same bytes?
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("bundle", type=Path, help="the archive, or the folder")
    parser.add_argument(
        "--signers",
        type=Path,
        metavar="FILE",
        help="the keys that you trust, as OpenSSH lists them",
    )
    parser.add_argument(
        "--rebuild",
        action="store_true",
        help="build it again from its commit and compare all bytes",
    )


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Say what matches, what does not, and what was not checked; 1 where something does not.

    Raises ReportError for what is no bundle.
    """
    files = bundle_contents(arguments.bundle)
    manifest = read_manifest(arguments.bundle, files)
    say(f"{manifest['title']}, release {manifest['release']} from commit {manifest['commit']}")
    told = [*verify_hashes(arguments.bundle, files), verify_signature(files, arguments.signers)]
    if arguments.rebuild:
        told += _rebuilt(files, str(manifest["commit"]), say)
    else:
        told.append(("not checked", "whether its commit gives the same bytes: --rebuild"))
    for verdict in ("matches", "differs", "not checked"):
        for line in (line for found, line in told if found == verdict):
            say(f"{verdict}: {line}")
    return 1 if any(found == "differs" for found, _ in told) else 0


def _rebuilt(
    files: Mapping[str, bytes], commit: str, say: Callable[[str], None]
) -> Iterator[Verdict]:
    # Who checks hashes alone need not wait for all that a build loads.
    from imprint.release.making import make_bundle

    root = find_root(Path.cwd())
    with timed(root, "rebuild", time.monotonic(), say, traces=False) as (_, tell):
        _, rebuilt = make_bundle(root, commit, tell, lambda _: None)
    return verify_rebuilt(files, rebuilt)
