"""The Content-Security-Policy of pages: our own scripts run, and nothing that text holds."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable


def policy(inline: Iterable[str] = ()) -> str:
    """The policy of a page that holds these scripts; others stand in files beside it.

    A page opened as a file has no origin, so its files are named by their scheme.
    """
    hashes = (hashlib.sha256(script.encode()).digest() for script in inline)
    sources = ["'self'", "file:"]
    sources += [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in hashes]
    rules = {
        "script-src": " ".join(sources),
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self' file:",
    }
    return "; ".join(f"{name} {allowed}" for name, allowed in rules.items())


POLICY = policy()
