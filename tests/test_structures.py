"""JSON and YAML of any shape give problems with a place: no crash, no hang."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import pytest
import yaml

from imprint.author.figure_record import read_record
from imprint.build.manifest import read_last
from imprint.core.problems import Problem, ReportError
from imprint.difference.output_forms import (
    VERSION,
    document_of,
    form_json,
    form_of_output,
    read_form,
)
from imprint.editions.record import RECORD, Made, still_there
from imprint.read.chapters.notebooks import survey_chapter
from imprint.read.data.constraints import check_data
from imprint.read.project.publications import survey_project
from imprint.read.schema import read_back
from imprint.terminal.estimates import FILE, past_durations
from imprint.write.provenance import _with_earlier
from imprint.write.site.landing import _earlier_minutes
from reports import REPORTS, copy_report, rendered_once
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


# --- what Imprint has written and reads back ------------------------------------------------------

DRAWN_FIGURE = "figures/drawn/answers.json"
EDITION = asdict(Made("a", 1.5, {"a.pdf": "0" * 64}, 3, ("one",))) | {"key": "b"}
READ_BACK: dict[str, tuple[str, Callable[[Path], object]]] = {
    "manifest": ("_output/manifest.json", lambda root: read_last(root, "manifest.json")),
    "provenance": ("_output/provenance.json", lambda root: _kept_from_last(root)),
    "document": ("_output/summary/document.json", lambda root: _earlier_minutes(_summary(root))),
    "figure": (DRAWN_FIGURE, lambda root: read_record(root, "answers")),
    "durations": (FILE, lambda root: past_durations(root, "embedded html pdf")),
    "edition": (RECORD, lambda root: still_there(root, {"a": "b"})),
    "pages": ("form.json", lambda root: _documents_of(root / "form.json")),
}
"""For each kind its file, and what is made of it where it is sound."""


def _summary(root: Path) -> Path:
    return root / "_output" / "summary"


def _kept_from_last(root: Path) -> object:
    names = ("publications", "rows", "derivations", "tables", "sources", "figures")
    record: dict[str, Any] = {name: {} for name in names}
    last = read_last(root, "provenance.json")
    return _with_earlier(record, last)["publications"]


def _documents_of(file: Path) -> object:
    try:
        form = read_form(file)
    except ReportError:
        return None
    return [document_of(name, it["pages"], {}) for name, it in form["publications"].items()]


def _sound(root: Path, kind: str) -> Any:
    if kind == "edition":
        return EDITION
    if kind == "pages":
        return json.loads(form_json(form_of_output(root / "_output")))
    return _json(root / READ_BACK[kind][0])


def read_damaged(folder: Path, kind: str, seeds: range) -> None:
    """Read a value damaged in so many ways: it is as good as none, or of the shape that was
    written, so that what is made of it can be made."""
    file, read = READ_BACK[kind]
    rendered = rendered_once("minimal").folder
    sound, path = _sound(rendered, kind), folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(sound), encoding="utf-8")
    if kind == "figure":
        (folder / "figures/answers.py").write_bytes((rendered / "figures/answers.py").read_bytes())
    elif kind == "edition":
        assert still_there(folder, {"a": "b"}) == {}
    assert kind == "edition" or read(folder)
    for seed in seeds:
        path.write_text(json.dumps(damaged(Random(seed), sound)), encoding="utf-8")
        read(folder)


@pytest.mark.parametrize("run", [["words", 0, 1, [], 5], ["words", 0, 1, 5], ["words", 10**400, 1]])
def test_a_run_of_another_shape_is_refused(tmp_path: Path, run: list[Any]) -> None:
    """With a part too many, parts of another type, or a number beyond all counting."""
    passage = {"kind": "paragraph", "text": "a", "runs": [run]}
    form = {"version": VERSION, "publications": {"a": {"pages": {"a.html": [passage]}}}}
    (tmp_path / "form.json").write_text(json.dumps(form), encoding="utf-8")
    with pytest.raises(ReportError):
        read_form(tmp_path / "form.json")


def test_a_number_beyond_all_counting_is_refused() -> None:
    """Whatever bounds its schema has for it."""
    for beyond in (str(10**400), "1e999", "NaN"):
        with pytest.raises(ValueError, match="it wants"):
            read_back(beyond, {"type": "number"})


@pytest.mark.parametrize("kind", READ_BACK)
def test_a_damaged_file_of_our_own_is_as_good_as_none(tmp_path: Path, kind: str) -> None:
    """Twenty values of each kind, the same every time."""
    read_damaged(tmp_path, kind, range(20))


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("kind", READ_BACK)
def test_hundreds_of_damaged_files_of_our_own_are_as_good_as_none(
    tmp_path: Path, kind: str
) -> None:
    """Five hundred of each kind, other ones in every run."""
    start = SystemRandom().randrange(2**32)
    read_damaged(tmp_path, kind, range(start, start + 500))
