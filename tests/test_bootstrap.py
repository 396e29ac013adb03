"""What the scripts leave for a plain `quarto render`."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "bootstrap.py"


@pytest.fixture(scope="module")
def bootstrap() -> ModuleType:
    described = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    assert described and described.loader
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module


def test_quarto_is_told_of_python_and_fonts(bootstrap: ModuleType, tmp_path: Path) -> None:
    """Quarto finds the report's Python and typeface, whatever the folder's name holds."""
    root = tmp_path / "rapport d’été"
    fonts = root / ".venv/lib/python3.11/site-packages/font_source_sans_pro"
    fonts.mkdir(parents=True)
    bootstrap.tell_quarto(root, root / ".venv", root / ".venv/bin/python")
    told = (root / "_environment.local").read_text(encoding="utf-8").splitlines()
    assert f"QUARTO_PYTHON='{root}/.venv/bin/python'" in told
    assert f"TYPST_FONT_PATHS='{fonts}'" in told


def test_settings_of_ones_own_stay(bootstrap: ModuleType, tmp_path: Path) -> None:
    """Whoever keeps settings for Quarto keeps them."""
    own = tmp_path / "_environment.local"
    own.write_text("QUARTO_PYTHON=/opt/python\n", encoding="utf-8")
    bootstrap.tell_quarto(tmp_path, tmp_path / ".venv", tmp_path / ".venv/bin/python")
    assert own.read_text(encoding="utf-8") == "QUARTO_PYTHON=/opt/python\n"
