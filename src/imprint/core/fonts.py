"""The faces that every machine has, from the package that brings them."""

from __future__ import annotations

from pathlib import Path

import font_source_sans_pro

FONTS = Path(font_source_sans_pro.__file__).parent
"""Folder in which Typst and real Quarto look for them."""
