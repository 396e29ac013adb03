"""`imprint release`: the bundle of a commit, which anyone can check and rebuild."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from imprint.build.revisions import require_clean
from imprint.core.digests import bytes_digest
from imprint.core.files import write_atomically, writing
from imprint.core.problems import ReportError, problem
from imprint.core.root import find_root
from imprint.core.scratch import scratch_folder
from imprint.release.archive import packed
from imprint.release.contents import SUMS
from imprint.release.facts import ReleaseFacts
from imprint.release.making import make_bundle
from imprint.release.verify import SIGNATURE, sign
from imprint.review.files import read_reviews
from imprint.review.placed import require_settled
from imprint.terminal.watching import timed

EXAMPLES = """\
imprint release                              the bundle of the last commit, in dist/
imprint release --key ~/.ssh/id_ed25519      and signed
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--key", type=Path, metavar="FILE", help="sign with this private SSH key")
    parser.add_argument(
        "--output", type=Path, metavar="FOLDER", help="where the bundle goes; by default dist/"
    )


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Make the bundle of the last commit. Raises ReportError for what keeps it from a release."""
    root = find_root(Path.cwd())
    require_clean(root)
    require_settled(read_reviews(root))
    dist = arguments.output or root / "dist"

    def accept(facts: ReleaseFacts) -> None:
        for target in (dist / facts.folder, dist / f"{facts.folder}.zip"):
            if target.exists():
                fix = "give the report its next version, or take that bundle away"
                message = "this bundle is there already"
                raise ReportError([problem("release-is-new", str(target), 0, message, fix)])

    with timed(root, "release", time.monotonic(), say, traces=False) as (say_now, tell):
        facts, files = make_bundle(root, "HEAD", tell, accept)
        if arguments.key:
            files = {**files, SIGNATURE: sign(files[SUMS], arguments.key)}
        archive = packed(facts.folder, files, facts.date)
        dist.mkdir(parents=True, exist_ok=True)
        with writing(root), scratch_folder(dist) as scratch:
            for path, content in files.items():
                target = scratch / facts.folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            write_atomically((dist / f"{facts.folder}.zip", archive))
            (scratch / facts.folder).rename(dist / facts.folder)
        say_now(f"{dist / facts.folder}.zip: {len(files)} files, SHA-256 {bytes_digest(archive)}")
    return 0
