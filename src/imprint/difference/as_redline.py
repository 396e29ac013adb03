"""A comparison -> Typst source of a redline: added and struck words, bars beside what changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from imprint.core.escaping import templates
from imprint.core.numbers import counted
from imprint.difference.as_text import summary
from imprint.difference.comparison import Comparison
from imprint.difference.segments import Segment
from imprint.difference.shown import shown_groups


def redline(comparison: Comparison) -> str:
    """The source, complete; all that is put into it is a text of Typst's, never markup."""
    environment = templates(Path(__file__).parent)
    environment.autoescape = False
    environment.globals |= {"counted": counted, "summary": summary, "groups": shown_groups}
    environment.filters |= {"text": _text, "marked": _marked}
    title = f"{comparison.old} compared with {comparison.new}"
    return environment.get_template("redline.typ").render(it=comparison, title=title)


def _marked(segments: Iterable[Segment]) -> str:
    """Words, each kind by the function that is called like it."""
    texts = ((it.kind.replace(" ", "-"), _text(it.text)) for it in segments)
    return "".join(f"#{text}" if kind == "same" else f"#{kind}({text})" for kind, text in texts)


def _text(text: str) -> str:
    """A text as Typst writes it between quotation marks."""
    kept = "".join(it if it >= " " else " " for it in text)
    return json.dumps(kept, ensure_ascii=False)
