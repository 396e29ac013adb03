"""JSON and YAML of any shape give problems with a place: no crash, no hang."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import pytest
import yaml

from imprint.core.problems import Problem, ReportError
from imprint.read.chapters.notebooks import survey_chapter
from imprint.read.data.constraints import check_data
from imprint.read.project.publications import survey_project
from reports import REPORTS, copy_report
from structures import damaged, written
from test_fuzz import NOTEBOOK, as_chapter, as_it_was, everything_found, misplaced, time_limit

TRANSPORT = REPORTS / "transport"
CHAPTER = "chapters/findings.qmd"
FRONT_MATTER = {
    "title": "Findings",
    "author": [{"name": "A. Writer"}],
    "execute": {"echo": False, "fig-width": 6},
    "crossref": {"fig-title": "Figure", "custom": [{"kind": "float", "key": "box"}]},
    "format": {"imprint-html": {"toc-depth": 2}, "imprint-typst": {"pdf-standard": ["ua-1"]}},
    "lang": "en-GB",
    "date": "2010-11-12",
}
OPTIONS = {
    "label": "fig-a",
    "fig-cap": "A *caption*",
    "fig-alt": "What it shows",
    "fig-width": 6,
    "echo": False,
    "classes": ["a"],
    "layout": [[1, 2]],
    "output": "asis",
}


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _plain(value: Any, _: str) -> str:
    return written(value)


def _front_matter(value: Any, chapter: str) -> str:
    return f"---\n{written(value)}\n---\n\n# A title\n\n{chapter}"


def _lines(value: dict[str, Any]) -> list[str]:
    return [f"{json.dumps(key)}: {json.dumps(inner)}" for key, inner in value.items()]


def _options(value: Any, chapter: str) -> str:
    options = [f"#| {line}" for line in _lines(value)]
    return "\n".join([chapter, "", "```{python}", *options, "1", "```", ""])


def _settings(value: Any, project: str) -> str:
    return "\n".join([project, *_lines(value), ""])


Write = Callable[[Any, str], str]
KINDS: dict[str, tuple[str, Any, Write]] = {
    "datapackage": ("data/datapackage.json", _json(TRANSPORT / "data/datapackage.json"), _plain),
    "project": ("_quarto.yml", _yaml(TRANSPORT / "_quarto.yml"), _plain),
    "settings": (
        "_quarto.yml",
        {"imprint": _yaml(TRANSPORT / "_quarto.yml")["imprint"]},
        _settings,
    ),
    "front matter": (CHAPTER, FRONT_MATTER, _front_matter),
    "cell options": (CHAPTER, OPTIONS, _options),
    "notebook": ("chapters/findings.ipynb", NOTEBOOK, _plain),
    "extension": (
        "_extensions/imprint/_extension.yml",
        _yaml(REPORTS.parent.parent / "_extensions/imprint/_extension.yml"),
        _plain,
    ),
}
"""For each kind the file that is damaged, a sound value, and how it is written into the file."""


def feed(root: Path, kind: str, seeds: range) -> None:
    """Damage a value in so many ways; each is told in problems whose places exist."""
    file, sound, write = KINDS[kind]
    path = root / file
    with as_it_was(path) as before, as_chapter(root, "ipynb" if kind == "notebook" else ""):
        for seed in seeds:
            value = damaged(Random(seed), sound)
            path.write_text(write(value, before.decode()), encoding="utf-8")
            with time_limit():
                found = everything_found(root)
            wrong = [(seed, told, why) for told in found if (why := misplaced(root, told))]
            assert wrong == []


@pytest.fixture(scope="module")
def small_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy of the minimal report, whose files are damaged one at a time."""
    return copy_report("minimal", tmp_path_factory.mktemp("structures") / "minimal").folder


FOUND = {"extension": 4, "project": 107}
"""Seeds of damage that once ended in a crash, where one is known."""


@pytest.mark.parametrize("kind", KINDS)
def test_values_of_another_shape_give_problems(small_report: Path, kind: str) -> None:
    """One value of each kind in the usual run, the same every time."""
    seed = FOUND.get(kind, 0)
    feed(small_report, kind, range(seed, seed + 1))


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("kind", KINDS)
def test_hundreds_of_values_of_another_shape_give_problems(small_report: Path, kind: str) -> None:
    """So do five hundred of each kind, other ones in every run."""
    start = SystemRandom().randrange(2**32)
    feed(small_report, kind, range(start, start + 500))


# --- by the readers alone, which is where shapes are looked at ----------------------------------


def read_alone(root: Path, kind: str) -> list[Problem]:
    """What reading tells of the damaged file, without composing and checking."""
    try:
        if kind == "datapackage":
            return check_data(root, None)
        if kind in ("project", "settings", "extension"):
            return survey_project(root)[1]
        return survey_chapter(root, KINDS[kind][0], {})[1]
    except ReportError as error:
        return list(error.problems)


@pytest.mark.parametrize("kind", KINDS)
def test_readers_take_any_shape(tmp_path: Path, kind: str) -> None:
    """Eight values of each kind: each is read, or told at a place that exists."""
    root = copy_report("minimal", tmp_path / "minimal").folder
    file, sound, write = KINDS[kind]
    path = root / file
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    for seed in range(8):
        path.write_text(write(damaged(Random(seed), sound), before), encoding="utf-8")
        found = read_alone(root, kind)
        assert [(seed, told, why) for told in found if (why := misplaced(root, told))] == []
