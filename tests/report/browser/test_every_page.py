"""What must hold of every page, each looked at once for all of it."""

from __future__ import annotations

import pytest

from accessibility import FEWER_ROWS, look_over, look_over_both
from browsing import EACH_TEMPLATE, STICKING_OUT, WIDTHS, Reader
from keyboard import stops_amiss
from thorough import THOROUGH

PHONE, TABLET, _ = WIDTHS


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page(reader: Reader, width: int) -> None:
    """No page complains, misses a file, asks another host, or sticks out of the screen; axe finds
    nothing; and whatever can have the focus takes it, is seen, marked and not covered.

    All pages are tried on a phone; one of each template at a desk and on a tablet too, and, but for
    the tablet, in the dark and with the keyboard. Of rows that are alike, three stand for all.
    """
    found = []
    page = reader.sit_down(width, color_scheme="light")
    for path in reader.pages_at(width, all_at=PHONE):
        answer = page.goto(reader.address + path)
        assert answer and answer.ok, path
        found += page.evaluate(STICKING_OUT)
        if not THOROUGH:
            page.evaluate(FEWER_ROWS)
        whole = THOROUGH or (path in EACH_TEMPLATE and width != TABLET)
        found += look_over_both(page) if whole else look_over(page)
        if THOROUGH or width != TABLET:
            found += stops_amiss(page)
    assert found == []
