"""Findings say, count and cite what their theme's chapter does."""

from __future__ import annotations

from pathlib import Path

from small_reports import WORKS, small_report, told

from data_project import ROWS
from imprint.check.rules.structure.findings import check_findings

BOOK = """\
project: {type: book}
profile: {default: review, group: [[review, summary]]}
book:
  title: A report
  chapters: [index.qmd, chapters/executive-summary.qmd, chapters/training.qmd]
bibliography: works.bib
"""
SUMMARY_ALONE = "project: {type: default, render: [chapters/executive-summary.qmd]}\ntitle: S\n"
SUMMARY = """\
# Summary

## Training of staff

{{< include _findings/training.qmd >}}
"""
FINDING = """\
In a survey, `{python} stat("time-to-work")` of staff lack time [@ofsted_2010].
Much time goes into signposting to agencies [@burton_2009].
A survey could mean that lessons from oversight are learned effectively [@ofsted_2010].
"""
CHAPTER = """\
# Training of staff

## Key findings

{{< include _findings/training.qmd >}}

## Evidence

Of staff in the survey, `{python} stat("time-to-work", "sentence")` say that they lack time.
The budget is another matter [@ofsted_2010].

@burton_2009 found that teams spend a great deal of time on signposting to other agencies.
@garboden_2009 writes about foster care and its long history.

From the survey it could be concluded that lessons from oversight are learned effectively, although nobody counted [@ofsted_2010].
The annual budget grew by `{python} claim("the majority", "appraisal")` of offices [@ofsted_2010].
"""  # noqa: E501


def compared(root: Path, **changed: str) -> list[str]:
    files = {
        "_quarto.yml": BOOK,
        "_quarto-summary.yml": SUMMARY_ALONE,
        "index.qmd": "# A\n",
        "chapters/executive-summary.qmd": changed.get("summary", SUMMARY),
        "chapters/training.qmd": changed.get("chapter", CHAPTER),
        "chapters/_findings/training.qmd": changed.get("finding", FINDING),
    }
    report = small_report(root, files=files, rows=ROWS, works=WORKS)
    return told(check_findings, report)


def finding(root: Path, old: str, new: str) -> list[str]:
    assert FINDING.count(old) == 1
    found = compared(root, finding=FINDING.replace(old, new))
    return [line.removeprefix("chapters/_findings/training.qmd:") for line in found]


def test_agreeing_findings_say_nothing(tmp_path: Path) -> None:
    """Findings in other words than the chapter's, with its numbers and works, are sound."""
    assert compared(tmp_path) == []


def test_finding_gives_the_chapters_statistics(tmp_path: Path) -> None:
    """A row, or a way to print it, that the chapter lacks is named at its code."""
    code = "finding-statistic-in-chapter"
    assert finding(tmp_path, '"time-to-work"', '"budget"') == [f"1:14 {code}"]
    assert finding(tmp_path, '"time-to-work"', '"time-to-work", "value"') == [f"1:14 {code}"]
    said = "They agree, `{python} claim('most', 'appraisal')` of them [@ofsted_2010]."
    assert finding(tmp_path, "A survey could", f"{said}\nA survey could") == [f"3:13 {code}"]
    said = said.replace("most", "A majority")
    assert finding(tmp_path, "A survey could", f"{said}\nA survey could") == []


def test_finding_cites_the_chapters_works(tmp_path: Path) -> None:
    """A work that the chapter does not cite is named at its key."""
    found = finding(tmp_path, "[@burton_2009]", "[@hunter_2009]")
    assert "2:46 finding-has-source-in-chapter" in found


def test_finding_credits_the_chapters_work(tmp_path: Path) -> None:
    """A clause or a number that the chapter takes from another work is named."""
    found = finding(tmp_path, "[@burton_2009]", "[@garboden_2009]")
    assert found == ["2:46 finding-credits-same-work"]
    more = "[@garboden_2009], as an inspection says, too [@burton_2009; @ofsted_2010]"
    assert "2:46 finding-credits-same-work" in finding(tmp_path, "[@burton_2009]", more)
    found = finding(tmp_path, "lack time [@ofsted_2010]", "lack time [@garboden_2009]")
    assert "1:14 finding-credits-same-work" in found


def test_finding_keeps_the_chapters_caution(tmp_path: Path) -> None:
    """What the chapter says with caution is not said flatly in the findings."""
    assert finding(tmp_path, "A survey could mean that lessons", "By a survey, lessons") == [
        "3:1 finding-keeps-hedge"
    ]


def test_findings_are_included_twice(tmp_path: Path) -> None:
    """The chapter of the theme and the summary both include its findings."""
    include = "{{< include _findings/training.qmd >}}\n"
    assert compared(tmp_path, summary=SUMMARY.replace(include, "Text.\n")) == [
        "chapters/_findings/training.qmd finding-is-included"
    ]
    assert compared(tmp_path, chapter=CHAPTER.replace(include, "Text.\n")) == [
        "chapters/_findings/training.qmd finding-is-included",
        "chapters/training.qmd:3:4 theme-has-findings",
    ]


def test_summary_names_the_theme_as_its_chapter(tmp_path: Path) -> None:
    """A theme has one name."""
    changed = SUMMARY.replace("Training of staff", "Staff training {.unnumbered}")
    assert compared(tmp_path, summary=changed) == [
        "chapters/executive-summary.qmd:3:4 finding-stands-under-its-theme"
    ]


def test_summary_says_nothing_that_chapters_lack(tmp_path: Path) -> None:
    """The summary's own text has its works and numbers from the chapters too."""
    more = SUMMARY + "\n## End\n\nSo `{python} stat('rest')` say [@hunter_2009].\n"
    assert compared(tmp_path, summary=more) == [
        "chapters/executive-summary.qmd:9:4 finding-statistic-in-chapter",
        "chapters/executive-summary.qmd:9:33 finding-has-source-in-chapter",
    ]


BRIEF = """\
::: {.finding-in-brief}
- In a survey, `{python} stat("time-to-work")` of staff lack time [@ofsted_2010].
:::

::: {.finding-in-full}
Much time goes into signposting to agencies [@burton_2009].
:::
"""
WRAPPED = "# Summary\n\n## Training of staff\n\n::: {.in-brief}\n\n%s\n\n:::\n"
IN_BRIEF = WRAPPED % "{{< include _findings/training.qmd >}}"


def test_each_form_of_a_finding_is_held(tmp_path: Path) -> None:
    """Both are compared with the chapter, which prints one of them and the summary the other."""
    assert compared(tmp_path, finding=BRIEF, summary=IN_BRIEF) == []
    other = BRIEF.replace("time-to-work", "budget")
    code = "finding-statistic-in-chapter"
    assert compared(tmp_path, finding=other, summary=IN_BRIEF) == [
        f"chapters/_findings/training.qmd:2:16 {code}"
    ]
    other = BRIEF.replace("@burton_2009", "@garboden_2009")
    assert compared(tmp_path, finding=other, summary=IN_BRIEF) == [
        "chapters/_findings/training.qmd:6:46 finding-credits-same-work"
    ]


def test_forms_of_a_finding_are_equally_sure(tmp_path: Path) -> None:
    """A clause of one form keeps the doubt that the other has, beside whatever else is said."""
    brief = "Supervision by senior managers is widespread, but budgets differ."
    full = "Supervision by senior managers may be widespread."
    finding = BRIEF.replace(":::\n\n", f"{brief}\n:::\n\n").replace(
        "[@burton_2009].\n", f"[@burton_2009].\n{full}\n"
    )
    said = [it for it in compared(tmp_path, finding=finding, summary=IN_BRIEF) if "hedge" in it]
    assert said == ["chapters/_findings/training.qmd:3:1 finding-keeps-hedge"]


def test_form_in_brief_is_printed(tmp_path: Path) -> None:
    """Without `.in-brief` around it, the summary would leave it out in silence."""
    found = compared(tmp_path, finding=BRIEF)
    assert "chapters/_findings/training.qmd:1 finding-is-included" in found
