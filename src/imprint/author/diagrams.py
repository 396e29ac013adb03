"""A diagram in Graphviz's or Mermaid's language -> its image, drawn by the program that can."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from imprint.core.escaping import AuthorError

PROGRAMS = {
    "dot": ("dot", "install Graphviz, as by `apt-get install graphviz`"),
    "mermaid": ("mmdc", "install it, as by `npm install --global @mermaid-js/mermaid-cli`"),
}
"""By language: the program that draws it, and how to come by it."""
_SECONDS = 60
_ELSE = "or save the drawing as an image and show that"


class DiagramError(AuthorError, ValueError):
    """A diagram cannot be drawn."""


@dataclass(frozen=True)
class Diagram:
    """A drawn diagram, as Jupyter shows it."""

    svg: str = ""
    png: bytes = b""

    def _repr_svg_(self) -> str | None:
        return self.svg or None

    def _repr_png_(self) -> bytes | None:
        return self.png or None


def draw_diagram(language: str, text: str) -> Diagram:
    """Draw a diagram. Raises DiagramError where its program is missing or refuses it."""
    if language == "dot":
        return Diagram(svg=_run("dot", ["-Tsvg"], text).decode("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        # Its SVG holds HTML, which paper cannot show.
        image = Path(folder, "diagram.png")
        _run("mermaid", ["--input", "-", "--output", str(image), "--scale", "3"], text)
        return Diagram(png=image.read_bytes())


def _run(language: str, arguments: list[str], text: str) -> bytes:
    program, fix = PROGRAMS[language]
    try:
        ran = subprocess.run(
            [program, *arguments],
            input=text.encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        message = f"the program '{program}', which draws {language} diagrams, is not installed"
        raise DiagramError(message, f"{fix}, {_ELSE}") from None
    except subprocess.TimeoutExpired:
        message = f"'{program}' took more than {_SECONDS} s to draw this diagram"
        raise DiagramError(message, f"make it smaller, {_ELSE}") from None
    if ran.returncode:
        said = " ".join(ran.stderr.decode("utf-8", "replace").split())[:200]
        raise DiagramError(f"'{program}' cannot draw this diagram: {said}", "fix its text")
    return ran.stdout
