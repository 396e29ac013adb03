"""Outputs that another notebook has stored, shown where a chapter embeds them."""

from __future__ import annotations

import json
import sys


def show_stored(outputs: str) -> None:
    """Show outputs, in JSON: what was displayed, and what was printed."""
    from IPython.display import display

    for output in json.loads(outputs):
        kind = output.get("output_type")
        if kind == "stream":
            stream = sys.stderr if output.get("name") == "stderr" else sys.stdout
            stream.write(output["text"])
        elif kind in ("display_data", "execute_result"):
            about = output.get("metadata") or {}
            display(output["data"], raw=True, metadata=about)  # type: ignore[no-untyped-call]
