"""check/rules.toml -> every rule, with what it catches, a problem as printed and its fix."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True)
class Rule:
    """One rule, named as the good state."""

    code: str
    group: str
    """The section of docs/checks.md that explains it."""
    catches: str
    example: str
    """A problem as it is printed: `place: message`."""
    fix: str


@lru_cache(maxsize=1)
def read_rules() -> Mapping[str, Rule]:
    """Every rule by its code, in the order of the document."""
    text = Path(__file__).with_name("rules.toml").read_text(encoding="utf-8")
    return {code: Rule(code, **fields) for code, fields in tomllib.loads(text).items()}
