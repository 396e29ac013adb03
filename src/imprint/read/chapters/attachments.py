"""Images that a notebook's cell carries along: where they go, and the text that shows them.

JupyterLab keeps a pasted image in the cell and writes `![](attachment:image.png)`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, unquote

from imprint.core.problems import Place, Problem

_SHOWN = re.compile(
    r"(?P<before>\]\(\s*|\]:\s*|\bsrc\s*=\s*[\"']?)"
    r"(?:<attachment:(?P<angle>[^<>]+)>|attachment:(?P<bare>[^\s()\"'<>]+))"
)
ENDINGS = {
    "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp",
    "image/svg+xml": "svg",
}  # fmt: skip
"""How files of images end, by their kinds."""


@dataclass
class Attachments:
    """What is attached to one cell of a notebook, as its text asks for it."""

    path: str
    """The notebook's, from the root."""
    number: int
    """The cell's among all cells, from 1."""
    attached: Any
    """The cell's `attachments`, whatever stands there."""
    media: dict[str, bytes] = field(default_factory=dict)
    """Images that are shown, by the path from the root under which the text shows them."""
    problems: list[Problem] = field(default_factory=list)

    def put_in(self, lines: Sequence[str]) -> list[str]:
        """The lines with the images' addresses in place of `attachment:NAME`."""
        return [
            _SHOWN.sub(partial(self._address, number), text)
            for number, text in enumerate(lines, start=1)
        ]

    def _address(self, line: int, found: re.Match[str]) -> str:
        name = unquote(found["angle"] or found["bare"])
        path = self._image(name)
        if path:
            return found["before"] + quote(path)
        message = f"there is no attachment '{name}' that is an image"
        fix = "paste the image into the cell again, or name a file of the report"
        place = Place(self.path, line, found.end("before") + 1)
        self.problems.append(Problem(place, "image-exists", message, fix))
        return found[0]

    def _image(self, name: str) -> str | None:
        """The path of an attached image, which is among the media from then on; else None."""
        attached = self.attached if isinstance(self.attached, Mapping) else {}
        forms = attached.get(name)
        for kind, content in forms.items() if isinstance(forms, Mapping) else ():
            if kind not in ENDINGS:
                continue
            try:
                image = base64.b64decode("".join(content), validate=False)
            except (binascii.Error, TypeError, ValueError):
                continue
            stem = "-".join(PurePosixPath(self.path).with_suffix("").parts)
            which = sorted(attached).index(name) + 1
            path = f"/figures/cells/{stem}-attached-{self.number}-{which}.{ENDINGS[kind]}"
            self.media[path] = image
            return path
        return None
