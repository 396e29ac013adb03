"""The words that the engine adds to a text, in its language, under Quarto's names for them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("languages")
"""One file for each language; `months`, `weekdays` and `date` say how it writes dates."""


def added_words(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    """The words for a text of these metadata: `lang` chooses, English where it has no file, and a
    map under `language` goes over them."""
    own = metadata.get("language")
    return {
        **words_of(str(metadata.get("lang") or "en")),
        **(own if isinstance(own, Mapping) else {}),
    }


@cache
def words_of(lang: str) -> Mapping[str, Any]:
    """The words of a language, such as `fr` or `fr-CA`."""
    english = tomllib.loads((FOLDER / "en.toml").read_text(encoding="utf-8"))
    file = FOLDER / f"{lang.split('-')[0].lower()}.toml"
    own = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return {**english, **own}
