"""The document: a report's text as its readers see it, with the author's place of every word."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from imprint.build.plan import Request, plan_build
from imprint.compose.reading import document_of, read_text
from imprint.compose.stages import Stages
from imprint.core.document import Document, Passage
from imprint.core.events import ignore_events
from imprint.core.problems import Place
from imprint.read.report import read_report
from reports import ROOT, ReportFolder, copy_report

WORDS = ("the", "pay", "of", "staff", "rose", "in", "time", "and", "a", "team")
"""So few that nearly every pair of them stands a hundred times in a text."""


@dataclass
class Source:
    """A chapter in the making, and where each word stands that a reader is to see."""

    file: str
    chosen: random.Random
    text: str = ""
    seen: list[tuple[str, list[tuple[str, Place]]]] = field(default_factory=list)
    """By passage, in the order of the page: its kind, its words and their places."""
    notes: list[list[tuple[str, Place]]] = field(default_factory=list)

    def here(self) -> Place:
        line = self.text.count("\n") + 1
        return Place(self.file, line, len(self.text) - (self.text.rfind("\n") + 1) + 1)

    def add(self, markup: str) -> None:
        """What no reader sees."""
        self.text += markup

    def word(self, words: list[tuple[str, Place]], word: str = "") -> None:
        word = word or self.chosen.choice(WORDS)
        words.append((word, self.here()))
        self.text += word

    def passage(self, kind: str, count: int, breaks: bool = True) -> None:
        """Words among emphasis, links, attributes and comments that say the same words."""
        words: list[tuple[str, Place]] = []
        for number in range(count):
            form = self.chosen.randrange(12)
            if form == 0:
                self.add("*")
                self.word(words)
                self.add("*")
            elif form == 1:
                self.add("[")
                self.word(words)
                self.add(f"](https://example.org/{self.chosen.choice(WORDS)}/of-the-team)")
            elif form == 2:
                self.add("[")
                self.word(words)
                self.add(f"]{{.{self.chosen.choice(WORDS)} title='the time of staff'}}")
            elif form == 3 and breaks:
                self.add("<!-- the pay of staff rose in time -->")
                self.word(words)
            else:
                self.word(words)
            if number < count - 1:
                self.add("\n" if breaks and self.chosen.randrange(9) == 0 else " ")
        self.seen.append((kind, words))
        self.add("." if kind == "text" else "")

    def note(self, label: str) -> None:
        """A note that the passage before calls; its words stand elsewhere."""
        self.add(f"[^{label}]")


def chapter(chosen: random.Random) -> Source:
    """Headings, paragraphs, items, a table and notes out of few words."""
    source = Source("chapters/text.qmd", chosen)
    labels: list[str] = []
    for section in range(5):
        source.add("# " if section == 0 else "## ")
        source.passage("heading", 3, breaks=False)
        source.add(f" {{#sec-the-pay-{section} .staff}}\n\n")
        for _ in range(3):
            source.passage("text", 14)
            labels.append(f"pay-{len(labels)}")
            source.note(labels[-1])
            at = len(source.seen)
            source.seen.append(("note", []))
            source.notes.append(source.seen[at][1])
            source.add("\n\n")
        for _ in range(3):
            source.add("- ")
            source.passage("item", 4, breaks=False)
            source.add("\n")
        source.add("\n")
        for row in range(4):
            if row == 1:
                source.add("|---|---|---|\n")
            for _ in range(3):
                source.add("| ")
                source.passage("cell", 2, breaks=False)
                source.add(" ")
            source.add("|\n")
        source.add("\n")
    # The notes stand in another order than their calls.
    for label, words in chosen.sample(list(zip(labels, source.notes, strict=True)), len(labels)):
        source.add(f"[^{label}]: ")
        for number in range(7):
            source.word(words)
            source.add(" " if number < 6 else "\n\n")
    return source


def read_words(passage: Passage) -> Iterator[tuple[str, Place]]:
    for word in re.finditer(r"\w+", passage.text):
        yield word[0], passage.place(word.start())


def read_document(folder: Path) -> Document:
    """Run and read the report's one publication."""
    report, problems = read_report(folder)
    assert not problems
    plan = plan_build(report, Request())
    (publication,) = report.publications
    executed = list(plan.execute(ignore_events).values())
    with Stages(folder, 1, keeps=False) as stages:
        read = read_text(report.project, publication, executed, plan.options, stages)
        return document_of(folder, publication, executed, read, stages)


def report_of(folder: Path, chapters: Sequence[tuple[str, str]]) -> Path:
    names = [name for name, _ in chapters if not Path(name).name.startswith("_")]
    listed = "".join(f"    - {name}\n" for name in ("index.qmd", *names))
    (folder / "chapters").mkdir(parents=True)
    (folder / "_quarto.yml").write_text(
        f"project: {{type: book}}\nbook:\n  title: Pay\n  chapters:\n{listed}", "utf-8"
    )
    (folder / "index.qmd").write_text("# Start\n", "utf-8")
    for name, text in chapters:
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("seed", range(2))
def test_every_word_stands_where_its_author_wrote_it(tmp_path: Path, seed: int) -> None:
    """Line and column of some 500 words, all of them repeated, among notes, tables and markup."""
    source = chapter(random.Random(seed))
    document = read_document(report_of(tmp_path / "report", [(source.file, source.text)]))
    passages = document.chapters[1].passages
    expected = [words for _, words in source.seen]
    assert [it.kind for it in passages] == [kind for kind, _ in source.seen]
    assert [[word for word, _ in read_words(it)] for it in passages] == [
        [word for word, _ in words] for words in expected
    ]
    found = [place for it in passages for _, place in read_words(it)]
    assert len(found) > 450
    assert found == [place for words in expected for _, place in words]


FIGURE = '''"""How pay rose."""

from typing import Any


def rows() -> list[dict[str, Any]]:
    return [{"label": "Leeds", "value": 4}]


def draw(rows: list[dict[str, Any]]) -> Any:
    from matplotlib.figure import Figure

    return Figure()


def caption(rows: list[dict[str, Any]]) -> str:
    return f"Pay in {rows[0]['label']}, by town"


def alt(rows: list[dict[str, Any]]) -> str:
    return "Bars of pay: " + str(rows[0]["value"])
'''
TEXT = """\
# Pay

Pay rose by `{python} "2 " + "%"` and again.

{{< include _more.qmd >}}

```{python}
#| echo: false
#| label: fig-pay
from imprint import figure
figure("pay")
```

```{python}
#| echo: false
from imprint import table
table("towns", caption="Towns that were asked", label="tbl-towns")
```

See @fig-pay, @tbl-towns and [the note](#pay).[^why] ![A map of towns](/map.svg)

[^why]: Because it was **asked**.
"""


def passages(document: Document, kind: str) -> list[Passage]:
    return [it for chapter in document.chapters for it in chapter.passages if it.kind == kind]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Document]:
    """A report whose text comes from includes, code, a figure's module and a table of data."""
    more = '\nMore was paid, "we heard".\n'
    folder = report_of(
        tmp_path_factory.mktemp("told") / "report",
        [("chapters/text.qmd", TEXT), ("chapters/_more.qmd", more)],
    )
    for name in ("figures", "data"):
        (folder / name).mkdir()
    (folder / "figures/pay.py").write_text(FIGURE, "utf-8")
    (folder / "map.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    (folder / "data/towns.csv").write_text("id,town\na,Leeds\nb,York\n", "utf-8")
    package = {"name": "pay", "resources": [{"name": "towns", "path": "towns.csv", "schema": {
        "fields": [{"name": "id", "type": "string"}, {"name": "town", "type": "string"}],
        "primaryKey": "id"}}]}  # fmt: skip
    (folder / "data/datapackage.json").write_text(json.dumps(package), "utf-8")
    return folder, read_document(folder)


def found(document: Document, words: str) -> str:
    """Where words stand, and whether their author wrote them."""
    for chapter in document.chapters:
        for passage in chapter.passages:
            at = passage.text.find(words)
            if at >= 0:
                kind = "written" if passage.piece(at).is_written else "made"
                return f"{passage.place(at)} {kind}"
    return "nowhere"


@pytest.mark.parametrize(
    ("words", "file", "written"),
    [
        ("Pay rose by", "chapters/text.qmd", "Pay rose by"),
        ("and again", "chapters/text.qmd", "and again"),
        ("was paid", "chapters/_more.qmd", "was paid"),
        ("we heard", "chapters/_more.qmd", "we heard"),
        ("Pay in", "figures/pay.py", "Pay in"),
        ("by town", "figures/pay.py", "by town"),
        ("Bars of pay", "figures/pay.py", "Bars of pay"),
        ("Towns that were", "chapters/text.qmd", "Towns that were"),
        ("York", "data/towns.csv", "York"),
        ("the note", "chapters/text.qmd", "the note"),
        ("Because it", "chapters/text.qmd", "Because it"),
        ("asked.", "chapters/text.qmd", "asked**."),
        ("A map of", "chapters/text.qmd", "A map of"),
    ],
)
def test_words_stand_where_they_come_from(
    told: tuple[Path, Document], words: str, file: str, written: str
) -> None:
    folder, document = told
    lines = (folder / file).read_text("utf-8").splitlines()
    ((line, column),) = [
        (n, it.index(written) + 1) for n, it in enumerate(lines, 1) if written in it
    ]
    assert found(document, words) == f"{file}:{line}:{column} written"


def test_what_code_made_stands_at_the_code(told: tuple[Path, Document]) -> None:
    assert found(told[1], "2 %") == "chapters/text.qmd:3:13 made"
    assert found(told[1], "4").startswith("figures/pay.py:")


def test_runs_say_what_words_are(told: tuple[Path, Document]) -> None:
    (text,) = (it for it in passages(told[1], "text") if "See" in it.text)
    kinds = [(run.kind, text.text[run.start : run.end]) for run in text.runs]
    assert [kind for kind, _ in kinds] == ["reference", "reference", "link", "note", "image"]
    assert kinds[2] == ("link", "the note")
    (note,) = passages(told[1], "note")
    assert [(run.kind, note.text[run.start : run.end]) for run in note.runs] == [
        ("strong", "asked")
    ]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    made = copy_report("minimal", tmp_path_factory.mktemp("document") / "report")
    made.render("--draft")
    return made


def test_document_is_written_beside_each_publication(rendered: ReportFolder) -> None:
    """It is what docs/document.schema.json describes, with citations as they are printed."""
    schema = json.loads((ROOT / "docs" / "document.schema.json").read_text("utf-8"))
    for name in ("review", "summary"):
        text = (rendered.folder / "_output" / name / "document.json").read_text("utf-8")
        jsonschema.validate(json.loads(text), schema)
        if name == "review":
            assert "citation" in text and "@" not in _texts(json.loads(text))


def _texts(document: dict[str, Any]) -> str:
    return " ".join(it["text"] for chapter in document["chapters"] for it in chapter["passages"])
