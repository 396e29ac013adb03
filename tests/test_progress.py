"""What people see of a render while it runs and at its end, and the file of its timings."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from rich.console import Console

from faults import WAIT
from imprint.build.pipeline import render
from imprint.build.plan import Request
from imprint.check import Checked
from imprint.core.events import Event, Message, during
from imprint.core.store import FOLDER
from imprint.read.report import read_report
from imprint.run.execute import needs_kernel
from imprint.terminal.display import displayed, picture
from imprint.terminal.estimates import PastDurations, left_of_stage, past_durations, save_durations
from imprint.terminal.timings import Span, Timings, spans, summary_lines
from imprint.terminal.watching import progress_line, shows_display
from reports import ReportFolder, copy_report
from thorough import cases

COMMAND = [sys.executable, "-m", "imprint.cli", "render", "--engine", "embedded"]
SLOW_CELL = "\n```{python}\nimport time\ntime.sleep(600)\n```\n"
SHOW_CURSOR, HIDE_CURSOR = "\x1b[?25h", "\x1b[?25l"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """The minimal report; each test here renders it again."""
    return copy_report("minimal", tmp_path_factory.mktemp("progress") / "report")


class Timed(NamedTuple):
    """A render that took its times."""

    said: str
    events: list[dict[str, Any]]


def events(report: ReportFolder) -> list[Event | Message]:
    """What a render of the review tells."""
    told: list[Event | Message] = []
    parsed, _ = read_report(report.folder, ["review"])
    render(parsed, Request(), told.append, lambda _: Checked((), ()))
    return told


# --- events --------------------------------------------------------------------------------------


def test_every_stage_and_chapter_begins_and_ends(
    report: ReportFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chapters with code begin, come to their cells and end; a second render keeps them."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1290000000")
    shutil.rmtree(report.folder / FOLDER)
    first = [event for event in events(report) if isinstance(event, Event)]
    stages = [(event.stage, event.state) for event in first if not event.item]
    # A PDF is set as soon as its text is there; pages are written meanwhile.
    order = ("run", "compose", "write", "manifest")
    assert [step for step in stages if step[0] != "set"] == [
        (stage, state) for stage in order for state in ("begins", "ends")
    ]
    assert [step for step in stages if step[0] in {"compose", "set"}] == [
        ("compose", "begins"), ("set", "begins"), ("compose", "ends"), ("set", "ends")
    ]  # fmt: skip

    parsed, _ = read_report(report.folder, ["review"])
    coded = {path for path, chapter in parsed.chapters.items() if needs_kernel(chapter)}
    runs = [event for event in first if event.stage == "run" and event.item]
    assert len(coded) > 1 and {event.item for event in runs} == coded
    assert first[0] == Event("run", "begins", count=len(coded))
    for path in coded:
        steps = [(event.state, event.detail) for event in runs if event.item == path]
        assert steps[:2] == [("begins", ""), ("at", "its kernel starts")]
        assert steps[-1] == ("ends", "") and {state for state, _ in steps[2:-1]} == {"at"}
    assert ("run", "at", "chapters/findings.qmd", "cell 1") in {
        (event.stage, event.state, event.item, event.detail) for event in runs
    }

    second = [event for event in events(report) if isinstance(event, Event) and event.item]
    assert [event for event in second if event.stage == "run"] == [
        Event("run", "kept", path) for path in parsed.chapters if path in coded
    ]


def test_what_fails_ends_too() -> None:
    """A stage that raises is reported to have ended, so that no display shows it for ever."""
    told: list[Event | Message] = []
    with pytest.raises(ZeroDivisionError), during(told.append, "set", "review"):
        raise ZeroDivisionError
    assert told == [Event("set", "begins", "review"), Event("set", "ends", "review")]


# --- plain lines ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def timed(report: ReportFolder) -> Timed:
    """A render from nothing that takes its times: what it said, and the events of its file."""
    said = report.render("--no-cache", "--timings", "--jobs", "2").said
    return Timed(said, trace(report))


def test_without_a_terminal_progress_is_plain_lines(timed: Timed) -> None:
    """A line for each chapter that ran and for each stage, without any control characters."""
    said, last = timed.said, re.search(r"^rendered in .*\n", timed.said, re.MULTILINE)
    assert last
    lines = [re.sub(r"\d+\.\d", "N", line) for line in said[: last.end()].splitlines()]
    executed = sorted(line for line in lines if line.startswith("executed "))
    assert "executed chapters/findings.qmd" in executed
    assert [line for line in lines if line not in executed] == [
        "engine: embedded",
        "composing review, summary",
        "setting PDFs",
        "writing pages",
        "review: _output/review/index.html",
        "review: _output/review/small-report.pdf",
        "summary: _output/summary/index.html",
        "summary: _output/summary/small-summary.pdf",
        "rendered in N s",
    ]
    assert said.isprintable() or not re.search(r"[^\n\x20-\x7e]", said)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Message("another render is running"), "another render is running"),
        (Event("quarto", "begins", "review"), "quarto renders review"),
        (Event("run", "ends", "index.qmd"), "executed index.qmd"),
        (Event("run", "kept", "index.qmd"), ""),
        (Event("run", "ends"), ""),
        (Event("write", "begins"), ""),
    ],
)
def test_an_event_has_one_line_or_none(event: Event | Message, line: str) -> None:
    """What was kept, and stages that make nothing, are passed over."""
    assert progress_line(event) == line


# --- where the display is shown ------------------------------------------------------------------


class _Stream(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "encoding", "shown"),
    [
        ({"TERM": "xterm"}, "utf-8", True),
        ({}, "UTF8", True),
        ({"TERM": "xterm", "CI": "false"}, "utf-8", True),
        ({"TERM": "xterm", "CI": "true"}, "utf-8", False),
        ({"TERM": "dumb"}, "utf-8", False),
        ({"TERM": "xterm"}, "latin-1", False),
    ],
)
def test_display_is_for_people_at_able_terminals(
    environment: dict[str, str], encoding: str, shown: bool
) -> None:
    """Not in CI, not where the cursor stays, not where its characters cannot be written."""
    assert shows_display(_Stream(io.BytesIO(), encoding), environment) is shown
    assert not shows_display(io.StringIO(), environment)


def test_rich_is_not_loaded_without_a_display(report: ReportFolder) -> None:
    """Neither when plain lines are said nor when nothing has changed."""
    code = "import sys, imprint.cli as c; c.main(sys.argv[1:]); sys.exit('rich' in sys.modules)"
    path = report.folder / "chapters/outlook.qmd"
    path.write_text(path.read_text() + "\n")
    for line in ("composing", "nothing has changed"):
        done = subprocess.run(
            [sys.executable, "-c", code, "render", "--engine", "embedded", "--to", "html"],
            cwd=report.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0 and line in done.stdout, done.stdout + done.stderr


# --- the display ---------------------------------------------------------------------------------

HEARD = (
    (0.5, Event("read", "begins")),
    (1.0, Event("read", "ends")),
    (1.0, Event("run", "begins", count=4)),
    (1.1, Event("run", "kept", "index.qmd")),
    (1.2, Event("run", "begins", "chapters/pay.qmd")),
    (1.2, Event("run", "at", "chapters/pay.qmd", "its kernel starts")),
    (1.3, Event("run", "begins", "chapters/a-chapter-with-a-rather-long-name.qmd")),
    (2.0, Event("run", "at", "chapters/pay.qmd", "cell 2 'fig-pay'")),
    (3.0, Event("run", "ends", "chapters/pay.qmd")),
    (3.0, Event("run", "begins", "chapters/hours.qmd")),
    (3.2, Event("run", "at", "chapters/hours.qmd", "cell 1")),
)


class _Stopped(Timings):
    """A record whose clock stands at five seconds."""

    def now(self) -> float:
        return 5.0


def shown(took: PastDurations, width: int, height: int = 24) -> list[str]:
    """Lines of the display in the middle of a render."""
    console = Console(
        file=io.StringIO(), force_terminal=True, width=width, height=height, no_color=True
    )
    with console.capture() as capture:
        console.print(picture(_Stopped(0.0, list(HEARD)), took, width, height))
    text = re.sub(r"\x1b\[[\d;]*m", "", capture.get())
    return [line.rstrip() for line in text.splitlines()]


def test_display_counts_and_names_what_runs() -> None:
    """Stages with counts and time left, then each chapter that runs with its cell."""
    took = PastDurations({"run": 7.0, "compose": 4.0}, {"run": {"chapters/hours.qmd": 9.0}})
    lines = shown(took, 80)
    assert re.fullmatch(r"read the report +0 s", lines[1])
    assert re.fullmatch(r"run chapters +2/4 +━+╸?╺?━* +7 s left", lines[2]), lines[2]
    assert lines[3] == "  chapters/a-chapter-with-a-rather-long-name.qmd"
    assert lines[4:] == ["  chapters/hours.qmd  cell 1", "5 s so far, about 11 s left"]


@pytest.mark.parametrize(("width", "height"), [(40, 24), (40, 5), (30, 3), (120, 2)])
def test_display_fits_small_terminals(width: int, height: int) -> None:
    """No line is longer, and there are fewer of them, than the terminal holds."""
    lines = shown(PastDurations(), width, height)
    assert len(lines) < max(2, height) and all(len(line) <= width for line in lines)
    assert lines[-1] == "5 s so far"
    if height > 20:
        assert "  hours.qmd  cell 1" in lines
        assert any(line.startswith("  a-chapter-with") for line in lines)


def test_what_is_said_meanwhile_stays_and_the_display_goes() -> None:
    """Lines stand above the display in one piece; at the end, only they are left."""
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=40, height=24, no_color=True)
    line = "warning: [bold]a line that is longer than this small terminal[/bold] is wide :smile:"
    with displayed(Timings(time.monotonic()), PastDurations(), console) as (say, tell):
        tell(Event("read", "begins"))
        say(line)
        tell(Message("another render is running; waiting for it"))
        console.print("")
    assert "read the report" in file.getvalue()
    assert line in file.getvalue()
    seen = screen(file.getvalue(), 1000)
    assert seen == [line, "another render is running; waiting for it"]
    assert file.getvalue().rindex(SHOW_CURSOR) > file.getvalue().rindex(HIDE_CURSOR)


def test_time_left_comes_from_the_last_render_of_the_kind(tmp_path: Path) -> None:
    """Of another kind, or of a damaged file, nothing is known."""
    (tmp_path / ".imprint").mkdir()
    save_durations(tmp_path, "html", spans([*HEARD, (6.0, Event("run", "ends"))], 6.0))
    took = past_durations(tmp_path, "html")
    assert took.stages["run"] == 5.0 and took.items["run"]["chapters/pay.qmd"] == 1.8
    assert past_durations(tmp_path, "html pdf") == PastDurations()
    (tmp_path / ".imprint" / "took.json").write_text('{"html": {"stages": 1}}')
    assert past_durations(tmp_path, "html") == PastDurations()


def test_time_left_comes_from_the_share_done_otherwise() -> None:
    """Two of four items in six seconds: six more; none done: nobody knows."""
    whole = Span("run", "", "", 0.0, 6.0, is_open=True, count=5)
    done = [Span("run", name, "", 0.0, 3.0) for name in "ab"]
    assert left_of_stage(whole, done, cached=1, took={}, last=None) == 6.0
    assert left_of_stage(whole, [], cached=1, took={}, last=None) is None


def test_summary_names_the_slowest() -> None:
    """Stages by what they took, chapters by name; what took next to nothing is left out."""
    found = spans([*HEARD, (9.0, Event("run", "ends")), (9.0, Event("manifest", "begins"))], 9.1)
    assert list(summary_lines(found, 9.1)) == [
        "   8.0 s  run chapters",
        "       7.8 s  chapters/a-chapter-with-a-rather-long-name.qmd",
        "       6.1 s  chapters/hours.qmd",
        "       1.8 s  chapters/pay.qmd",
        "   0.5 s  start",
        "   0.5 s  read the report",
    ]


# --- a real terminal -----------------------------------------------------------------------------


def screen(text: str, width: int) -> list[str]:
    """What is left on a terminal: knows the few movements that the display makes."""
    rows, row, column = [""], 0, 0
    for piece in re.findall(r"\x1b\[[?\d;]*[A-Za-z]|[\r\n]|[^\x1b\r\n]+", text):
        if piece == "\r":
            column = 0
        elif piece == "\n":
            row, column = row + 1, 0
            rows += [""] * (row + 1 - len(rows))
        elif piece == "\x1b[2K":
            rows[row] = ""
        elif found := re.fullmatch(r"\x1b\[(\d+)A", piece):
            row = max(0, row - int(found[1]))
        elif not piece.startswith("\x1b"):
            assert len(piece) <= width
            rows[row] = rows[row].ljust(column)[:column] + piece + rows[row][column + len(piece) :]
            column += len(piece)
        else:
            assert piece[-1] in "mhl", f"{piece!r} is a movement this test does not know"
    return [line.rstrip() for line in rows if line.strip()]


class Terminal:
    """A command that runs in a terminal of its own."""

    def __init__(self, report: ReportFolder, *words: str, **environment: str) -> None:
        pty = pytest.importorskip("pty")
        termios = pytest.importorskip("termios")
        self.typing, inner = pty.openpty()
        termios.tcsetwinsize(inner, (24, 80))
        # Ctrl-C is not to throw away what is written and not yet read, as this terminal would.
        attributes = termios.tcgetattr(inner)
        attributes[3] |= termios.NOFLSH
        termios.tcsetattr(inner, termios.TCSANOW, attributes)
        without = {name: value for name, value in os.environ.items() if name != "CI"}
        self.process = subprocess.Popen(
            [*COMMAND, *words],
            cwd=report.folder,
            env=without | {"TERM": "xterm-256color", "PYTHONUTF8": "1"} | environment,
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
            preexec_fn=lambda: _take_terminal(inner),
        )
        os.close(inner)
        self.seen = ""

    def read(self, until: str = "(?!)") -> str:
        """Read on until a pattern has come, or all is over; what was seen from the start."""
        while not re.search(until, self.seen):
            try:
                part = os.read(self.typing, 65536)
            except OSError:
                break
            if not part:
                break
            self.seen += part.decode(errors="replace")
        return self.seen

    def close(self) -> int:
        """Wait for the end; the command's exit code."""
        self.read()
        os.close(self.typing)
        return self.process.wait(WAIT)


def _take_terminal(number: int) -> None:
    """Make it the one whose Ctrl-C reaches this process."""
    import fcntl
    import termios

    fcntl.ioctl(number, termios.TIOCSCTTY, 0)


@pytest.fixture
def slow(report: ReportFolder) -> Iterator[ReportFolder]:
    """The report with a cell that takes longer than any test waits."""
    path = report.folder / "chapters/outlook.qmd"
    before = path.read_text()
    path.write_text(before + SLOW_CELL)
    yield report
    path.write_text(before)


def test_a_person_sees_what_runs_then_only_the_results(report: ReportFolder) -> None:
    """Stages and chapters while it runs, without colours where they are not wanted; afterwards
    where everything is and what took longest."""
    terminal = Terminal(report, "--no-cache", "--to", "html", NO_COLOR="1")
    assert terminal.close() == 0
    for part in ("read the report", "run chapters", "chapters/findings.qmd", "so far"):
        assert part in terminal.seen
    assert not re.search(r"\x1b\[[\d;]*3\d[;m]", terminal.seen)
    lines = screen(terminal.seen, 80)
    at = next(n for n, line in enumerate(lines) if line.startswith("rendered in "))
    assert lines[:at] == [
        "engine: embedded",
        "review: _output/review/index.html",
        "summary: _output/summary/index.html",
    ]
    assert any(re.fullmatch(r" +\d+\.\d s  run chapters", line) for line in lines[at + 1 :])
    assert any(line.endswith("s  chapters/findings.qmd") for line in lines[at + 1 :])
    assert terminal.seen.rindex(SHOW_CURSOR) > terminal.seen.rindex(HIDE_CURSOR)


@pytest.mark.parametrize("how", cases({"Ctrl-C": "Ctrl-C", "SIGTERM": "SIGTERM"}, ("Ctrl-C",)))
def test_a_stopped_render_leaves_the_terminal_clean(slow: ReportFolder, how: str) -> None:
    """The display goes, the cursor comes back, and one line says that the render was stopped."""
    terminal = Terminal(slow)
    terminal.read(r"outlook\.qmd(\x1b\[[\d;]*m)*  cell")
    if how == "Ctrl-C":
        os.write(terminal.typing, b"\x03")
    else:
        terminal.process.send_signal(signal.SIGTERM)
    assert terminal.close() == 130
    lines = screen(terminal.seen, 80)
    assert [line.removeprefix("^C") for line in lines] == [
        "engine: embedded",
        "stopped; the output is the last good one",
    ]
    assert terminal.seen.rindex(SHOW_CURSOR) > terminal.seen.rindex(HIDE_CURSOR)


def test_problems_stand_alone_on_the_terminal(slow: ReportFolder) -> None:
    """A failed render leaves its problems and nothing of the display."""
    path = slow.folder / "chapters/outlook.qmd"
    path.write_text(path.read_text().replace("time.sleep(600)", "count = 1 / 0"))
    terminal = Terminal(slow)
    assert terminal.close() == 1
    lines = screen(terminal.seen, 1000)
    assert lines[0] == "engine: embedded"
    assert lines[1].startswith("chapters/outlook.qmd:") and "ZeroDivisionError" in lines[1]
    assert lines[-1] == "1 problem"
    assert not any("so far" in line for line in lines)


# --- the trace file ------------------------------------------------------------------------------


def trace(report: ReportFolder) -> list[dict[str, Any]]:
    """The events of a timings file, each in the form that viewers ask for."""
    told = json.loads((report.folder / ".imprint/timings.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = told["traceEvents"]
    for event in found:
        assert event["ph"] in ("X", "M", "i") and event["pid"] == 1
        assert isinstance(event["name"], str) and isinstance(event["tid"], int)
        if event["ph"] == "X":
            assert isinstance(event["ts"], int) and isinstance(event["dur"], int)
            assert event["ts"] >= 0 and event["dur"] >= 0
    return found


def test_timings_open_in_a_trace_viewer(timed: Timed) -> None:
    """A track for each stage, chapter and publication; in each track spans nest, and all stand
    within the render."""
    said, found = timed.said.splitlines(), timed.events
    assert said[-1] == "timings: .imprint/timings.json"
    assert any(line.endswith("s  run chapters") for line in said)
    names = {e["tid"]: e["args"]["name"] for e in found if e["name"] == "thread_name"}
    spans_of: dict[str, list[tuple[int, int, str]]] = {name: [] for name in names.values()}
    for e in found:
        if e["ph"] == "X":
            spans_of[names[e["tid"]]].append((e["ts"], e["ts"] + e["dur"], e["name"]))
    for track, in_track in spans_of.items():
        assert in_track, track
        enclosing: list[tuple[int, int, str]] = []
        for span in sorted(in_track, key=lambda span: (span[0], -span[1])):
            while enclosing and enclosing[-1][1] <= span[0]:
                enclosing.pop()
            assert not enclosing or span[1] <= enclosing[-1][1], (track, enclosing[-1], span)
            enclosing.append(span)
    ((begin, end, _),) = spans_of["imprint render"]
    assert begin == 0 and all(span[1] <= end for spans in spans_of.values() for span in spans)
    stages = {"read the report", "check the report", "run chapters", "compose", "set PDFs"}
    pages = {f"{stage}: review" for stage in ("compose", "set PDFs", "write pages")}
    assert stages | pages | {"write pages: figures"} <= spans_of.keys()
    chapter = {name for *_, name in spans_of["run chapters: chapters/findings.qmd"]}
    assert {"chapters/findings.qmd", "its kernel starts", "cell 1"} <= chapter


def test_timings_of_a_failed_render_are_kept(slow: ReportFolder) -> None:
    """What ran until then is in the file, and what was kept is marked."""
    path = slow.folder / "chapters/outlook.qmd"
    path.write_text(path.read_text().replace("time.sleep(600)", "count = 1 / 0"))
    (slow.folder / ".imprint/timings.json").unlink(missing_ok=True)
    assert slow.run("render", "--timings").code == 1
    names = {event["name"] for event in trace(slow)}
    assert {"chapters/outlook.qmd", "kept: chapters/findings.qmd"} <= names
    assert "set PDFs" not in names
