"""A size and a seed -> a whole report of our kind, made up: a genuine Quarto book that holds.

Its prose means nothing and its numbers are drawn by chance, but every number is a row, every row
has a source and every rule of docs/checks.md is kept. The same seed gives the same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

from chapters import IMPORTS, Plan, figure_module, figures_of, write_chapter
from prose import TOPICS, Writer
from rows import make_examples, make_rows, write_data
from works import make_works

ROOT = Path(__file__).resolve().parents[2]
_ROWS_OF_A_SURVEY = 6


@dataclass(frozen=True)
class Size:
    """How much a report holds."""

    chapters: int
    words: int
    statistics: int
    references: int
    figures: int

    def times(self, factor: float) -> Size:
        """As many times as much of everything."""
        counts = (self.chapters, self.words, self.statistics, self.references, self.figures)
        return Size(*(max(1, round(count * factor)) for count in counts))


def make_report(folder: Path, size: Size, seed: int = 0, *, summary: bool = False) -> None:
    """Write a report into a folder that is not there yet.

    With `summary` it has a second publication, the executive summary on its own. Raises
    FileExistsError where the folder is there.
    """
    folder.mkdir(parents=True)
    chance = Random(seed)
    plans, examples = _plans(size, chance)
    rows = [row for plan in plans for _, found in plan.surveys for row in found]
    write_data(folder / "data", ROOT / "data" / "datapackage.json", rows, examples)
    bibliography = "\n\n".join(work.entry for plan in plans for work in plan.works)
    _write(folder / "references.bib", bibliography + "\n")
    drawn = [figures_of(plan, chance) for plan in plans]
    for number, plan in enumerate(plans):
        labels = _elsewhere(number, plans, drawn, chance)
        written = write_chapter(plan, drawn[number], labels, chance)
        _write(folder / "chapters" / f"{plan.stem}.qmd", written.text)
        _write(folder / "chapters/_findings" / f"{plan.stem}.qmd", written.findings)
        for figure in written.figures:
            _write(folder / "figures" / f"{figure.name}.py", figure_module(figure, chance))
    _write_frame(folder, plans, chance, summary)
    shutil.copytree(ROOT / "_extensions", folder / "_extensions")
    (folder / "styles").mkdir()
    for name in ("imprint.csl", "imprint.scss"):
        shutil.copyfile(ROOT / "styles" / name, folder / "styles" / name)


def _plans(size: Size, chance: Random) -> tuple[list[Plan], list[dict[str, str]]]:
    pairs = [(a, b) for a in TOPICS for b in TOPICS if a < b]
    chance.shuffle(pairs)
    if size.chapters > len(pairs):
        raise ValueError(f"there are topics for {len(pairs)} chapters")
    works = make_works(size.references, chance)
    words, statistics, references, figures = (
        _shares(total, size.chapters, chance)
        for total in (size.words, size.statistics, size.references, size.figures)
    )
    plans, examples, taken = [], [], 0
    for number in range(size.chapters):
        first, second = pairs[number]
        own = works[taken : taken + references[number]]
        taken += references[number]
        sources = own or works[:1]
        surveys = max(1, min(len(sources), -(-statistics[number] // _ROWS_OF_A_SURVEY)))
        counts = [
            statistics[number] // surveys + (at < statistics[number] % surveys)
            for at in range(surveys)
        ]
        theme = f"{first}-{second}"
        made: list[tuple] = [
            (work, tuple(make_rows(work, count, theme, chance)))
            for work, count in zip(sources, counts, strict=False)
            if count
        ]
        examples += make_examples(sources, theme, chance)
        plan = Plan(first, second, words[number], tuple(own), tuple(made), figures[number])
        plans.append(plan)
    return plans, examples


def _shares(total: int, parts: int, chance: Random) -> list[int]:
    """A total parted as chapters of one report differ: some hold three times as much as others."""
    weights = [chance.uniform(0.5, 1.5) for _ in range(parts)]
    ends = [0]
    for weight in weights:
        ends.append(ends[-1] + weight)
    cuts = [round(total * end / ends[-1]) for end in ends]
    return [last - first for first, last in pairwise(cuts)]


def _elsewhere(
    number: int, plans: Sequence[Plan], drawn: Sequence[Sequence], chance: Random
) -> list[str]:
    """Labels of sections, boxes and figures of other chapters."""
    labels = []
    for kind in ("sec", "box", "fig"):
        other = chance.randrange(len(plans))
        if other == number:
            continue
        if kind == "fig":
            labels += [figure.label for figure in drawn[other][:1]]
        else:
            labels.append(f"{kind}-{plans[other].stem}")
    return labels


# --- what stands around the chapters -----------------------------------------------------------

_PROJECT = """project:
  type: book
  output-dir: _output/review
  execute-dir: project

profile:
  default: review
  group:
    - [review{profiles}]

lang: en-GB

book:
  title: "A made-up review"
  author: "Nobody in particular"
  date: "2010-11-12"
  output-file: synthetic-review
  chapters:
    - index.qmd
    - chapters/executive-summary.qmd
{chapters}
    - chapters/references.qmd
  appendices:
    - chapters/data-appendix.qmd

imprint:
  pdf-standard: [ua-1, a-2a]

date-format: "D MMMM YYYY"
toc: true
number-sections: true

format:
  imprint-html:
    theme: [cosmo, styles/imprint.scss]
  imprint-typst:
    toc-depth: 2
    citeproc: true
    pdf-standard: ua-1

bibliography: references.bib
csl: styles/imprint.csl
link-citations: true
nocite: |
  @*

crossref:
  custom:
    - kind: float
      key: box
      reference-prefix: Box
      caption-location: top

execute:
  echo: false
"""

_SUMMARY = """project:
  type: default
  output-dir: _output/summary
  render:
    - chapters/executive-summary.qmd

title: "A made-up review: executive summary"
author: "Nobody in particular"
date: "2010-11-12"
output-file: synthetic-summary

imprint:
  kind: leaflet

toc: false
number-sections: false
nocite: ""
"""

_REGISTER = """
@tbl-statistics is the register of all statistics, in the order of the themes.

```{python}
table(
    "statistics",
    columns={
        "id": "Statistic",
        "measure": "What is measured",
        "population": "Of whom or what",
        "value": "Value",
        "source": "Source",
    },
    cells={"value": lambda row: stat(row["id"])},
    widths={"id": 4, "measure": 7, "population": 4, "value": 3, "source": 4},
    caption="Register of statistics",
    label="tbl-statistics",
)
```
"""


def _write_frame(folder: Path, plans: Sequence[Plan], chance: Random, summary: bool) -> None:
    listed = "\n".join(f"    - chapters/{plan.stem}.qmd" for plan in plans)
    project = _PROJECT.format(chapters=listed, profiles=", summary" if summary else "")
    _write(folder / "_quarto.yml", project)
    if summary:
        _write(folder / "_quarto-summary.yml", _SUMMARY)
    writer = Writer(chance)
    opening = [writer.sentence() for _ in range(6)]
    links = [f"@sec-{plan.stem} shows that {writer.clause()}." for plan in plans[:5]]
    index = ["# About this review {.unnumbered}\n", *opening, "", *links]
    _write(folder / "index.qmd", "\n".join(index) + "\n")
    parts = ["# Executive summary {.unnumbered}\n", IMPORTS]
    for plan in plans:
        parts.append(f"## {plan.title}\n\n{{{{< include _findings/{plan.stem}.qmd >}}}}\n")
    _write(folder / "chapters/executive-summary.qmd", "\n".join(parts))
    _write(folder / "chapters/references.qmd", "# References {.unnumbered}\n\n::: {#refs}\n:::\n")
    data = f"# The data behind this review {{#sec-data}}\n\n{IMPORTS}\n{writer.sentence()}\n"
    _write(folder / "chapters/data-appendix.qmd", data + _REGISTER)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
