"""Output of another notebook's cell stands where a document embeds it."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from plain_documents import plain_document

PIXEL = base64.b64encode(b"GIF89a" + b"\0" * 20).decode()


def notebook(*cells: tuple[str, list[dict[str, object]]]) -> str:
    """A notebook of code cells with what they have put out."""
    return json.dumps({
        "nbformat": 4, "nbformat_minor": 5, "metadata": {},
        "cells": [
            {"cell_type": "code", "id": f"id-{at}", "metadata": {"tags": [f"tag-{at}"]},
             "source": source, "outputs": outputs, "execution_count": 1}
            for at, (source, outputs) in enumerate(cells)
        ],
    })  # fmt: skip


STREAM = {"output_type": "stream", "name": "stdout", "text": ["Sum: ", "12\n"]}
IMAGE = {"output_type": "display_data", "data": {"image/gif": PIXEL, "text/plain": ["<x>"]}}
NOTEBOOK = notebook(
    ("print('Sum:', 12)", [STREAM]),
    ("#| label: fig-pay\n#| fig-cap: Pay by year\n#| fig-alt: One dot\nplot()", [IMAGE]),
)


def test_stored_output_is_embedded(tmp_path: Path) -> None:
    """By label, id or tag, with number and caption, from a notebook of another folder; nothing of
    it is run or shown."""
    text = "As @fig-pay shows:\n\n" + "".join(
        f"{{{{< embed more/pay.ipynb#{name} >}}}}\n\n" for name in ("fig-pay", "id-0", "tag-0")
    )
    made = plain_document(tmp_path, text, {"more/pay.ipynb": NOTEBOOK}, runs=True)
    assert made.told == []
    assert "Pay by year" in made.html and 'alt="One dot"' in made.html
    for written in (made.html, made.typst):
        assert written.count("Sum: 12") == 2
        assert "plot()" not in written and "show_stored" not in written


@pytest.mark.parametrize(
    ("asked", "order"),
    [("", "12t"), ("[3-1]", "t21"), ("[2,1]", "21"), ("#id-1,id-0", "21")],
)
def test_several_cells_are_embedded_in_the_order_asked_for(
    tmp_path: Path, asked: str, order: str
) -> None:
    """All of a notebook with its text, cells by their numbers, or by several names."""
    cells = json.loads(notebook(*(("x", [{**STREAM, "text": it}]) for it in ("one", "two"))))
    cells["cells"].append({"cell_type": "markdown", "metadata": {}, "source": ["Of *text*"]})
    text = f"{{{{< embed a.ipynb{asked} >}}}}\n"
    made = plain_document(tmp_path, text, {"a.ipynb": json.dumps(cells)}, runs=True)
    assert made.told == []
    found = {made.html.find(it): mark for it, mark in (("one", "1"), ("two", "2"), ("text", "t"))}
    assert "".join(found[at] for at in sorted(found) if at >= 0) == order


@pytest.mark.parametrize(
    ("embedded", "said"),
    [
        ("none.ipynb#a", "index.qmd:1: notebook 'none.ipynb' does not exist"),
        ("a.ipynb#b", "index.qmd:1: 'a.ipynb' has no code cell with the label, id or tag 'b'"),
        ("a.ipynb[3]", "index.qmd:1: 'a.ipynb' has no cell of the number '3'"),
        (
            "a.qmd#b",
            "index.qmd:1: the embedded engine embeds only notebooks with their stored output",
        ),
    ],
)
def test_what_cannot_be_embedded_is_told(tmp_path: Path, embedded: str, said: str) -> None:
    made = plain_document(tmp_path, f"{{{{< embed {embedded} >}}}}\n", {"a.ipynb": NOTEBOOK})
    assert made.told == [said]
