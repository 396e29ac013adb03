"""Settings for kernels, which begin without YAML: it is loaded only where a report sets any."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from imprint.core.root import PROJECT_FILE
from imprint.core.settings import Settings


def settings_about(root: Path, *names: str) -> Settings:
    """The settings of `_quarto.yml` where it speaks of any of `names`, else the defaults."""
    try:
        text = (root / PROJECT_FILE).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return Settings()
    if not any(name in text for name in names):
        return Settings()
    return _settings(root, text)


@lru_cache(maxsize=4)
def _settings(root: Path, _text: str) -> Settings:
    """The settings of a file that holds this text; a chapter with figures asks for each of them."""
    from imprint.read.project.settings import read_settings

    return read_settings(root)
