"""Charts know the fonts that come with matplotlib, without a look at those of the machine.

`python tests/test_fonts.py` writes the list anew, for another release of matplotlib.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from imprint.run.fonts import CONFIGURATION, LISTS, provide_fonts


def bundled() -> tuple[str, str]:
    """Name and text of the list as the installed matplotlib makes it where no font is installed."""
    from matplotlib import font_manager

    find: Any = font_manager.findSystemFonts

    def find_bundled(paths: Any = None, fontext: str = "ttf") -> list[str]:
        return sorted(find(paths, fontext)) if paths else []

    font_manager.findSystemFonts = find_bundled
    try:
        manager: Any = font_manager.FontManager()
    finally:
        font_manager.findSystemFonts = find
    encoder: Any = font_manager._JSONEncoder  # it writes paths from the library's own folder
    text = json.dumps(manager, cls=encoder).replace("}, {", "},\n{")
    return f"fontlist-v{manager.__version__}.json", text + "\n"


def test_the_list_is_that_of_the_installed_matplotlib() -> None:
    """Else it would look through the machine's fonts, which takes a second."""
    name, text = bundled()
    assert (LISTS / name).read_text(encoding="utf-8") == text
    assert [file.name for file in LISTS.glob("*.json")] == [name]


def test_it_replaces_a_list_of_the_machine(tmp_path: Path) -> None:
    name, text = bundled()
    kept = tmp_path / CONFIGURATION / name
    kept.parent.mkdir(parents=True)
    kept.write_text("{}", encoding="utf-8")
    provide_fonts(tmp_path)
    assert kept.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    for old in LISTS.glob("*.json"):
        old.unlink()
    name, text = bundled()
    (LISTS / name).write_text(text, encoding="utf-8")
