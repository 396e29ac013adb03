"""What a report sets under `imprint:` in `_quarto.yml`, and the defaults where it is silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from imprint.core.problems import Place
from imprint.core.units import Unit

Style = Literal["british", "american", "none"]


@dataclass(frozen=True)
class Tables:
    """Which table of `data/` plays which part."""

    evidence: str = "evidence"
    abbreviations: str = "abbreviations"
    names: str = "names"
    slips: str = "settled_slips"


@dataclass(frozen=True)
class RuleLevel:
    """A rule that is switched off or only warns."""

    level: Literal["off", "warning"]
    reason: str
    place: Place
    """Where its key stands."""


@dataclass(frozen=True)
class Settings:
    """The settings that code asks for; layout and colophon are read off the metadata."""

    style: Style = "british"
    original: str = ""
    """Key of the work that is reworded; empty without one."""
    organisations: frozenset[str] = frozenset()
    """Authors that are bodies and not persons."""
    units: Mapping[str, Unit] = field(default_factory=dict)
    """Units that the report declares, beside those that every report has."""
    qualifiers: Mapping[str, Any] = field(default_factory=dict)
    themes: str = "theme"
    """The column of statistics that sorts them."""
    tables: Tables = Tables()
    quotes_slips: frozenset[str] = frozenset()
    summary: str = "chapters/executive-summary.qmd"
    findings_folder: str = "chapters/_findings"
    findings_heading: str = "Key findings"
    derived: str = "worked out for this report"
    rules: Mapping[str, RuleLevel] = field(default_factory=dict)
