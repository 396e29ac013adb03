"""The fonts that charts are drawn with: those that come with the drawing library, on every machine.

matplotlib makes a list of all fonts of a system when it is first used and keeps it where its
configuration is. It finds ours there instead, which takes no second to make, and a chart looks
alike wherever it is drawn. A release of matplotlib with another form of list passes ours over.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from imprint.core.files import SCRATCH, write_atomically

CONFIGURATION = f"{SCRATCH}/matplotlib"
"""Where matplotlib's configuration stands, from the project's root."""
LISTS = Path(__file__).parent


def provide_fonts(root: Path) -> None:
    """Put the list where matplotlib looks for it; where there is no room, it makes its own."""
    for made in LISTS.glob("*.json"):
        kept, content = root / CONFIGURATION / made.name, made.read_bytes()
        with contextlib.suppress(OSError):
            if not kept.is_file() or kept.read_bytes() != content:
                write_atomically((kept, content))
