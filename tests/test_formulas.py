"""Formulas of derived rows: read as arithmetic is, told in words, refused with what to write."""

from __future__ import annotations

import pytest

from imprint.read.data.formulas import FormulaError, in_words, parse_formula, rows_named


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("13.5", "13.5"),
        ("100 - part-one - part-two", "100 less part-one less part-two"),
        ("100 - (part-one - part-two)", "100 less (part-one less part-two)"),
        ("part-one - part-two * 2", "part-one less part-two times 2"),
        ("(part-one + part-two) / 2", "(part-one plus part-two) divided by 2"),
        ("part-one / (part-two / 2)", "part-one divided by (part-two divided by 2)"),
        ("count(sites)", "the number of rows in the table ‘sites’"),
        ("count( list_of_sites , kind = 'of two words',year=2009 )",
         "the number of rows in the table ‘list of sites’ where kind is ‘of two words’ "
         "and year is ‘2009’"),
        ("count(sites, themes has training)",
         "the number of rows in the table ‘sites’ where themes has ‘training’"),
        ('sum(sites.beds, name="St John\'s")',
         "the sum of ‘beds’ in the table ‘sites’ where name is ‘St John's’"),
        ("months(2009-03, 2010-10)", "the months from March 2009 to October 2010"),
    ],
)  # fmt: skip
def test_formula_is_told_in_words(formula: str, words: str) -> None:
    """Signs bind as in arithmetic, and brackets stand where the meaning needs them."""
    assert in_words(parse_formula(formula)) == words


def test_rows_of_a_formula_are_named_once() -> None:
    """Every row that numbers come from, and no table or value of a cell."""
    formula = parse_formula("part-one * 2 / (part-one + count(sites, kind=part-two)) - 2009-report")
    assert rows_named(formula) == ("part-one", "2009-report")
    assert in_words(formula, lambda id: id.upper()).startswith("PART-ONE times 2 divided by (PART")


@pytest.mark.parametrize(
    ("formula", "message", "fix"),
    [
        ("", "it ends where a number", "write numbers and ids"),
        ("100 -", "it ends where a number", "write numbers and ids"),
        ("100 less part-one", "nothing joins 'less'", "write numbers and ids"),
        ("100 – part-one", "'–' is no part of a formula", "write numbers and ids"),
        ("- 5", "'-' stands where a number", "write numbers and ids"),
        ("(100 - part-one", "')' is missing at its end", "write numbers and ids"),
        ("count(sites kind=x)", "')' is missing before 'kind'", "write numbers and ids"),
        ("counted(sites)", "there is no function 'counted'", "use count, sum, months"),
        ("count()", "`count` names no table", "write `count(table)`"),
        ("count(sites, kind)", "'kind )' is no condition", "column has value"),
        ("count(sites, kind is x)", "'kind is x' is no condition", "column has value"),
        ("count(sites, kind='x)", "''x)' is no part of a formula", "write numbers and ids"),
        ("sum(sites)", "'sites' names no column", "write `sum(table.column)`"),
        ("months(2009-13, 2010-10)", "'2009-13' is no month", "as in 2009-03"),
        ("(" * 5000, "it is too long", "rows of their own"),
    ],
)
def test_what_is_no_formula_is_refused(formula: str, message: str, fix: str) -> None:
    """The author is told what cannot be read, and the form to write."""
    with pytest.raises(FormulaError) as told:
        parse_formula(formula)
    assert message in str(told.value)
    assert fix in told.value.fix
