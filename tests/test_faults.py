"""Whatever happens to a render, the output is an old or a new good one, and the next is right."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faults import (
    STOPPED,
    WAIT,
    Bench,
    differences,
    end,
    short_folder,
    signal_process,
    small_disk,
    wait_for,
)
from reports import ReportFolder, copy_report, made_once, tree
from thorough import THOROUGH, cases

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="processes are found in /proc"
)
KILLS = 200
STOPS = 100 if THOROUGH else 1
SUSPENSIONS = 20

EDIT = ("chapters/_finding.qmd", "In one survey", "In a survey")


STATES = ("first", "edited", "cold")
"""The report as it may stand before a render: never rendered, edited since, its cache gone."""


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Bench | Path]]:
    """The report in each of STATES, and what good renders of it make."""
    made = made_once("faults", make_states)
    own = tmp_path_factory.mktemp("faults") / "report"
    shutil.copytree(made / "first", own)
    with short_folder() as temporary:
        bench = Bench(ReportFolder(own), temporary)
        bench.good = {name: tree(made / "good" / name) for name in ("old", "new")}
        bench.seconds = float((made / "seconds").read_text(encoding="utf-8"))
        yield {"bench": bench, **{name: made / name for name in STATES}}


def make_states(folder: Path) -> None:
    """Render the report before and after an edit, and keep it as it stands on the way."""
    with short_folder() as temporary:
        bench = Bench(copy_report("minimal", folder / "report", cold=True), temporary)
        output = bench.report.folder / "_output"
        bench.report.edit(*EDIT)
        keep(bench, folder / "first")
        begun = time.monotonic()
        bench.render(before=WITHOUT_NETWORK if has_no_network_at_will() else ())
        (folder / "seconds").write_text(str(time.monotonic() - begun), encoding="utf-8")
        shutil.copytree(output, folder / "good/new")
        bench.report.edit(EDIT[0], EDIT[2], EDIT[1])
        bench.render()
        shutil.copytree(output, folder / "good/old")
        assert tree(folder / "good/old") != tree(folder / "good/new")
        bench.report.edit(*EDIT)
        keep(bench, folder / "edited")
        shutil.rmtree(bench.report.folder / ".imprint" / "cache")
        keep(bench, folder / "cold")


WITHOUT_NETWORK = ("unshare", "--net")


def has_no_network_at_will() -> bool:
    """Whether a command can be run here without any network."""
    tried = subprocess.run([*WITHOUT_NETWORK, "true"], capture_output=True, check=False)
    return tried.returncode == 0


def keep(bench: Bench, folder: Path) -> None:
    subprocess.run(["cp", "-a", str(bench.report.folder), str(folder)], check=True)


@pytest.fixture
def bench(states: dict[str, Bench | Path]) -> Iterator[Bench]:
    """The report with an edit that is not rendered yet and warm caches."""
    found = states["bench"]
    assert isinstance(found, Bench)
    set_up(found, states, "edited")
    yield found
    assert found.alone() == []


def set_up(bench: Bench, states: dict[str, Bench | Path], name: str) -> None:
    kept = states[name]
    assert isinstance(kept, Path)
    bench.restore(kept)


def check_output(bench: Bench, state: str, when: str) -> None:
    """The output is whole: the old one, or none before the first, or the new one."""
    found = bench.output()
    old = None if state == "first" else bench.good["old"]
    if found != old and found != bench.good["new"]:
        pytest.fail(f"{when}: mixed output: {differences(found, bench.good['new'])}")


def check_next(bench: Bench, when: str) -> None:
    """The next render is right and leaves nothing but its output."""
    bench.render()
    assert differences(bench.output(), bench.good["new"]) == [], when
    assert bench.rubbish() == [], when


# --- killed ---------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.thorough
def test_killed_at_any_moment(states: dict[str, Bench | Path]) -> None:
    """Killed with SIGKILL, alone or with its group, a render leaves the old or the new output, no
    process and no lock; the next render clears what it left and is right."""
    bench = states["bench"]
    assert isinstance(bench, Bench)
    chance = random.Random(20101112)
    for number in range(KILLS):
        state = STATES[number % 3]
        group = chance.random() < 0.5
        after = chance.uniform(0, bench.seconds * 1.1)
        when = f"kill {number} of {state} after {after:.3f} s, {'group' if group else 'alone'}"
        set_up(bench, states, state)
        running = bench.start()
        time.sleep(after)
        end(running, signal.SIGKILL, group)
        running.communicate(timeout=WAIT)
        check_output(bench, state, when)
        assert bench.alone() == [], when
        check_next(bench, when)


VICTIMS = {name: name for name in ("kernel", "the process that kernels are forked from")}


@pytest.mark.parametrize("victim", cases(VICTIMS, ("kernel",)))
def test_a_killed_kernel_is_reported(bench: Bench, victim: str) -> None:
    """Killed within a cell, a kernel is one problem with file and line; the output is as it was,
    and the next render right."""
    path, pids = "chapters/outlook.qmd", bench.temporary / "pids"
    cell = f"""```{{python}}
import os, pathlib, time
pathlib.Path("{pids}").write_text(f"{{os.getpid()}} {{os.getppid()}}")
time.sleep(60)
```
"""
    bench.report.edit(path, "looks ahead.", f"looks ahead.\n\n{cell}")
    text = (bench.report.folder / path).read_text()
    line = text[: text.index("import os")].count("\n") + 1
    running = bench.start()
    assert wait_for(lambda: pids.exists() and len(pids.read_text().split()) == 2, WAIT)
    kernel, server = map(int, pids.read_text().split())
    os.kill(kernel if victim == "kernel" else server, signal.SIGKILL)
    said, problems = running.communicate(timeout=WAIT)
    pids.unlink()
    assert running.returncode == 1, said
    [first, fix, last] = problems.splitlines()
    assert first.startswith(f"{path}:{line}: "), problems
    assert "[kernel-lives]" in first
    assert "signal SIGKILL" in first
    assert fix.startswith("  fix: ")
    assert last == "1 problem"
    assert bench.output() == bench.good["old"]
    assert bench.rubbish() == []
    bench.report.edit(path, f"looks ahead.\n\n{cell}", "looks ahead.")
    check_next(bench, victim)


# --- stopped --------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_at_any_moment(states: dict[str, Bench | Path], number: signal.Signals) -> None:
    """Ctrl-C, pressed once or again and again, and SIGTERM end a render in one line from its first
    moment to its last: the output is the old or the new one, and nothing is left."""
    bench = states["bench"]
    assert isinstance(bench, Bench)
    chance = random.Random(f"20101112 {number}")
    for count in range(STOPS):
        state = ("edited", "first", "cold")[count % 3]
        first = count < 2 or chance.random() < 0.1
        after = chance.uniform(0, 0.05 if first else bench.seconds * 1.1)
        again = chance.choice((0, 0, 1, 3))
        group = number == signal.SIGINT
        when = f"{number.name} {count} of {state} after {after:.3f} s, {again} times again"
        set_up(bench, states, state)
        running = bench.start()
        time.sleep(after)
        end(running, number, group)
        for _ in range(again):
            time.sleep(chance.uniform(0, 0.1))
            end(running, number, group)
        said, problems = running.communicate(timeout=WAIT)
        if running.returncode == 0:
            assert said.splitlines()[-1].startswith("rendered in "), when
            assert problems == "", when
        else:
            assert (running.returncode, problems) == (130, f"{STOPPED}\n"), f"{when}: {problems}"
        check_output(bench, state, when)
        assert bench.alone() == [], when
        assert bench.rubbish() == [], when
    check_next(bench, "after all")


@pytest.mark.slow
@pytest.mark.thorough
def test_a_suspended_render_goes_on(states: dict[str, Bench | Path]) -> None:
    """Stopped for a while and continued at any moment, as a closed laptop is, a render is right."""
    bench = states["bench"]
    assert isinstance(bench, Bench)
    chance = random.Random(20101112)
    for count in range(SUSPENSIONS):
        state = ("cold", "first")[count % 2]
        set_up(bench, states, state)
        running = bench.start()
        time.sleep(chance.uniform(0.1, bench.seconds))
        suspend(bench, 3.0)
        said, problems = running.communicate(timeout=WAIT)
        assert (running.returncode, problems) == (0, ""), said
        assert differences(bench.output(), bench.good["new"]) == []
        assert bench.alone() == []


@pytest.mark.thorough
def test_a_suspension_is_no_time_of_a_cell_s(bench: Bench) -> None:
    """A cell that has a second left is not stopped for the time for which the laptop was shut."""
    bench.report.edit("_quarto.yml", "number-sections: true", "imprint: {timeout: 4}")
    begun = bench.temporary / "begun"
    cell = f"""```{{python}}
import pathlib, time
pathlib.Path("{begun}").touch()
time.sleep(1)
```
"""
    bench.report.edit("chapters/outlook.qmd", "looks ahead.", f"looks ahead.\n\n{cell}")
    running = bench.start("review", "--to", "html")
    assert wait_for(begun.exists, WAIT)
    suspend(bench, 6.0)
    said, problems = running.communicate(timeout=WAIT)
    begun.unlink()
    assert (running.returncode, problems) == (0, ""), said


def suspend(bench: Bench, seconds: float) -> None:
    """Stop every process of the report's renders for a while."""
    stopped: list[int] = []
    while new := [pid for pid in bench.numbers() if pid not in stopped]:
        for pid in new:
            signal_process(pid, signal.SIGSTOP)
        stopped += new
    time.sleep(seconds)
    for pid in stopped:
        signal_process(pid, signal.SIGCONT)


# --- a disk that is full --------------------------------------------------------------------------


FULL = {"cache": ".imprint/cache", "figures": "figures/drawn", "temporary": "_temporary"}


@pytest.mark.parametrize("full", cases(FULL, ("temporary",)))
def test_a_full_disk(
    bench: Bench, states: dict[str, Bench | Path], full: str, tmp_path: Path
) -> None:
    """Without room for the cache a render is right all the same; without room for figures or
    temporary files it says so once, and the output is as it was."""
    folder = tmp_path / "t" if full == "_temporary" else bench.report.folder / full
    shutil.rmtree(folder, ignore_errors=True)
    with small_disk(folder, 1) as mounted, short_folder() as short:
        if not mounted:
            pytest.skip("no disk can be mounted here")
        (folder / "ballast").write_bytes(b"\0" * (2**20 - 2 * 4096))
        changed = {}
        if full == "_temporary":
            link = short / "t"
            link.symlink_to(folder)
            changed = {"TMPDIR": str(link)}
        running = bench.start(**changed)
        said, problems = running.communicate(timeout=WAIT)
        if full == ".imprint/cache" or (full == "_temporary" and not running.returncode):
            # A render that needs no temporary file of any size is right without room for one.
            assert (running.returncode, problems) == (0, ""), said
            assert differences(bench.output(), bench.good["new"]) == []
        else:
            assert running.returncode == 1, said
            assert "no space left on device" in problems.lower()
            assert full != "_temporary" or "[disk-has-room]" in problems
            assert "Traceback" not in problems
            assert bench.output() == bench.good["old"]
        assert bench.alone() == []
    shutil.rmtree(folder, ignore_errors=True)
    if full == ".imprint/cache":
        edited = states["edited"]
        assert isinstance(edited, Path)
        shutil.copytree(edited / full, folder)
    check_next(bench, full)


# --- a damaged cache ------------------------------------------------------------------------------


def truncate(path: Path, chance: random.Random) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content) or 1)])


def flip(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def empty(path: Path, _chance: random.Random) -> None:
    path.write_bytes(b"")


def make_folder(path: Path, _chance: random.Random) -> None:
    path.unlink()
    path.mkdir()
    (path / "inside").touch()


def lock_away(path: Path, _chance: random.Random) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read what nobody may")
    path.chmod(0)


def at_random(path: Path, chance: random.Random) -> None:
    """Any of the damages, another one for each entry."""
    chance.choice(DAMAGES[:-1])(path, chance)


DAMAGES = (truncate, flip, empty, make_folder, lock_away)
SHARES = (0.3, 1.0) if THOROUGH else (0.5,)


@pytest.mark.parametrize(
    "damage",
    cases({damage.__name__: damage for damage in (at_random, *DAMAGES)}, ("at_random",)),
)
def test_a_damaged_cache_is_as_good_as_none(
    bench: Bench, damage: Callable[[Path, random.Random], None]
) -> None:
    """Whatever has happened to entries of any kind, the output is the one made without them."""
    cache = bench.report.folder / ".imprint"
    kept = bench.report.folder.with_name("damaged")
    shutil.rmtree(kept, ignore_errors=True)
    keep(bench, kept)
    kinds = sorted({path.relative_to(cache).parts[:2] for path in entries(cache)})
    assert ("cache", "last-render") in kinds
    assert len(kinds) >= 5
    chosen = [*kinds, None] if THOROUGH else [None]
    for kind in chosen:
        for share in SHARES:
            bench.restore(kept)
            chance = random.Random(f"{damage.__name__} {kind} {share}")
            for path in entries(cache):
                if (kind is None or path.relative_to(cache).parts[:2] == kind) and (
                    chance.random() < share
                ):
                    damage(path, chance)
            check_next(bench, f"{damage.__name__} {kind} {share}")


@pytest.mark.thorough
def test_a_damaged_receipt_is_none(bench: Bench) -> None:
    """A receipt that tells nothing true does not keep a render from being made."""
    bench.render()
    receipt = bench.report.folder / ".imprint/cache/last-render"
    for damage in (empty, truncate, flip, make_folder):
        damage(receipt, random.Random(0))
        assert "nothing has changed" not in bench.render()
        assert differences(bench.output(), bench.good["new"]) == []
        if receipt.is_dir():
            shutil.rmtree(receipt)
            bench.render()
        assert "nothing has changed" in bench.render()


def entries(cache: Path) -> list[Path]:
    """Everything that renders keep for the next."""
    return [path for path in sorted(cache.rglob("*")) if path.is_file() and path.suffix != ".lock"]


# --- no network, and company ----------------------------------------------------------------------


def test_no_network_is_needed(states: dict[str, Bench | Path]) -> None:
    """A render from nothing where there is no network at all gives what the others are held to."""
    if not has_no_network_at_will():
        pytest.skip("the network cannot be taken away here")
    bench = states["bench"]
    assert isinstance(bench, Bench)
    assert {"index.html", "review/small-report.pdf"} <= bench.good["new"].keys()


@pytest.mark.thorough
def test_two_at_once_make_one_output(states: dict[str, Bench | Path], bench: Bench) -> None:
    """Of two renders that begin together, killed or not, the other is right."""
    chance = random.Random(20101112)
    for victims in (0, 1):
        set_up(bench, states, "first")
        pair = [bench.start(), bench.start()]
        if victims:
            time.sleep(chance.uniform(0.3, 0.9) * bench.seconds)
            # On a machine that has become faster since the render was timed, it may be over.
            victims = int(pair[0].poll() is None)
            end(pair[0], signal.SIGKILL, True)
        codes = []
        for running in pair:
            _, problems = running.communicate(timeout=WAIT)
            codes.append(running.returncode)
        assert codes == [-signal.SIGKILL if victims else 0, 0], problems
        assert differences(bench.output(), bench.good["new"]) == []
        assert bench.alone() == []
