"""Which words a dictionary knows: Hunspell with the dictionary of a style.

The British dictionary is LibreOffice's en_GB, whose licence stands beside it; Hunspell brings the
American one. To load one takes as long as to check a chapter, so what it was asked is kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from hunspell import Hunspell

from imprint.core import digests, store
from imprint.core.settings import Style
from imprint.read.packaged import installed

_FOLDER = Path(__file__).with_name("dictionaries")


class Dictionary:
    """The dictionary of a style."""

    def __init__(self, root: Path, style: Style) -> None:
        self._root, self._style = root, style
        files = digests.file_digests(_FOLDER.iterdir(), _FOLDER)
        made_from = [style, files, [name for name in installed() if "hunspell" in name]]
        self._name = f"words/{digests.value_digest(made_from)}"
        self._kept: dict[str, bool] = json.loads(store.get(root, self._name) or b"{}")
        self._asked: dict[str, bool] = {}

    def knows(self, word: str) -> bool:
        """Whether the word is spelt so."""
        known = self._asked.get(word)
        if known is None:
            known = self._kept.get(word)
            known = bool(load(self._style).spell(word)) if known is None else known
            self._asked[word] = known
        return known

    def nearest(self, word: str) -> Sequence[str]:
        """Words that it knows and that may have been meant, the likeliest first."""
        found: Sequence[str] = load(self._style).suggest(word)
        return found

    def keep(self) -> None:
        """Keep what it was asked, and nothing else, for the next time."""
        if self._asked != self._kept:
            store.put(self._root, self._name, json.dumps(self._asked).encode())


@lru_cache(maxsize=2)
def load(style: Style) -> Hunspell:
    """The dictionary itself."""
    if style == "american":
        return Hunspell("en_US")
    return Hunspell("en_GB", hunspell_data_dir=str(_FOLDER))
