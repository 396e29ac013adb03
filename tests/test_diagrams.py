"""Cells in Graphviz's and Mermaid's languages are drawn by programs, where these are there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from imprint.author.diagrams import DiagramError, draw_diagram
from imprint.read.chapters.cell_options import drawn_in_python
from plain_documents import plain_document

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><path d="M0 0h9"/></svg>'
DOT = f"""#!{sys.executable}
import sys
text = sys.stdin.read()
if "wrong" in text: sys.exit("Error: syntax error in line 1")
print('{SVG}')
"""
DOCUMENT = """\
See @fig-flow.

```{dot}
//| label: fig-flow
//| fig-cap: From a to b
//| fig-alt: An arrow from a to b
digraph { a -> b }
```
"""


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that alone is on the PATH, besides Python's."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), str(Path(sys.executable).parent)]))
    return folder


def put(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(script, encoding="utf-8")
    (folder / name).chmod(0o755)


def test_options_keep_their_places() -> None:
    """A value stands in its line and column, whatever the language's comments look like."""
    lines = ["%%| label: fig-a", "%%| fig-cap: >", "%%|   A", "flowchart LR", "  a --> b"]
    made = drawn_in_python("mermaid", lines)
    assert [it.find("fig-a") for it in made[:1]] == [lines[0].find("fig-a")]
    assert made[2] == "#|    A" and made[3] == "#|  echo: false"
    assert made[4].endswith("draw_diagram('mermaid', 'flowchart LR\\n  a --> b\\n')")
    assert drawn_in_python("dot", ["//| echo: true", "graph {}"])[1].startswith("from")


def test_diagram_is_a_figure(tmp_path: Path, only: Path) -> None:
    """With number, caption and words for who cannot see it; its text is not printed."""
    put(only, "dot", DOT)
    made = plain_document(tmp_path / "report", DOCUMENT, runs=True)
    assert made.told == []
    assert 'alt="An arrow from a to b"' in made.html and "From a to b" in made.html
    assert "From a to b" in made.typst and "digraph" not in made.html + made.typst


def test_missing_program_is_told_with_what_to_install(tmp_path: Path, only: Path) -> None:
    """At the cell's line, and so is one that refuses the text."""
    (told,) = plain_document(tmp_path / "a", DOCUMENT, runs=True).problems
    assert told.place.line == 8 and told.code == "diagram-draws"
    assert "'dot', which draws dot diagrams, is not installed" in told.message
    assert "apt-get install graphviz" in told.fix
    put(only, "dot", DOT)
    wrong = DOCUMENT.replace("a -> b", "wrong")
    (told,) = plain_document(tmp_path / "b", wrong, runs=True).problems
    assert told.message == "'dot' cannot draw this diagram: Error: syntax error in line 1"
    with pytest.raises(DiagramError, match="npm install"):
        draw_diagram("mermaid", "flowchart LR")


def test_mermaid_is_drawn_in_pixels(only: Path) -> None:
    """Its SVG holds HTML, which print cannot show."""
    script = "import sys\nopen(sys.argv[sys.argv.index('--output') + 1], 'wb').write(b'PNG')\n"
    put(only, "mmdc", f"#!{sys.executable}\n{script}")
    assert draw_diagram("mermaid", "flowchart LR")._repr_png_() == b"PNG"
