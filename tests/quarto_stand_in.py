"""A program in Quarto's place on the PATH, for what the engine does around it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SCRIPT = """#!/bin/sh
case "$1" in
  --version) echo 1.9.38; exit;;
  pandoc) echo "pandoc 3.8.3"; exit;;
  typst) echo "typst 0.14.2 (b33de9de)"; exit;;
esac
echo "$@" > {noted}
echo "$SOURCE_DATE_EPOCH" > {noted}.date
while [ "$1" != --output-dir ]; do shift; done
out=$2; mkdir -p "$out"
while [ $# -gt 0 ]; do
  [ "$1" = --metadata-file ] && cp "$2" {noted}.said
  shift
done
set -- "" "$out"
{does}
"""
"""`$2` is the folder for its output."""

WHOLE = 'echo "<p>Text</p>" > "$2/index.html"; printf "%%PDF-1.7\\n%%%%EOF\\n" > "$2/small.pdf"'
"""Writes a page and a PDF, as a Quarto does that ends well."""


def stand_in_for_quarto(folder: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> Path:
    """Put such a program first on the PATH. `noted` beside it holds the arguments it was called
    with, `noted.date` the date and `noted.said` the metadata that it was given."""
    quarto = folder / "bin" / "quarto"
    noted = quarto.with_name("noted")
    if not quarto.exists():
        quarto.parent.mkdir()
        monkeypatch.setenv("PATH", f"{quarto.parent}{os.pathsep}{os.environ['PATH']}")
    quarto.write_text(SCRIPT.format(does=does, noted=noted), encoding="utf-8")
    quarto.chmod(0o755)
    return noted
