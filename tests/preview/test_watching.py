"""The watch over sources: what it tells, once, and what it leaves out."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from imprint.preview import watching

PATIENCE = 60
"""Seconds after which what was not told is not told at all."""
Story = Callable[[Callable[[], Awaitable[frozenset[str]]]], Awaitable[None]]


def tell(root: Path, story: Story, begun: watching.States | None = None) -> None:
    """Watch while a story happens; it awaits `heard()` for what is reported next."""

    async def watched() -> None:
        queue: asyncio.Queue[frozenset[str]] = asyncio.Queue()
        begun_at = watching.states(root) if begun is None else begun
        watch = asyncio.create_task(watching.watch(root, begun_at, queue.put_nowait))
        await asyncio.sleep(0.15)
        try:
            await story(lambda: asyncio.wait_for(queue.get(), PATIENCE))
            await asyncio.sleep(0.15)
            assert queue.empty(), queue.get_nowait()
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)

    asyncio.run(watched())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a chapter."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters/a.qmd").write_text("one", encoding="utf-8")
    return tmp_path


def test_burst_of_saves_is_reported_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor that writes aside and renames, and a checkout of many files, are one edit each."""
    # A burst ends later than a busy machine may pause within one.
    monkeypatch.setattr(watching, "QUIET", 500)
    monkeypatch.setattr(watching, "LONGEST", 20_000)

    async def story(heard: Callable[[], Awaitable[frozenset[str]]]) -> None:
        part = root / "chapters/.a.qmd.swp"
        part.write_text("two", encoding="utf-8")
        part.replace(root / "chapters/a.qmd")
        assert await heard() == {"chapters/a.qmd"}
        for number in range(40):
            (root / f"chapters/{number}.qmd").write_text("text", encoding="utf-8")
        assert len(await heard()) == 40

    tell(root, story)


def test_what_is_made_is_not_told(root: Path) -> None:
    """Output, scratch, drawings, caches and editors' own files start no build."""
    for folder in ("_output/review", ".imprint/cache", "figures/drawn", "chapters/__pycache__"):
        (root / folder).mkdir(parents=True)

    async def story(heard: Callable[[], Awaitable[frozenset[str]]]) -> None:
        for name in ("_output/review/a.html", ".imprint/cache/x", "figures/drawn/a.svg",
                     "chapters/__pycache__/a.pyc", "chapters/a.qmd~", "chapters/.#a.qmd",
                     "chapters/4913"):  # fmt: skip
            (root / name).write_text("made", encoding="utf-8")
        (root / "references.bib").write_text("@book{a}", encoding="utf-8")
        assert await heard() == {"references.bib"}

    tell(root, story)


def test_save_without_change_is_not_told_twice(root: Path) -> None:
    """A file that a build itself writes each time, to the same bytes, does not start another."""

    async def story(heard: Callable[[], Awaitable[frozenset[str]]]) -> None:
        (root / "chapters/a.qmd").write_text("two", encoding="utf-8")
        assert await heard() == {"chapters/a.qmd"}
        (root / "chapters/a.qmd").write_text("two", encoding="utf-8")

    tell(root, story)


def test_files_that_vanish_are_reported(root: Path) -> None:
    """Deleting a chapter is an edit, and one that comes and goes at once harms nothing."""

    async def story(heard: Callable[[], Awaitable[frozenset[str]]]) -> None:
        (root / "chapters/b.qmd").write_text("short", encoding="utf-8")
        (root / "chapters/b.qmd").unlink()
        (root / "chapters/a.qmd").unlink()
        assert "chapters/a.qmd" in await heard()

    tell(root, story)


def test_new_folder_is_watched(root: Path) -> None:
    """A folder that is made, or made anew as a checkout does, is watched like the others."""

    async def story(heard: Callable[[], Awaitable[frozenset[str]]]) -> None:
        (root / "data").mkdir()
        (root / "data/a.csv").write_text("1", encoding="utf-8")
        seen: set[str] = set()
        while "data/a.csv" not in seen:
            seen |= await heard()
        await asyncio.sleep(0.2)
        (root / "data/a.csv").write_text("2", encoding="utf-8")
        while "data/a.csv" not in await heard():
            pass

    tell(root, story)


def test_edit_before_the_watch_is_not_missed(root: Path) -> None:
    """What was saved after the first build had begun, but before the watch stood, is reported."""
    begun = watching.states(root)
    (root / "chapters/a.qmd").write_text("changed", encoding="utf-8")

    async def story(heard: Callable[[], Awaitable[frozenset[str]]]) -> None:
        assert await heard() == {"chapters/a.qmd"}

    tell(root, story, begun)


def test_files_elsewhere_are_reported(root: Path) -> None:
    """A bibliography outside the project, in a hidden folder or behind a link is looked at, however
    it is saved; each edit is reported once, and none that was there when it was read."""
    project, outside = root / "report", root / "refs.bib"
    for file in (project / "chapters/a.qmd", project / ".shared/refs.bib", outside):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("one", encoding="utf-8")
    (project / "linked.bib").symlink_to(outside)
    names = ["../refs.bib", ".shared/refs.bib", "linked.bib"]
    assert [watching.is_watched(project, name) for name in names] == [False] * 3
    assert watching.is_watched(project, "chapters/a.qmd")
    read = watching.states_of(project, names)

    async def story() -> None:
        told: asyncio.Queue[frozenset[str]] = asyncio.Queue()
        watch = asyncio.create_task(
            watching.watch_elsewhere(project, lambda: read, told.put_nowait)
        )
        await asyncio.sleep(0.4)
        assert told.empty()
        (root / "aside").write_text("another", encoding="utf-8")
        (root / "aside").replace(outside)
        assert await asyncio.wait_for(told.get(), PATIENCE) == {"../refs.bib", "linked.bib"}
        read.update(watching.states_of(project, names))
        (project / ".shared/refs.bib").unlink()
        assert await asyncio.wait_for(told.get(), PATIENCE) == {".shared/refs.bib"}
        await asyncio.sleep(0.4)
        assert told.empty()
        watch.cancel()

    asyncio.run(story())


def test_environments_are_not_watched(root: Path) -> None:
    """A Python environment of ten thousand files beside the report costs nothing."""
    (root / "env").mkdir()
    (root / "env/pyvenv.cfg").touch()
    (root / "env/module.py").touch()
    assert {path.name for path in watching.watched_folders(root)} == {"chapters"}
    assert set(watching.states(root)) == {f"chapters{os.sep}a.qmd".replace(os.sep, "/")}
