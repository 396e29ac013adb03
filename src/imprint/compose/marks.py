"""Executed Markdown -> the text that pandoc reads for a publication."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import normalize

from imprint.core.model import Line
from imprint.core.settings import Style
from imprint.core.units import PER_CENT

_PRINTED = re.compile(r'\[(?:[^\[\]\\]|\\.)*\]\{\.stat data-stat="')

_RESERVED = dict.fromkeys(range(0xE000, 0xE010), "\ufffd")
"""Characters for private use with which stages mark places: an author's, which mean nothing to any
reader, are shown as such and not taken for marks."""


def markdown(lines: Sequence[Line], style: Style) -> str:
    """The lines as one text in Unicode's normal form, with statistics as a publication of this
    style prints them."""
    text = normalize("NFC", "\n".join(line.text for line in lines)).translate(_RESERVED)
    if PER_CENT[style] == PER_CENT["none"]:
        return text
    return _PRINTED.sub(lambda span: span[0].replace("per cent", PER_CENT[style]), text)
