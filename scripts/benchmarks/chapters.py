"""A plan of one chapter -> its text, the findings drawn from it, and the figures that it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from prose import TOPICS, Writer, capital
from rows import Row
from works import Work

IMPORTS = "```{python}\nfrom imprint import stat, claim, figure, table\n```\n"
_DRAWN = 5
"""The most rows of one figure."""


@dataclass(frozen=True)
class Plan:
    """What a chapter is to hold."""

    first: str
    second: str
    """The two topics that it treats."""
    words: int
    works: tuple[Work, ...]
    """All are cited."""
    surveys: tuple[tuple[Work, tuple[Row, ...]], ...]
    """Works whose rows it prints, each of them."""
    figures: int

    @property
    def stem(self) -> str:
        """The name of its file."""
        return f"{self.first}-{self.second}"

    @property
    def title(self) -> str:
        """Its heading."""
        return f"{capital(self.first)} and {self.second}"


@dataclass(frozen=True)
class Drawn:
    """A figure of some rows of one work."""

    name: str
    work: Work
    rows: tuple[Row, ...]
    topic: str

    @property
    def label(self) -> str:
        """What text refers to it by."""
        return "fig-" + self.name.replace("_", "-")


@dataclass(frozen=True)
class Written:
    """A chapter as its files hold it."""

    text: str
    findings: str
    figures: tuple[Drawn, ...]


def figures_of(plan: Plan, chance: Random) -> tuple[Drawn, ...]:
    """The figures of a chapter, each of shares that one work reports."""
    able = []
    for work, rows in plan.surveys:
        shares = tuple(row for row in rows if row.kind == "share")
        able += [
            (work, shares[start : start + _DRAWN])
            for start in range(0, len(shares), _DRAWN)
            if shares[start : start + _DRAWN]
        ]
    able.sort(key=lambda found: -len(found[1]))
    topics = chance.sample(TOPICS, min(plan.figures, len(able)))
    return tuple(
        Drawn(f"{plan.first}_{plan.second}_{topic}", work, rows, topic)
        for topic, (work, rows) in zip(topics, able, strict=False)
    )


def write_chapter(
    plan: Plan, figures: Sequence[Drawn], elsewhere: Sequence[str], chance: Random
) -> Written:
    """The chapter's text; `elsewhere` are labels of other chapters that it may refer to."""
    writer = Writer(chance)
    sections = _sections(plan, figures, elsewhere, writer)
    told = [line for _, block in sections for line in block.told]
    findings = chance.sample(told, min(2, len(told)))
    words = sum(len(line.split()) for _, block in sections for line in block.lines) + 150
    spare = max(0, plan.words - words)
    parts = [
        f"# {plan.title} {{#sec-{plan.stem}}}\n",
        IMPORTS,
        f"## Key findings {{#sec-{plan.stem}-findings .unnumbered}}\n",
        f"{{{{< include _findings/{plan.stem}.qmd >}}}}\n",
    ]
    for topic, block in sections:
        parts.append(f"## {capital(topic)} {{#sec-{plan.stem}-{topic}}}\n")
        lines = list(block.lines)
        room = spare // len(sections)
        while room > 0:
            line = writer.sentence()
            lines.insert(chance.randint(0, len(lines)), line)
            room -= len(line.split())
        parts += [*_paragraphs(lines, chance), *block.after]
    text = "\n".join(parts)
    leads = (f"- **{capital(writer.phrase())}.** {line}" for line in findings)
    return Written(text, "\n".join(leads) + "\n", tuple(figures))


@dataclass
class _Block:
    """What a section must hold: sentences in any order, blocks after them."""

    lines: list[str]
    told: list[str]
    """Sentences that print a statistic and cite its work."""
    after: list[str]


def _sections(
    plan: Plan, figures: Sequence[Drawn], elsewhere: Sequence[str], writer: Writer
) -> list[tuple[str, _Block]]:
    chance = writer.chance
    used = {name.rpartition("_")[2] for name in (drawn.name for drawn in figures)}
    topics = [t for t in TOPICS if t not in used and t not in (plan.first, plan.second)]
    count = max(2, min(8, plan.words // 350))
    blocks = [(topic, _Block([], [], [])) for topic in chance.sample(topics, count)]
    for number, (work, rows) in enumerate(plan.surveys):
        _, block = blocks[number % count]
        said = [_statement(work, row, writer) for row in rows]
        block.lines += said
        block.told += said
        for drawn in (drawn for drawn in figures if drawn.work is work):
            block.lines.append(f"@{drawn.label} sets these answers side by side.")
            block.after.append(f'```{{python}}\nfigure("{drawn.name}")\n```\n')
    for number, work in enumerate(plan.works):
        blocks[number % count][1].lines.append(_citing(work, plan.works, writer))
    for label in elsewhere:
        said = f"As @{label} explains, {writer.clause()}."
        chance.choice(blocks)[1].lines.append(said)
    _box(plan, blocks[0][1], writer)
    _table(plan, blocks[-1][1])
    _footnote(plan, blocks[1][1], writer)
    return blocks


def _statement(work: Work, row: Row, writer: Writer) -> str:
    """One sentence that prints a row and cites its page."""
    cited = f"[@{work.key}, {row.cells['locator']}]"
    printed = f'`{{python}} stat("{row.id}")`'
    if row.kind == "count":
        return f"The survey reached {printed} {row.people} {cited}."
    if row.kind == "length":
        return f"For {printed}, {writer.clause()} {cited}."
    if row.kind == "vague":
        claimed = f'`{{python}} claim("The majority", "{row.id}")`'
        return f"{claimed} of the {row.people} said that {writer.clause()} {cited}."
    forms: tuple[Callable[[], str], ...] = (
        lambda: f"Of the {row.people}, {printed} agreed that {writer.clause()} {cited}.",
        lambda: (
            f"In that survey {printed} of the {row.people} said that {writer.clause()} {cited}."
        ),
        lambda: f"There {printed} felt that {writer.clause()} {cited}.",
    )
    return writer.chance.choice(forms)()


def _citing(work: Work, others: Sequence[Work], writer: Writer) -> str:
    chance = writer.chance
    page = chance.randint(work.pages[0], work.pages[1] - 2)
    draw = chance.random()
    if draw < 0.3:
        return f"@{work.key} [p. {page}] found that {writer.clause()}."
    if draw < 0.6:
        return f"{capital(writer.clause())} [@{work.key}, pp. {page}–{page + 2}]."
    other = chance.choice(others)
    if draw < 0.8 and other is not work:
        return f"{capital(writer.clause())} [@{work.key}; @{other.key}]."
    return f"{capital(writer.clause())} [@{work.key}, p. {page}]."


def _box(plan: Plan, block: _Block, writer: Writer) -> None:
    block.lines.append(f"@box-{plan.stem} brings the main points together.")
    said = [
        f"::: {{#box-{plan.stem}}}\n",
        f"**{capital(writer.phrase())}**\n",
        *(writer.sentence() for _ in range(3)),
        f"\n- {writer.sentence()}\n- {writer.sentence()}\n",
        f"Main points on {plan.first} and {plan.second}\n\n:::\n",
    ]
    block.after.append("\n".join(said))


def _table(plan: Plan, block: _Block) -> None:
    label = f"tbl-{plan.stem}"
    block.lines.append(f"@{label} lists examples of practice.")
    block.after.append(
        "```{python}\n"
        "table(\n"
        '    "examples",\n'
        '    columns={"place": "Place", "practice": "Practice", "source": "Source"},\n'
        f'    where={{"theme": "{plan.stem}"}},\n'
        '    widths={"place": 2, "practice": 6, "source": 3},\n'
        f'    caption="Examples of practice in {plan.first} and {plan.second}",\n'
        f'    label="{label}",\n'
        ")\n"
        "```\n"
    )


def _footnote(plan: Plan, block: _Block, writer: Writer) -> None:
    block.lines.append(f"{capital(writer.clause())}.[^{plan.stem}]")
    block.after.append(f"[^{plan.stem}]: {writer.sentence()}\n    {writer.sentence()}\n")


def _paragraphs(lines: Sequence[str], chance: Random) -> Iterator[str]:
    """Sentences, one on each line, in paragraphs of four to six."""
    start = 0
    while start < len(lines):
        end = start + chance.randint(4, 6)
        yield "\n".join(lines[start:end]) + "\n"
        start = end


# --- figures ---------------------------------------------------------------------------------

_MODULE = '''"""What {people} said of {topic} ({name})."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import figure_rows
from imprint.charts import bar_chart

ANSWERS = {{
{labels}
}}


def rows() -> list[dict[str, Any]]:
    """One row for each answer."""
    return figure_rows(ANSWERS)


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One bar for each answer."""
    return bar_chart(rows)


def caption(rows: list[dict[str, Any]]) -> str:
    """Who was asked, and the source."""
    return f"What {people} said of {topic}. Source: @{{rows[0]['source']}}."


def alt(rows: list[dict[str, Any]]) -> str:
    """The answers and their numbers."""
    listed = "; ".join(f"{{row['label'].lower()}}, {{row['wording']}}" for row in rows)
    return f"Bar chart of what {people} said of {topic}: {{listed}}."
'''


def figure_module(drawn: Drawn, chance: Random) -> str:
    """The module that draws a figure, written as the report's own are."""
    writer = Writer(chance)
    labels = "\n".join(f'    "{row.id}": "{capital(writer.phrase())}",' for row in drawn.rows)
    return _MODULE.format(
        people=drawn.rows[0].people, topic=drawn.topic, name=drawn.work.name, labels=labels
    )
