"""An entry is held to its key, its address, the other entries and the pages cited of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_reports import small_report, told

from imprint.check.rules.works.shared_names import check_shared_names
from imprint.check.rules.works.witnesses import check_witnesses

JOURNAL = (
    "@article{{{key}, author = {{{author}}}, title = {{On {key}}}, "
    "journal = {{{journal}}}, {more}}}\n"
)


def article(key: str, author: str, more: str, journal: str = "Cycling Weekly") -> str:
    return JOURNAL.format(key=key, author=author, more=more, journal=journal)


LANE = article("lane_2009", "Lane, A.", "year = {2009}, volume = {1795}, pages = {18--19}")


@pytest.mark.parametrize(
    ("key", "author", "named"),
    [
        ("burton_2010", "Burton, S. and Lane, A.", False),
        ("burton_2010", "Buton, S. and Lane, A.", True),
        ("burton_2010", "Lane, A. and Burton, S.", True),
        ("burton_lane_2010", "Burton, S. and Lane, A.", False),
        ("mueller_2010", "Müller, S.", False),
        ("muller_2010", "Müller, S.", False),
        ("worrall_davies_2010", "{Worrall-Davies and Cottrell}", False),
        ("cqc_2010_review", "{Care Quality Commission}", False),
        ("survey_2010", "Burton, S.", False),
    ],
)
def test_key_names_the_first_author(tmp_path: Path, key: str, author: str, named: bool) -> None:
    """A key that spells the author otherwise, or names a later one, is a second witness."""
    entry = article(key, author, "year = {2010}, volume = {1808}")
    report = small_report(tmp_path, works=entry)
    assert told(check_witnesses, report) == ["works.bib:1 author-fits-key"] * named


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("year = {2010}, volume = {1808}", []),
        ("year = {2010}, volume = {1708}", ["works.bib:2 volume-fits-year"]),
        ("year = {2010}, volume = {83}", ["works.bib:2 volume-fits-year"]),
        ("year = {2009}, volume = {1801}", []),
    ],
)
def test_volumes_run_with_the_years(tmp_path: Path, more: str, expected: list[str]) -> None:
    """The entry that fits none of the others of its journal is named."""
    other = article("kane_2010", "Kane, B.", "year = {2010}, volume = {1812}")
    works = LANE + article("burton_2010", "Burton, S.", more) + other
    assert told(check_witnesses, small_report(tmp_path, works=works)) == expected


@pytest.mark.parametrize(
    ("journal", "named"),
    [
        ("Cycling Weekly", False),
        ("The Cycling Weekly", True),
        ("Cycling Weely", True),
        ("Cyclist Weekly", False),
        ("Cycling Monthly", False),
    ],
)
def test_journal_has_one_name(tmp_path: Path, journal: str, named: bool) -> None:
    """A journal that others spell otherwise is named where it is rarer."""
    entry = article("kane_2010", "Kane, B.", "year = {2010}, volume = {1812}")
    other = article("burton_2010", "Burton, S.", "year = {2010}, volume = {1808}", journal)
    report = small_report(tmp_path, works=LANE + entry + other)
    assert told(check_shared_names, report) == ["works.bib:3 entries-share-names"] * named


@pytest.mark.parametrize(
    ("host", "named"),
    [
        ("www.example.org", False),
        ("example.ogr", True),
        ("exmaple.org", True),
        ("pages.example.org", False),
        ("example.com", False),
    ],
)
def test_host_is_that_of_others(tmp_path: Path, host: str, named: bool) -> None:
    """An address at a host that is another's but for a letter is named."""
    url = "year = {2010}, url = {http://HOST/a}, urldate = {2010-09-08}"
    works = article("lane_2010", "Lane, A.", url.replace("HOST", "example.org"))
    works += article("kane_2010", "Kane, B.", url.replace("HOST/a", "example.org/b"))
    works += article("burton_2010", "Burton, S.", url.replace("HOST/a", f"{host}/c"))
    report = small_report(tmp_path, works=works)
    assert told(check_shared_names, report) == ["works.bib:3 host-is-known"] * named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("So [@lane_2009, p. 20]. And so [@lane_2009, p. 21].", True),
        ("So [@lane_2009, p. 20]. And so [@lane_2009, p. 18].", False),
        ("So [@lane_2009, p. 20].", False),
    ],
)
def test_pages_hold_what_is_cited(tmp_path: Path, text: str, named: bool) -> None:
    """Where no page that is cited lies within an entry's, those of the entry may be wrong."""
    found = told(check_witnesses, small_report(tmp_path, text, works=LANE))
    assert found == ["works.bib:1 locator-is-in-work"] * named


@pytest.mark.parametrize(
    ("author", "journal", "named"),
    [
        ("Lane, A.", "Cycling Weekly", False),
        ("Lane, O.", "Cycling Weekly", True),
        ("Lane, O. and Kane, B.", "Cycling Weekly", False),
        ("Lane, O.", "Driving Monthly", False),
    ],
)
def test_writer_of_a_journal_has_one_initial(
    tmp_path: Path, author: str, journal: str, named: bool
) -> None:
    """Who alone writes for one journal is the same person there."""
    works = LANE + article("lane_2010", "Lane, A.", "year = {2010}, volume = {1808}")
    works += article("lane_2011", author, "year = {2011}, volume = {1838}", journal)
    found = told(check_witnesses, small_report(tmp_path, works=works))
    assert found == ["works.bib:3 author-has-one-name"] * named
