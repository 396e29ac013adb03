"""What the extension's filters do under Quarto alone, with as much of Quarto as they ask for."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pypandoc
import pytest

EXTENSION = Path(__file__).parents[1] / "_extensions" / "imprint"
QUARTO = """\
quarto = {{
  doc = {{
    is_format = function(name) return FORMAT:match(name) ~= nil end,
    include_text = function(_, text) io.stderr:write(text) end,
  }},
  utils = {{ resolve_path = function(path) return '{folder}/filters/' .. path end }},
}}
return dofile('{folder}/filters/{name}.lua')
"""


def filtered(tmp_path: Path, name: str, text: str) -> tuple[str, str]:
    """The HTML of a text and what goes into its head, by one filter."""
    script = tmp_path / f"{name}.lua"
    script.write_text(QUARTO.format(folder=EXTENSION.as_posix(), name=name), encoding="utf-8")
    pandoc = pypandoc.get_pandoc_path()
    arguments = [pandoc, "--from", "markdown", "--to", "html", "--lua-filter", str(script)]
    ran = subprocess.run(arguments, input=text, capture_output=True, encoding="utf-8", check=True)
    return ran.stdout, ran.stderr


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("lang: en-US", "percent"),
        ("{lang: en-GB, imprint: {style: american}}", "percent"),
        ("{lang: en-US, imprint: {style: british}}", "per cent"),
        ("lang: en-GB", "per cent"),
    ],
)
def test_shares_print_in_the_style(tmp_path: Path, front: str, expected: str) -> None:
    """Of statistics alone; other words stay."""
    text = f'---\n{front}\n---\n\n[64\u00a0per cent]{{.stat data-stat="a"}}, 3 per cent.\n'
    html, _ = filtered(tmp_path, "american", text)
    assert f">64\u00a0{expected}</span>, 3 per cent." in html


def test_colours_stand_in_the_head(tmp_path: Path) -> None:
    """Those that are set, each with its rules; nothing without them."""
    _, head = filtered(tmp_path, "colours", "---\nimprint: {colours: {accent: '#6b1f5c'}}\n---\n")
    assert head.startswith("<style>\n:root") and "light-dark(#6b1f5c, " in head
    assert ".hero { --ground: #6b1f5c; }" in head
    assert "--mark" not in head and "ACCENT" not in head
    assert filtered(tmp_path, "colours", "---\nimprint: {kind: book}\n---\n")[1] == ""


FINDINGS = """\
::: {.finding-in-brief}
Short.
:::

::: {.finding-in-full}
Long.
:::
"""


def test_finding_has_the_form_of_its_place(tmp_path: Path) -> None:
    """In full in its chapter, in brief in a summary that says so; neither leaves a wrapper."""
    assert filtered(tmp_path, "findings", FINDINGS)[0] == "<p>Long.</p>\n"
    wrapped = f":::: {{.in-brief}}\n{FINDINGS}::::\n\nMore.\n"
    assert filtered(tmp_path, "findings", wrapped)[0] == "<p>Short.</p>\n<p>More.</p>\n"
