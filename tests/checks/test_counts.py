"""Numbers before lists and series, parts and wholes, ordinals, references to the right box."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_reports import small_report, told

from imprint.check.rules.structure.counts import check_counts
from imprint.check.rules.structure.pointers import check_pointers

LIST = "\n\n- cost\n- noise\n- danger\n"
ROWS = [
    {"id": "parts", "value": "4", "unit": "count", "as_reported": "four"},
    {"id": "whole", "value": "3", "unit": "count", "as_reported": "three"},
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"There are three challenges:{LIST}", []),
        (f"There are four challenges:{LIST}", ["count-fits-list"]),
        (f"They are these three:{LIST}", []),
        (f"They are these four:{LIST}", ["count-fits-list"]),
        (f"It names two main challenges for riders.{LIST}", ["count-fits-list"]),
        (f"The four towns name these challenges:{LIST}", []),
        (f"In the five towns there were differences:{LIST}", []),
        ('There are `{python} stat("parts")` challenges:' + LIST, ["count-fits-list"]),
        ('There are `{python} stat("whole")` challenges:' + LIST, []),
        ("There are three challenges: cost, noise and danger.", []),
        ("There are four challenges: cost, noise, and danger.", ["count-fits-list"]),
        ("There are two challenges: time, which is short, and money.", []),
        ("It rained in both Leeds, York and Hull.", ["count-fits-list"]),
        ("It rained both in Leeds and, at times, in York.", []),
        ('`{python} stat("parts", "sentence")` of the `{python} stat("whole")` towns agree.',
         ["part-fits-whole"]),
        ('`{python} stat("whole", "sentence")` of the `{python} stat("parts")` towns agree.', []),
        ("First, it rains; second, it snows.", []),
        ("First, it rains; third, it snows.", ["ordinals-run-on"]),
        ("It deals first with rain, third with snow.", ["ordinals-run-on"]),
        ("Of the three parts, the fourth is long.", ["ordinals-run-on"]),
    ],
)  # fmt: skip
def test_what_is_counted_is_there(tmp_path: Path, text: str, expected: list[str]) -> None:
    problems = told(check_counts, small_report(tmp_path, text, rows=ROWS))
    assert [line.rpartition(" ")[2] for line in problems] == expected


BOXES = """\

@box-fares holds what a ticket costs by tram and by bus.
{sentence}

::: {{#box-lanes}}
Quiet lanes lead past the mill, and riders share them with tractors.

Quiet lanes
:::

::: {{#box-fares}}
A ticket costs as much by tram as by bus.

What tickets cost
:::
"""


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("@box-lanes tells of quiet lanes that riders share.", []),
        ("@box-fares tells of quiet lanes that riders share.", ["3:1 reference-fits-title"]),
    ],
)
def test_reference_is_to_what_is_spoken_of(
    tmp_path: Path, sentence: str, expected: list[str]
) -> None:
    report = small_report(tmp_path, BOXES.format(sentence=sentence))
    assert told(check_pointers, report) == expected
