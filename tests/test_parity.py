"""Documents that carry their own expectations: each construct prints the same in both formats.

A document says under `imprint: values: expect:` what must and must not be read in its page and
its PDF.
The embedded engine renders them always; real Quarto where it is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
import yaml

from imprint.quarto.engine import find_quarto
from reports import ReportFolder, pdf_words, plain_words

DOCUMENTS = sorted(Path(__file__).with_name("parity").glob("*.qmd"))
NAMES = [document.stem for document in DOCUMENTS]


def unmet(document: Path, page: Path, pdf: Path) -> list[str]:
    """Expectations of the document that its page or PDF does not meet."""
    front = yaml.safe_load(document.read_text(encoding="utf-8").split("---")[1])
    html = page.read_text(encoding="utf-8")
    body = html[html.index("<main") : html.index("</main>")]
    seen = {
        "html": body + plain_words(html),
        "pdf": pdf_words(pypdf.PdfReader(pdf)).replace("\u00a0", " "),
    }
    seen["html"] = seen["html"].replace("\u00a0", " ")
    wrong = []
    for form, expected in front["imprint"]["values"]["expect"].items():
        wrong += [f"{form} lacks {text!r}" for text in expected["has"] if text not in seen[form]]
        wrong += [
            f"{form} has {text!r}" for text in expected.get("lacks", ()) if text in seen[form]
        ]
    return wrong


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_embedded_engine_prints_what_the_document_expects(document: Path, tmp_path: Path) -> None:
    """Each construct of docs/quarto-subset.md reads as its document says."""
    copy = shutil.copy(document, tmp_path)
    outcome = ReportFolder(tmp_path).run("render", Path(copy).name)
    assert outcome.code == 0, outcome.problems
    made = tmp_path / document.name
    assert unmet(document, made.with_suffix(".html"), made.with_suffix(".pdf")) == []


@pytest.mark.requires_quarto
@pytest.mark.slow
@pytest.mark.skipif(find_quarto() is None, reason="no Quarto 1.9 or newer on the PATH")
@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_quarto_prints_what_the_document_expects(document: Path, tmp_path: Path) -> None:
    """Real Quarto reads the same sources the same way."""
    copy = Path(shutil.copy(document, tmp_path))
    # Another Python may stand first on the PATH.
    ours = {**os.environ, "QUARTO_PYTHON": sys.executable}
    for form in ("html", "typst"):
        asked = ["quarto", "render", copy.name, "--to", form]
        subprocess.run(asked, cwd=tmp_path, env=ours, check=True)
    assert unmet(document, copy.with_suffix(".html"), copy.with_suffix(".pdf")) == []
