"""What a report sets under `imprint:` in `_quarto.yml`, and the defaults where it is silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from imprint.core.problems import Place
from imprint.core.units import PER_CENT, Unit

Style = Literal["british", "american", "none"]


@dataclass(frozen=True)
class Tables:
    """Which table of `data/` plays which part."""

    evidence: str = "evidence"
    abbreviations: str = "abbreviations"
    terms: str = "terms"
    names: str = "names"
    slips: str = "settled_slips"
    quotations: str = "quotations"


@dataclass(frozen=True)
class Themes:
    """Columns that sort rows by theme."""

    column: str = "theme"
    """Holds the theme of a row."""
    list: str = "themes"
    """Holds the themes of a work, in a register of works."""
    method: str = ""
    """The theme of rows on how the report was made, which lists for readers leave out."""


@dataclass(frozen=True)
class Words:
    """Words of the report's subject that patterns for numbers know, beside those of any report."""

    kinds: tuple[str, ...] = ()
    """Say of which kind a counted thing is: `rural` in *most rural roads*."""
    numbered: tuple[str, ...] = ()
    """Go before a number that is a name: `Depot` in *Depot 3*."""


@dataclass(frozen=True)
class RuleLevel:
    """A rule that is switched off or only warns."""

    level: Literal["off", "warning"]
    reason: str
    place: Place
    """Where its key stands."""


@dataclass(frozen=True)
class OwnRule:
    """A rule of the report's own, in the manner of Vale."""

    name: str
    extends: Literal["substitution", "existence", "occurrence"]
    message: str
    """`%s` stands for what is found; of a substitution, the first one for what to write."""
    place: Place
    """Where its key stands."""
    patterns: Mapping[str, str] = field(default_factory=dict)
    """By pattern: what to write for it; empty where it must not stand at all."""
    level: Literal["error", "warning"] = "warning"
    ignores_case: bool = False
    scope: Literal["text", "heading", "paragraph", "sentence"] = "text"
    """Which texts are read; of an occurrence, in which it is counted."""
    least: int = 0
    most: int | None = None
    """Of an occurrence: how often the pattern must and may stand in a text."""


@dataclass(frozen=True)
class Settings:
    """The settings that code asks for; layout and colophon are read off the metadata."""

    style: Style = "none"
    """What the text is held to; without a setting of its own, as the language says."""
    original: str = ""
    """Key of the work that is reworded; empty without one."""
    organisations: frozenset[str] = frozenset()
    """Authors that are bodies and not persons."""
    units: Mapping[str, Unit] = field(default_factory=dict)
    """Units that the report declares, beside those that every report has."""
    rounding: Mapping[str, Place] = field(default_factory=dict)
    """Where the report says to what a unit is rounded, by unit."""
    suppression: int = 0
    """The least base, as rows give it in `n`, of which a number may be printed; 0 for any."""
    themes: Themes = Themes()
    tables: Tables = Tables()
    words: Words = Words()
    quotes_slips: frozenset[str] = frozenset()
    summary: str = "chapters/executive-summary.qmd"
    findings_folder: str = "chapters/_findings"
    findings_heading: str = "Key findings"
    figure_key: Mapping[str, str] = field(default_factory=dict)
    """Words of figures' keys for `exact`, `range` and `derived`, where they differ from ours."""
    rules: Mapping[str, RuleLevel] = field(default_factory=dict)
    own_rules: tuple[OwnRule, ...] = ()
    is_strict: bool = False
    """Whether Quarto stops at what text in the making cannot keep."""

    @property
    def per_cent(self) -> str:
        """What the unit of shares is called: `percent` in American style."""
        return PER_CENT[self.style]
