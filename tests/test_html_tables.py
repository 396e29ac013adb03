"""Tables of HTML are tables, however their author or their library has written them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from imprint.compose.pandoc import Pandocs
from test_nothing_lost import OUTLOOK, SETTINGS, pandocs

__all__ = ["pandocs"]

Grid = list[list[str]]


def grids(pandocs: Pandocs, markdown: str) -> list[Grid]:
    """The words of each table's cells, row by row, as pandoc has read them."""
    chapter = {"path": OUTLOOK, "role": "chapter", "markdown": markdown, "metadata": {}}
    request = {"stage": "read", "settings": SETTINGS, "chapter": chapter}
    answer: Any = json.loads(pandocs.answer(json.dumps(request).encode()))
    assert not [it for it in answer["problems"] if it.get("severity") != "warning"]
    found: list[Grid] = []

    def look(node: Any) -> None:
        if isinstance(node, dict) and node.get("t") == "Table":
            _, _, _, head, bodies, foot = node["c"]
            rows = [*head[1], *(row for body in bodies for row in (*body[2], *body[3])), *foot[1]]
            found.append([[words(cell[4]) for cell in row[1]] for row in rows])
        for inner in node.values() if isinstance(node, dict) else node:
            if isinstance(inner, (dict, list)):
                look(inner)

    look(json.loads(answer["blocks"])["blocks"])
    return found


def words(node: Any) -> str:
    if isinstance(node, dict):
        own = node["c"] if node.get("t") == "Str" else " " * (node.get("t") == "Space")
        return own or words(node.get("c", []))
    return "".join(words(inner) for inner in node) if isinstance(node, list) else ""


@pytest.mark.parametrize(
    ("html", "rows"),
    [
        ("<tr><td>a<td>b<tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
        ("<tr><td>a</td></tr><tr><td>b</td><td>c</td></tr>", [["a", ""], ["b", "c"]]),
        ("<colgroup><col><col></colgroup><tr><td>a</td><td>b</td><td>c</td></tr>",
         [["a", "b", "c"]]),
        ("<tr><td colspan=2>a</td><td>b</td></tr><tr><td>c</td></tr>",
         [["a", "b"], ["c", "", ""]]),
        ("<tr><td rowspan='9'>a</td><td>b</td></tr><tr><td>c</td></tr>", [["a", "b"], ["c"]]),
        ("<tr><td>a</td></tr><tfoot><tr><td>n</td></tr></tfoot><tfoot><tr><td>s</td></tr></tfoot>",
         [["a"], ["n"], ["s"]]),
        ("<tfoot><tr><td>f</td></tr></tfoot><tr><td>a</td></tr><thead><tr><th>h</th></tr></thead>",
         [["h"], ["a"], ["f"]]),
        ("<!-- none --><style>td { color: red }</style><tr><td>a</td></tr>", [["a"]]),
        ("<TR><TD ALIGN=CENTER>A</TD></TR>", [["A"]]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("as_output", [False, True])
def test_rows_and_cells_are_what_browsers_make_of_them(
    pandocs: Pandocs, html: str, rows: Grid, as_output: bool
) -> None:
    """Missing ends, ragged rows, columns declared otherwise, several feet: no words come loose."""
    table = f"<table>\n{html}\n</table>"
    if as_output:
        markdown = f"```{{=html-output}}\n{table}\n```\n"
    else:
        markdown = table.replace("<style>td { color: red }</style>", "")
    assert grids(pandocs, f"# Title\n\n{markdown}\n") == [rows]


def test_a_table_stands_within_a_cell(pandocs: Pandocs) -> None:
    outer, inner = grids(
        pandocs, "# Title\n\n<table><tr><td>a<table><tr><td>b</table><td>c</table>\n"
    )
    assert (outer, inner) == ([["ab", "c"]], [["b"]])


def test_what_libraries_write_is_one_table(pandocs: Pandocs) -> None:
    """Spanners over columns, groups of rows, notes and sources in feet of their own."""
    html = """<div id="x"><style>#x { color: red }</style><table class="gt_table">
<thead><tr><td colspan="3">Title</td></tr>
<tr><th rowspan="2">name</th><th colspan="2"><span>Both</span></th></tr>
<tr><th>a</th><th>b</th></tr></thead>
<tbody><tr><th colspan="3">Group</th></tr><tr><td>x</td><td>1</td><td>2</td></tr></tbody>
<tfoot><tr><td colspan="3">Source</td></tr></tfoot>
<tfoot><tr><td colspan="3">Note</td></tr></tfoot></table></div>"""
    assert grids(pandocs, f"# Title\n\n```{{=html-output}}\n{html}\n```\n") == [
        [["Title"], ["name", "Both"], ["a", "b"], ["Group"], ["x", "1", "2"], ["Source"], ["Note"]]
    ]
