"""The real engine, where it is installed: `quarto render` into the staging folder."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from imprint.core.model import Format, Publication
from imprint.core.problems import ReportError
from imprint.core.scratch import scratch_folder
from imprint.quarto.failures import quarto_problems
from imprint.read.packaged import FONTS
from imprint.read.report import Report

LEAST = (1, 9)
"""Books in Typst need it."""


@dataclass(frozen=True)
class Quarto:
    """An installed Quarto."""

    path: str
    version: str
    parameters: tuple[str, ...] = ()
    """Values that it is to give the report's parameters: `town:Milford`."""


def find_quarto() -> Quarto | None:
    """The Quarto on the PATH when it is new enough, else None."""
    path = shutil.which("quarto")
    if path is None:
        return None
    ran = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    version = ran.stdout.strip()
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:2])
    return Quarto(path, version) if ran.returncode == 0 and numbers >= LEAST else None


def versions_of(quarto: Quarto) -> dict[str, str]:
    """The versions of Quarto and of the pandoc and Typst that it brings and runs."""
    found = {"quarto": quarto.version}
    for tool in ("pandoc", "typst"):
        asked = [quarto.path, tool, "--version"]
        ran = subprocess.run(asked, capture_output=True, text=True, check=False)
        number = re.search(r"\d+(\.\d+)+", ran.stdout)
        found[tool] = number[0] if number and not ran.returncode else "unknown"
    return found


def render_with_quarto(
    quarto: Quarto,
    report: Report,
    publication: Publication,
    formats: Collection[Format],
    folder: Path,
) -> None:
    """Render one publication into `folder` with Quarto, and give its files our names.

    What the publication says of itself beside its files, that it is a draft or its revision, goes
    along. Raises ReportError with the cells that failed, else with Quarto's own last words.
    """
    root = report.project.root
    arguments = [quarto.path, "render", "--profile", publication.name]
    arguments += ["--output-dir", folder.relative_to(root).as_posix()]
    given = publication.metadata.get("format") or {}
    names = [given] if isinstance(given, str) else given
    wanted = [it for it in names if ("html" if it.endswith("html") else "pdf") in formats]
    if len(wanted) == 1:
        arguments += ["--to", wanted[0]]
    for value in quarto.parameters:
        arguments += ["-P", value]
    with scratch_folder() as scratch:
        said = scratch / "said.yml"
        own = json.dumps({"imprint": publication.own})
        said.write_text(own, encoding="utf-8")
        ran = subprocess.run(
            [*arguments, "--metadata-file", str(said)],
            cwd=root,
            env=_environment(),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    if ran.returncode:
        chapters = report.chapters_of(publication)
        raise ReportError(quarto_problems(ran.stderr, chapters, publication, quarto.version))
    name_outputs(publication, folder)


def _environment() -> dict[str, str]:
    """Quarto runs our Python, finds our fonts, and leaves to us what its hooks would do."""
    fonts = os.pathsep.join(map(str, FONTS))
    ours = {"QUARTO_PYTHON": sys.executable, "IMPRINT_RENDERS": "1", "TYPST_FONT_PATHS": fonts}
    return {**os.environ, **ours}


def name_outputs(publication: Publication, folder: Path) -> None:
    """Give what Quarto made our names: it puts a single document into its source's folder, and
    readers look for `index.html` and the PDF at the top. The PDF also stays where its page links
    to it."""
    pdf = folder / f"{publication.output_file}.pdf"
    for made in sorted(folder.rglob("*.pdf")):
        if made != pdf and not pdf.exists():
            shutil.copyfile(made, pdf)
    if not (folder / "index.html").exists():
        pages = sorted(folder.rglob("*.html"))
        if pages:
            target = pages[0].relative_to(folder).as_posix()
            (folder / "index.html").write_text(
                '<!doctype html><html lang="en"><meta charset="utf-8">'
                f"<title>{publication.name}</title>"
                f'<meta http-equiv="refresh" content="0; url={target}">'
                f'<p><a href="{target}">{publication.name}</a></p></html>\n',
                encoding="utf-8",
            )
