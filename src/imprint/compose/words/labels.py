"""What things with labels are called in captions and references: figures, theorems, callouts."""

from __future__ import annotations

from typing import Any

from imprint.compose.words.language import added_words
from imprint.core.model import Publication

CAPTION_LOCATIONS = {"fig": "bottom", "tbl": "top", "lst": "top"}
"""Of the floats that every report has; `crossref: custom:` adds to them."""
THEOREMS = ("thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "alg")
CALLOUTS = ("note", "tip", "warning", "caution", "important")
CALLOUT_LABELS = {
    "nte": "note", "tip": "tip", "wrn": "warning", "cau": "caution", "imp": "important",
}  # fmt: skip
"""Prefixes of the labels of numbered callouts."""


def numbered_words(publication: Publication) -> dict[str, Any]:
    """Words before the numbers of theorems and callouts, and of references to them by prefix."""
    crossref = publication.metadata.get("crossref") or {}
    words = added_words(publication.metadata)
    theorems = {
        kind: crossref.get(f"{kind}-title", words[f"crossref-{kind}-title"]) for kind in THEOREMS
    }
    for kind, name in (("sol", "solution"), ("rem", "remark")):
        theorems[kind] = theorems[name] = words[f"environment-{name}-title"]
    prefixes = dict(theorems)
    theorems["proof"] = words["environment-proof-title"]
    callouts = {kind: words[f"callout-{kind}-title"] for kind in CALLOUTS}
    prefixes |= {label: callouts[kind] for label, kind in CALLOUT_LABELS.items()}
    own = {kind: crossref.get(f"{kind}-prefix", word) for kind, word in prefixes.items()}
    return {
        "theorems": theorems, "callouts": callouts, "callout_labels": CALLOUT_LABELS,
        "prefixes": {kind: word for kind, word in own.items() if len(kind) == 3},
    }  # fmt: skip


def floats_of(publication: Publication) -> dict[str, dict[str, str]]:
    """Kinds of float: the word in captions (`name`) and in references (`prefix`), the caption's
    place."""
    metadata = publication.metadata
    crossref = metadata.get("crossref") or {}
    words = added_words(metadata)
    floats: dict[str, dict[str, str]] = {}
    for custom in crossref.get("custom") or ():
        if not custom.get("key"):
            continue  # told where the project is read
        prefix = custom.get("reference-prefix", custom["key"].capitalize())
        floats[custom["key"]] = {
            "name": custom.get("caption-prefix", prefix),
            "prefix": prefix,
            "caption_location": custom.get("caption-location", "bottom"),
        }
    for kind, location in CAPTION_LOCATIONS.items():
        name = crossref.get(f"{kind}-title", words[f"crossref-{kind}-title"])
        place = metadata.get(f"{kind}-cap-location") or location
        floats[kind] = {
            "name": name,
            "prefix": crossref.get(f"{kind}-prefix", name),
            "caption_location": place if place in ("top", "bottom") else location,
        }
    return floats
