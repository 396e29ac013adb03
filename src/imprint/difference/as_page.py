"""A comparison -> one page for reviewers: words come, go and move where they are read.

The page stands alone: no script, no request, figures in it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup, escape

from imprint.core.escaping import templates
from imprint.core.numbers import counted
from imprint.difference.as_text import claims_on, summary
from imprint.difference.comparison import Comparison
from imprint.difference.segments import Segment, SegmentKind
from imprint.difference.shown import shown_groups

_MARKS: dict[SegmentKind, str] = {
    "same": "{}", "inserted": "<ins>{}</ins>", "deleted": "<del>{}</del>",
    "moved here": '<ins class="moved" title="moved here">{}</ins>',
    "moved away": '<del class="moved" title="moved elsewhere">{}</del>',
}  # fmt: skip


def page(comparison: Comparison) -> str:
    """The page, complete."""
    here = Path(__file__).parent
    environment = templates(here)
    environment.globals |= {"counted": counted, "summary": summary, "groups": shown_groups}
    environment.filters |= {"svg": _image, "marked": _marked}
    return environment.get_template("page.html").render(
        it=comparison,
        style=Markup((here / "page.css").read_text(encoding="utf-8")),
        claims={
            change: claims_on(comparison, change.ids)
            for publication in comparison.publications
            for change in publication.difference.numbers
            if change.kind == "number"
        },
    )


def _marked(segments: Iterable[Segment]) -> Markup:
    return Markup("").join(Markup(_MARKS[it.kind]).format(escape(it.text)) for it in segments)


def _image(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
