"""Outputs that another notebook has stored, shown where a chapter embeds them."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any


def show_stored(outputs: str) -> None:
    """Show outputs as notebooks store them, in JSON: what was displayed, and what was printed."""
    from IPython.display import display

    for output in json.loads(outputs):
        kind = output.get("output_type")
        if kind == "stream":
            stream = sys.stderr if output.get("name") == "stderr" else sys.stdout
            stream.write(_text(output.get("text", "")))
        elif kind in ("display_data", "execute_result"):
            forms = {name: _form(name, it) for name, it in output.get("data", {}).items()}
            display(forms, raw=True, metadata=output.get("metadata") or {})  # type: ignore[no-untyped-call]


def _form(name: str, value: Any) -> Any:
    return value if isinstance(value, Mapping) or name.endswith("json") else _text(value)


def _text(value: Any) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value)
