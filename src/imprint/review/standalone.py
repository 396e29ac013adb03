"""What a page that stands alone needs so that a reviewer can comment on it offline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from imprint.core.document import Document
from imprint.review.files import read_reviews, seen_files
from imprint.review.pages import Texts, shown
from imprint.review.placed import place_all
from imprint.review.seen import to_seen

ASSETS = Path(__file__).with_name("assets")
SCRIPT = "review.js"


def review_head(root: Path, document: Document, made_from: Mapping[str, str]) -> str:
    """The end of the page's head: the open comments, the text that is seen, the look.

    The script itself, `SCRIPT` of `ASSETS`, is to be put in beside the page's other ones.
    """
    texts = Texts((document,))
    placed = place_all(root, read_reviews(root), [document])
    told: dict[str, Any] = {
        **made_from,
        "seen": {name: it.decode() for name, it in seen_files(to_seen(document)).items()},
        "comments": [
            shown(it, texts)
            for it in placed
            if it.thread.comment.anchor.publication == document.publication
        ],
    }
    data = json.dumps(told, ensure_ascii=False, sort_keys=True).replace("</", "\\u003c/")
    data = data.replace("<!--", "\\u003c!--")
    style = (ASSETS / "review.css").read_text(encoding="utf-8")
    return (
        f'<style id="imprint-review-style">\n{style}</style>\n'
        f'<script type="application/json" id="imprint-review-data">{data}</script>\n'
        f'<script src="assets/{SCRIPT}"></script>\n'
    )
