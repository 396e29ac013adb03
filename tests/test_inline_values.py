"""Values of inline code: printed as people write them, never taken for markup."""

from __future__ import annotations

import pytest

from imprint.core.model import Cell
from imprint.core.problems import Place
from imprint.run.chapter_script import show_inline
from imprint.run.display import show_cell
from reports import copy_report

SETUP = """# Outlook {#sec-outlook}

```{python}
import datetime, decimal, fractions, pathlib
import numpy as np
import pandas as pd

class Choice:
    def __repr__(self): return "'a' or 'b'"
```

"""


VALUES = [
    ("np.mean([1, 2, 4.5])", "2.5"),
    ("np.int64(5)", "5"),
    ("np.True_", "True"),
    ("datetime.date(2020, 1, 2)", "2 January 2020"),
    ("pd.Timestamp('2020-01-02')", "2 January 2020"),
    ("datetime.datetime(2020, 1, 2, 14, 30)", "2 January 2020, 14:30"),
    ("decimal.Decimal('1.10')", "1.10"),
    ("fractions.Fraction(1, 3)", "1/3"),
    ("pathlib.PurePosixPath('data/one.csv')", "data/one.csv"),
    ("np.datetime64('2020-01-02')", "2 January 2020"),
    ("pd.Period('2020-01')", "2020-01"),
    ("pd.Timedelta(hours=25)", "1 day 1 hour"),
    ("datetime.timedelta(seconds=-90)", "minus 1 minute 30 seconds"),
    ("Choice()", "‘a’ or ‘b’"),
    ("'*not* a [link](x)'", "*not* a [link](x)"),
    ("'two\\n\\nlines'", "two lines"),
]


@pytest.fixture(scope="module")
def values_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The words of a page that prints every value."""
    report = copy_report("minimal", tmp_path_factory.mktemp("values") / "report")
    lines = [f"{n}: it is `{{python}} {code}`.\n" for n, (code, _) in enumerate(VALUES)]
    opening = "`{python} 1984`. That was the year of the survey.\n"
    report.write("chapters/outlook.qmd", SETUP + "\n".join([*lines, opening]))
    report.render("review", "--draft", "--to", "html")
    words = report.words("review/chapters/outlook.html")
    assert "<ol start" not in report.page("review/chapters/outlook.html")
    assert "1984. That was" in words
    return words


@pytest.mark.parametrize(("expression", "words"), VALUES)
def test_value_is_printed_as_people_write_it(values_page: str, expression: str, words: str) -> None:
    """No name of a type, no markup, no paragraph comes out of a value."""
    assert f"{VALUES.index((expression, words))}: it is {words}." in values_page


def test_numbers_keep_their_form_for_formulas() -> None:
    """Nothing is escaped in a number, which may stand in a formula."""
    assert show_inline({"text/plain": "-0.5"}, "$x = ") == "-0.5"


@pytest.mark.parametrize("before", ["", "> ", "- ", "1. "])
def test_number_that_opens_a_paragraph_begins_no_list(before: str) -> None:
    """Wherever a paragraph may begin."""
    assert show_inline({"text/plain": "1984"}, before) == "&#49;984"


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("the header starts at 0x00ff0000 in each file", "starts at 0x00ff0000 in"),
        ("<Model object at 0x7f2b1c>", "<Model object>"),
        ("<bound method f of <Model object at 0x7f2b1c>>", "of <Model object>>"),
        ("a > b at 0x00ff0000", "b at 0x00ff0000"),
    ],
)
def test_only_the_address_of_an_object_is_left_out(printed: str, shown: str) -> None:
    """A hexadecimal number that a cell prints is a number like any other."""
    cell = Cell("print(x)", {"echo": False}, Place("a.qmd", 1), 1, 2)
    output = {"output_type": "stream", "name": "stdout", "text": printed}
    assert shown in "\n".join(show_cell("a.qmd", cell, [output]).lines)
