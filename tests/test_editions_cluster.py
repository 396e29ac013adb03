"""`imprint editions --scheduler`: a real scheduler and two workers on this machine."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from imprint.core.problems import ReportError
from imprint.editions.cluster import packed_report
from imprint.editions.record import Made, note, put_in_place, still_there
from imprint.editions.worker import differences
from test_editions import PAGE, editions, table


@contextmanager
def started(*words: str, folder: Path) -> Iterator[psutil.Popen]:
    """One of Dask's programs, for as long as the block runs."""
    with (folder / "dask.log").open("ab") as log:
        process = psutil.Popen([sys.executable, "-m", *words], cwd=folder, stdout=log, stderr=log)
    try:
        yield process
    finally:
        below = []
        with contextlib.suppress(psutil.NoSuchProcess):
            below = process.children(recursive=True)
        for it in (process, *below):
            with contextlib.suppress(psutil.NoSuchProcess):
                it.kill()
        process.wait()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page and a table of places."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "_quarto.yml").write_text("project: {type: default, render: [page.qmd]}\n")
    (folder / "page.qmd").write_text(PAGE)
    table(folder, "place\nHull\nÅre\nNowhere\n")
    return folder


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file of a scheduler with two workers."""
    folder = tmp_path_factory.mktemp("cluster")
    file = folder / "scheduler.json"
    where = ("--host", "127.0.0.1", "--no-dashboard")
    worker = (
        "distributed.cli.dask_worker",
        "--scheduler-file",
        str(file),
        *where,
        "--nthreads",
        "1",
    )
    with ExitStack() as held:
        begun = ("distributed.cli.dask_scheduler", "--scheduler-file", str(file), *where)
        held.enter_context(started(*begun, "--port", "0", folder=folder))
        for name in ("one", "two"):
            own = ("--local-directory", str(folder / name), "--name", name)
            held.enter_context(started(*worker, *own, folder=folder))
        while not file.is_file():
            time.sleep(0.05)
        yield file


def test_a_cluster_makes_the_same_bytes(report: Path, scheduler: Path, tmp_path: Path) -> None:
    """By workers started as docs/editions.md says; an edition that fails stops no other."""
    here, there = tmp_path / "here", tmp_path / "there"
    local = editions(report, "--jobs", "1", "--output", str(here))
    asked = ("--scheduler", str(scheduler), "--output")
    other = editions(report, "--to", "html", "--only", "Hull", *asked, str(tmp_path / "other"))
    assert other.code == 0, other.problems
    far = editions(report, *asked, str(there))
    for outcome in (local, far):
        assert outcome.code == 1, outcome.problems
        assert "Nowhere: page.qmd:13" in outcome.said
        assert "2 editions made, 1 failed" in outcome.said
    names = sorted(path.name for path in here.iterdir())
    assert names == sorted(path.name for path in there.iterdir())
    made = [name for name in names if name.endswith((".pdf", ".html")) and name != "index.html"]
    assert len(made) == 4
    for name in made:
        assert (here / name).read_bytes() == (there / name).read_bytes(), name
    again = editions(report, *asked, str(there))
    assert "0 editions made, 2 as they were, 1 failed" in again.said


def test_a_scheduler_that_does_not_answer_is_told(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any work."""
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "5s")
    outcome = editions(report, "--scheduler", "tcp://127.0.0.1:9", "--output", "none")
    assert outcome.code != 0
    assert "the scheduler 'tcp://127.0.0.1:9' cannot be used" in outcome.problems
    assert "fix: start it and a worker" in outcome.problems
    assert "Traceback" not in outcome.problems


def test_workers_of_another_version_are_told() -> None:
    """The first three differences, and how many more there are."""
    ours = {"Python": "3.12.1", "imprint-reports": "0.2.0", "typst": "0.15", "pandas": "3.0"}
    assert differences(ours, {**ours, "dask": "1"}) == ""
    assert differences(ours, {**ours, "typst": "0.14"}) == "typst 0.14, not 0.15"
    assert differences(ours, {}) == "no Python, no imprint-reports, no typst, and 1 more"


def test_a_report_is_sent_without_what_was_made(tmp_path: Path) -> None:
    """Its digest is that of its files, wherever it lies."""
    digests = []
    for name in ("a", "b"):
        folder = tmp_path / name
        for file in ("page.qmd", "_output/page.html", "_editions/Hull.html", "_editions2.csv"):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text("Hello")
        digest, packed = packed_report(folder, [folder / "_editions"])
        digests.append(digest)
        assert len(packed) < 1000
    assert digests[0] == digests[1]
    (tmp_path / "b/_editions2.csv").write_text("Bye")
    assert packed_report(tmp_path / "b", [tmp_path / "b/_editions"])[0] != digests[0]


def test_a_report_too_large_to_send_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its size."""
    monkeypatch.setattr("imprint.editions.cluster._LARGEST", 4)
    (tmp_path / "page.qmd").write_text("Hello")
    with pytest.raises(ReportError, match="too much to send"):
        packed_report(tmp_path, [])


def test_a_run_that_is_cut_off_loses_no_finished_edition(tmp_path: Path) -> None:
    """Each is noted as it comes; half a line, and files that came back damaged, do not count."""
    digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    for name in ("Hull", "Bath"):
        made = Made(name, 1.0, {f"{name}.html": digest}, 5)
        note(tmp_path, put_in_place(tmp_path, made, {f"{name}.html": b"hello"}), name)
    with (tmp_path / "editions.jsonl").open("a") as record:
        record.write('{"name": "York", "fil')
    sent = Made("Leeds", 1.0, {"Leeds.html": digest}, 5)
    damaged = put_in_place(tmp_path, sent, {"Leeds.html": b"hell"})
    assert damaged.failed and damaged.problems == ("its files came back damaged",)
    assert not (tmp_path / "Leeds.html").exists()
    keys = {"Hull": "Hull", "Bath": "another", "York": "York"}
    assert list(still_there(tmp_path, keys)) == ["Hull"]
