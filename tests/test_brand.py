"""A brand's colours are those of pages and print; what else it says is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from imprint.read.single_file import read_single_file
from plain_documents import plain_document

BRAND = """\
color:
  palette: {sea: deep, deep: "rgb(10, 60, 90)"}
  primary: {light: sea, dark: "#fff"}
  secondary: "#fa0"
  background: "#eee"
logo: logo.png
"""
NOT_KEPT = [
    "_brand.yml:6: warning: the embedded engine does not keep the brand's 'logo'",
    "_brand.yml:1: warning: only the brand's colours 'primary' and 'secondary' are kept, not "
    "background",
]


def colours(folder: Path, text: str, files: dict[str, str]) -> tuple[list[str], object]:
    """What is told of a document, and the colours it has."""
    made = plain_document(folder, text, files)
    if not made.html:
        return made.told, None
    single, _ = read_single_file(folder / "index.qmd")
    own = single.report.publications[0].metadata.get("imprint") or {}
    return made.told, own.get("colours")


def test_brand_gives_its_colours(tmp_path: Path) -> None:
    """By the names of its palette, in the light; beside the document or in its project."""
    wanted = {"accent": "#0a3c5a", "highlight": "#ffaa00"}
    told, found = colours(tmp_path / "a", "Text.\n", {"_brand.yml": BRAND})
    assert (sorted(told), found) == (sorted(NOT_KEPT), wanted)
    project = "project: {type: default, render: [index.qmd]}\n"
    files = {"_quarto.yml": project, "_brand/_brand.yml": BRAND}
    told, found = colours(tmp_path / "b", "Text.\n", files)
    assert len(told) == 2 and found == wanted


@pytest.mark.parametrize(
    ("brand", "files", "said", "found"),
    [
        ("false", {"_brand.yml": BRAND}, [], None),
        ("look.yml", {"look.yml": "color: {primary: red}"},
         ["look.yml:1: warning: text in '#ff0000', the brand's 'primary', is hard to read on "
          "white"],
         {"accent": "#ff0000"}),
        ("none.yml", {}, ["index.qmd:2: brand file 'none.yml' does not exist"], None),
        ("{light: none, dark: b.yml}", {}, ["index.qmd:2: brand file 'none' does not exist"], None),
        ("[look.yml]", {},
         ["index.qmd:2: `brand` wants the name of a file, or a map, not a list"], None),
        ("look.yml", {"look.yml": "color: [primary"},
         ["look.yml:1: YAML cannot be read: expected ',' or ']', but got '<stream end>'"], None),
        ("{color: {primary: navy}}", {}, [], {"accent": "#000080"}),
        ("{color: {primary: rebeccapurple}}", {},
         ["index.qmd:2: warning: the brand's colour 'primary' cannot be read here"], None),
        ("{color: {primary: a, palette: {a: b, b: a}}}", {}, [], None),
    ],
)  # fmt: skip
def test_document_names_its_brand(
    tmp_path: Path, brand: str, files: dict[str, str], said: list[str], found: object
) -> None:
    """Another file, its own colours, or none; what cannot be read is told."""
    told, got = colours(tmp_path, f"---\nbrand: {brand}\n---\n\nText.\n", files)
    assert (told, got) == (said, found)


def test_settings_go_before_the_brand(tmp_path: Path) -> None:
    text = "---\nimprint: {colours: {accent: '#123456'}}\n---\n\nText.\n"
    assert colours(tmp_path, text, {"_brand.yml": BRAND})[1] == {"accent": "#123456"}
