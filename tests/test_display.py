"""What cells put out, as it is printed: the last state of a terminal, the best form of a value."""

from __future__ import annotations

from typing import Any

import pytest

from imprint.core.model import Cell
from imprint.core.problems import Place
from imprint.run.display import Shown, show_cell
from imprint.run.screen import plain_text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("0%\r50%\r100%\ndone", "100%\ndone"),
        ("long line\rshort", "shortline"),
        ("working\r\x1b[Kdone", "done"),
        ("abc\b\bX", "aXc"),
        ("one\ntwo\x1b[A\rONE\n\nend", "ONE\ntwo\nend"),
        ("\x1b[1;31mred\x1b[0m, \x1b(Bbell\a and nul\x00", "red, bell and nul"),
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x07 \x1b]0;title\x07end", "link end"),
        ("tab\tstays\r\nlines too", "tab\tstays\nlines too"),
        ("漢字 é ✓ ▁▂▃", "漢字 é ✓ ▁▂▃"),
    ],
)
def test_controls_act_as_in_a_terminal(written: str, shown: str) -> None:
    """Progress bars leave their last state; colours, links and bells leave nothing."""
    assert plain_text(written) == shown


def shown(data: dict[str, Any]) -> Shown:
    cell = Cell("x", {"echo": False}, Place("one.qmd", 3), 1, 4)
    return show_cell("one.qmd", cell, [{"output_type": "display_data", "data": data}])


def printed(data: dict[str, Any]) -> str:
    made = shown(data)
    assert made.problems == ()
    return "\n".join(made.lines).strip()


NAME = "<IPython.core.display.Latex object>"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ({"text/latex": "Words and $x$.", "text/plain": NAME}, "Words and $x$."),
        ({"text/latex": r"\[ x \] and \(y\)", "text/plain": NAME}, "$$ x $$ and $y$"),
        ({"text/latex": r"\begin{tabular}{l}a\end{tabular}", "text/html": "<b>a</b>"}, "<b>a</b>"),
        ({"application/json": {"a": [1]}, "text/plain": "<IPython.core.display.JSON object>"},
         '"a": ['),
        ({"text/plain": "<a thing that says what it is>"}, "<a thing that says what it is>"),
    ],
)  # fmt: skip
def test_a_value_s_words_are_printed_and_not_its_name(data: dict[str, Any], line: str) -> None:
    """LaTeX that is no maths, and JSON, say more than the name of an object."""
    assert line in printed(data)
    assert "object>" not in printed(data)


def test_what_only_a_script_shows_is_told() -> None:
    """A chart's stand-in is no chart; a widget's words are printed, with a warning."""
    stands_in = {"text/plain": "<VegaLite 5 object>\n\nIf you see this message, …"}
    (lost,) = shown({"application/vnd.vegalite.v5+json": {}, **stands_in}).problems
    assert (lost.severity, str(lost.place)) == ("error", "one.qmd:3")
    assert "application/vnd.vegalite.v5+json" in lost.message
    widget = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "100%|##| 3/3"}
    made = shown(widget)
    assert [it.severity for it in made.problems] == ["warning"]
    assert "100%|##| 3/3" in made.lines
    name = "<IPython.core.display.Javascript object>"
    made = shown({"application/javascript": "require()", "text/plain": name})
    assert [it.severity for it in made.problems] == ["warning"]
    assert made.lines == ()


def test_the_place_of_a_warning_is_left_out_wherever_it_stands() -> None:
    """Folders of a kernel differ from run to run."""
    text = "2/3 done/tmp/imprint-0a1b/tmp/ipykernel_7/123.py:4: UserWarning: words\n"
    cell = Cell("x", {"echo": False}, Place("one.qmd", 3), 1, 4)
    made = show_cell("one.qmd", cell, [{"output_type": "stream", "name": "stderr", "text": text}])
    assert "2/3 doneUserWarning: words" in made.lines


@pytest.mark.parametrize(
    ("options", "outputs", "said"),
    [
        ({"fig-cap": ["A", "B"]}, 1, "cell 1 gives 2 captions for 1 output"),
        ({"fig-cap": "All", "fig-subcap": [*"ABC"]}, 2, "cell 1 gives 3 captions for 2 outputs"),
        ({"fig-cap": "All"}, 0, "cell 1 shows nothing that its caption could stand at"),
        ({"tbl-cap": "All"}, 0, "cell 1 shows nothing that its caption could stand at"),
        ({"fig-cap": ["A", "B"]}, 2, ""),
        ({"fig-cap": "All"}, 2, ""),
        ({"fig-cap": "All"}, None, ""),
    ],
)  # fmt: skip
def test_no_caption_is_lost(options: dict[str, Any], outputs: int | None, said: str) -> None:
    """One that no output is there for is told, where it is known what there is; the others are
    printed."""
    cell = Cell("x", {"echo": False, **options}, Place("one.qmd", 3), 1, 4)
    bundle = {"output_type": "display_data", "data": {"text/plain": "words"}}
    made = show_cell("one.qmd", cell, None if outputs is None else [bundle] * outputs)
    assert [it.message for it in made.problems] == ([said] if said else [])
    if not said and outputs:
        captions = options["fig-cap"]
        assert set([captions] if isinstance(captions, str) else captions) <= set(made.lines)


def test_a_fenced_cell_is_shown_as_it_is_written() -> None:
    """With its fence and its options, but for the one that asks for it."""
    lines = ("#| echo: fenced", "#| label: fig-x")
    cell = Cell("plot()", {"echo": "fenced"}, Place("one.qmd", 3), 1, 4, option_lines=lines)
    shown = ["````{.cell-code}", "```{python}", "#| label: fig-x", "plot()", "```", "````"]
    assert [it.replace(" ", "", 1) if it[:4] == "````" else it
            for it in show_cell("one.qmd", cell, []).lines if it] == shown  # fmt: skip
