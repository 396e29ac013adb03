"""Chapters run in kernels: what is printed, what is said when it fails, what is left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

import psutil
import pytest

from imprint.core.events import Event, Message, Tell, ignore_events
from imprint.core.model import Chapter, Executed
from imprint.core.problems import Problem, ReportError
from imprint.read.chapters.notebooks import read_chapter
from imprint.run import kernels
from imprint.run.execute import RunOptions, run_chapters
from imprint.run.kernels import can_fork
from thorough import cases

forks = pytest.mark.skipif(not can_fork(), reason="kernels are not forked on this system")

CHAPTER = """
    # Pay {#sec-pay}

    ```{python}
    #| echo: false
    import os
    from IPython.display import Latex

    class Two:
        def _repr_markdown_(self):
            return "**one**\\n\\ntwo"

    class Page:
        def _repr_html_(self):
            return "<b>bold</b>"

    risky, maths = "it's a_b [c]", Latex("$x$")
    ```

    Sum `{python} 1 + 1`; `{python} risky`; `{python} Page()`; `{python} maths`; `{{python}} y`
    Then `{python} Two()` ends.

    After.

    ```{python}
    #| warning: true
    import sys
    print("\\x1b[31mred\\x1b[0m")
    print("careful", file=sys.stderr)
    None
    ```

    ```{python}
    #| warning: false
    #| echo: false
    print("quiet", file=sys.stderr)
    6 * 7;
    ```

    ```{python}
    #| output: asis
    #| echo: false
    print("## Raw heading")
    ```

    ```{python}
    #| include: false
    hidden = "worked out of sight"
    print(hidden)
    ```

    ```{python}
    #| output: false
    print(hidden)
    ```

    ```{python}
    #| eval: false
    this is not run
    ```

    ```{python}
    #| error: true
    #| echo: false
    1 / 0
    ```

    ```{python}
    #| label: fig-line
    #| fig-cap: A line
    #| fig-alt: A line that "rises"
    #| fig-width: 3
    #| echo: false
    import matplotlib.pyplot as plt
    plt.plot([1, 2])
    ```

    ```{python}
    #| echo: false
    plt.rcParams["figure.figsize"]
    ```

    ```{python}
    #| label: tbl-pay
    #| tbl-cap: Pay by year
    #| echo: false
    import pandas
    pandas.DataFrame({"pay": [1]})
    ```

    ```{python}
    #| echo: false
    print(os.getcwd(), os.environ["TZ"], os.environ.get("SECRET"), sorted({"a", "b", "c"}))
    object()
    ```
"""


def write(root: Path, **chapters: str) -> list[Chapter]:
    (root / "chapters").mkdir(parents=True, exist_ok=True)
    (root / "_quarto.yml").write_text("project: {type: book}\n")
    for name, text in chapters.items():
        (root / f"chapters/{name}.qmd").write_text(dedent(text).lstrip())
    return [read_chapter(root, f"chapters/{name}.qmd", {}) for name in chapters]


def run(
    root: Path, chapters: list[Chapter], tell: Tell = ignore_events, **options: Any
) -> tuple[Executed, ...]:
    chosen = RunOptions(**{"execute_dir": "file", "jobs": 2, **options})
    ran = run_chapters(root, chapters, chosen, tell)
    if ran.problems:
        raise ReportError(ran.problems)
    return ran.chapters


def text_of(executed: Executed) -> str:
    return "\n".join(line.text for line in executed.lines)


def cells(*codes: str) -> str:
    return "\n".join(f"```{{python}}\n{dedent(code).strip()}\n```\n" for code in codes)


def problems_of(root: Path, chapters: list[Chapter], **options: Any) -> dict[str, list[Problem]]:
    with pytest.raises(ReportError) as caught:
        run(root, chapters, **options)
    found: dict[str, list[Problem]] = {}
    for problem in caught.value.problems:
        found.setdefault(Path(problem.place.file).stem, []).append(problem)
    return found


USUAL = "forked" if can_fork() else "plain"
STARTS = {how: how for how in ("plain", "forked")[: 1 + can_fork()]}
"""The ways in which kernels start on this system."""


@contextmanager
def starting(how: str) -> Iterator[None]:
    """Kernels start in this way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "can_fork", lambda: how == "forked")
        yield


@pytest.fixture(scope="module", params=cases(STARTS, [USUAL]))
def executed(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Executed:
    root = tmp_path_factory.mktemp("report")
    os.environ["SECRET"] = "not for kernels"
    try:
        with starting(request.param):
            return run(root, write(root, pay=CHAPTER))[0]
    finally:
        del os.environ["SECRET"]


# --- what is printed ---


def test_inline_values_are_printed_in_their_place(executed: Executed) -> None:
    """Numbers as they are, strings literally, HTML and maths as such, shown code untouched."""
    printed = "Sum 2; it's a\\_b \\[c\\]; `<b>bold</b>`{=html-output}; $x$; `{python} y`"
    assert printed in text_of(executed)


def test_every_line_keeps_its_place(executed: Executed) -> None:
    """A value of several lines stands at its expression's line, a cell's output at the cell."""
    places = {line.text: line.place.line for line in executed.lines}
    assert (places["Then **one**"], places["two ends."], places["After."]) == (20, 20, 22)
    assert places["red"] == places["careful"] == 24


def test_streams_are_set_apart_without_colours(executed: Executed) -> None:
    """Printed text and warnings each get a block; a last value of None prints nothing."""
    text = text_of(executed)
    assert "::: {.cell-output .cell-output-stdout}\n```\nred\n```\n:::" in text
    assert "::: {.cell-output .cell-output-stderr}\n```\ncareful\n```\n:::" in text
    assert "``` {.python .cell-code}\nimport sys\n" in text
    assert "\nNone\n" not in text.split("careful\n```")[1]


def test_options_hide_what_they_should(executed: Executed) -> None:
    """warning, echo, include, output and eval each leave out their part, a semicolon the value."""
    text = text_of(executed)
    assert "quiet" not in text and not re.search(r"(?<!\d)42(?!\d)", text)
    assert "worked out of sight" not in text
    assert "print(hidden)" in text
    assert "this is not run" in text


def test_output_asis_is_markdown(executed: Executed) -> None:
    """What an `asis` cell prints is Markdown, not a block of code."""
    assert "\n\n## Raw heading\n\n" in text_of(executed)


def test_an_error_asked_for_is_printed(executed: Executed) -> None:
    """`error: true` prints the error's last line, the same on every machine."""
    text = text_of(executed)
    assert ".cell-output-error}\n```\nZeroDivisionError: division by zero\n```" in text


def test_a_figure_is_an_image_with_caption_and_alt_text(executed: Executed) -> None:
    """A drawn figure is one SVG file; the object that drawing returned is not printed."""
    path = "/figures/cells/chapters-pay-fig-line-1.svg"
    text = text_of(executed)
    assert f'![A line]({path}){{#fig-line fig-alt="A line that &quot;rises&quot;"}}' in text
    assert executed.media[path].rstrip().endswith(b"</svg>")
    assert "Line2D" not in text and "<dc:date>" not in executed.media[path].decode()


def test_a_figure_s_size_holds_for_its_cell(executed: Executed) -> None:
    """`fig-width` narrows one figure; the next cell has the usual size again."""
    svg = next(iter(executed.media.values())).decode()
    assert float(svg.split('width="')[1].split("pt")[0]) < 3.2 * 72
    assert "[7.0, 5.0]" in text_of(executed)


def test_a_labelled_table_is_a_float(executed: Executed) -> None:
    """A data frame stands as HTML without its style in a div that ends with the caption."""
    table = text_of(executed).split("::: {#tbl-pay}")[1]
    assert "<style" not in table
    assert table.index("<table") < table.index("\n\nPay by year\n\n:::")


def test_a_kernel_sees_a_fixed_environment(executed: Executed) -> None:
    """Cells run in the chapter's folder, in UTC, without the caller's variables or addresses."""
    text = text_of(executed)
    assert "/chapters UTC None ['a', 'b', 'c']\n" in text
    assert "\n<object>\n" in text


def test_the_root_can_be_the_working_folder(tmp_path: Path) -> None:
    """With `execute-dir: project` kernels start in the root, and a chapter's state is its own."""
    chapters = write(
        tmp_path,
        one=cells("import os\nx = 1\nprint(os.path.basename(os.getcwd()))"),
        two=cells("'x' in globals()"),
        three="No code.",
    )
    one, two, three = run(tmp_path, chapters, execute_dir="project")
    assert f"\n{tmp_path.name}\n" in text_of(one)
    assert "\nFalse\n" in text_of(two)
    assert text_of(three).strip() == "No code."


def test_chapters_without_code_start_no_kernel(tmp_path: Path) -> None:
    """Prose, shown code and cells that are not evaluated cost nothing."""
    told: list[Event | Message] = []
    chapters = write(
        tmp_path, prose="Text `{{python}} 1`.\n\n```{python}\n#| eval: false\nx\n```\n"
    )
    run(tmp_path, chapters, tell=told.append)
    assert told == [Event("run", "begins"), Event("run", "ends")]


def test_the_same_chapter_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Folder, time zone, locale, hash seed and personal settings make no difference."""
    code = "import matplotlib.pyplot as plt\nprint(hash('a'))\nplt.plot([1, 3]);"
    alt = "#| fig-alt: A line\n"
    first = run(tmp_path / "a", write(tmp_path / "a", c=cells(alt + code)))
    home = tmp_path / "home"
    (home / ".config/matplotlib").mkdir(parents=True)
    (home / ".config/matplotlib/matplotlibrc").write_text("lines.linewidth: 9\n")
    (home / ".ipython/profile_default/startup").mkdir(parents=True)
    (home / ".ipython/profile_default/startup/00.py").write_text("print('mine')\n")
    for name, value in (("HOME", str(home)), ("TZ", "Asia/Tokyo"), ("PYTHONHASHSEED", "7"),
                        ("LC_ALL", "tr_TR.UTF-8"), ("MPLBACKEND", "pdf")):  # fmt: skip
        monkeypatch.setenv(name, value)
    deep = tmp_path / "/".join(["a-rather-deep-folder"] * 8)
    assert run(deep, write(deep, c=cells(alt + code))) == first


@forks
def test_forked_kernels_print_what_plain_ones_do(tmp_path: Path) -> None:
    """However a kernel starts, drawings, random numbers and settings come out the same."""
    chapter = cells(
        """
        import random, sys, matplotlib, numpy
        print(matplotlib.rcParams["figure.figsize"], sys.argv[1:2], sys.path, sys.flags)
        print(len({random.random(), numpy.random.random()}), "pandas" in sys.modules)
        """,
        """
        #| fig-alt: A line
        import matplotlib.pyplot as plt
        plt.plot([1, 3]);
        """,
    )
    made = []
    for how in ("forked", "plain"):
        with starting(how):
            made.append(run(tmp_path, write(tmp_path, one=chapter)))
    assert made[0] == made[1]


@forks
def test_kernels_start_alone_where_forking_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the process to fork from cannot warm up, a chapter runs as it would without it."""
    usual = kernels.environment
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text("import threading, time\n"
        "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n")  # fmt: skip
    monkeypatch.setattr(
        kernels, "environment", lambda *where: usual(*where) | {"PYTHONPATH": str(broken)}
    )
    assert "\n2\n" in text_of(run(tmp_path, write(tmp_path, one=cells("1 + 1")))[0])


# --- what is said when something fails ---


@pytest.fixture(
    scope="module",
    params=cases(STARTS, [USUAL]),
)
def failures(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> dict[str, list[Problem]]:
    root = tmp_path_factory.mktemp("broken")
    (root / "figures").mkdir()
    (root / "figures/helper.py").write_text("def pay():\n    return {}['pay']\n")
    chapters = write(
        root,
        raises=cells("def f(x):\n    return 1 / x", "print('before')\n\nf(0)", "never = 1 / 0"),
        module=cells("#| label: pay\nimport sys\nsys.path.insert(0, '..')\n"
                     "from figures.helper import pay\npay()"),
        syntax=cells("x = 1\nif x\n    y"),
        asks=cells("#| error: true\n1 / 0", "input('Name?')"),
        exits=cells("import sys\nsys.exit(3)"),
        leaves=cells("exit()", "1"),
        dies=cells("import os\nos._exit(3)"),
        killed=cells("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
        inline="One `{python} nope`.\nTwo `{python} 1 / 0` and `{python} 3`.\n",
        stat="```{python}\nfrom imprint import stat\n```\n\nThen `{python} stat('x')`.\n",
        alt=cells("#| label: fig-pay\nimport matplotlib.pyplot as plt\nplt.plot([1])"),
        undrawn=cells("#| fig-alt: None\nimport matplotlib.pyplot as plt\nplt.title(r'$\\nope$');"),
        moved=cells("1"),
    )  # fmt: skip
    chapters[-1] = Chapter("gone/moved.qmd", {}, chapters[-1].parts, ())
    with starting(request.param):
        return problems_of(root, chapters)


def test_every_chapter_s_problems_are_told_in_one_run(failures: dict[str, list[Problem]]) -> None:
    """One broken chapter hides no other; within a chapter nothing runs after a failed cell."""
    assert {name: len(found) for name, found in failures.items()} == dict.fromkeys(
        ["raises", "module", "syntax", "asks", "exits", "leaves", "dies", "killed", "stat", "alt",
         "undrawn", "moved"], 1) | {"inline": 2}  # fmt: skip
    assert all(problem.fix or name == "stat" for name, [problem, *_] in failures.items())
    assert not any("\n" in str(p.message) for found in failures.values() for p in found)


@pytest.mark.parametrize(
    ("chapter", "line", "code", "says"),
    [
        ("raises", 9, "cell-runs", "cell 2, which begins `print('before')`, raised "
         "ZeroDivisionError: division by zero (at chapters/raises.qmd:3); it last "
         "printed `before`"),
        ("module", 6, "cell-runs", "cell 1 'pay', which begins `import sys`, raised KeyError: "
         "'pay' (at figures/helper.py:2)"),
        ("syntax", 3, "cell-runs", "cell 1, which begins `x = 1`, raised SyntaxError: "
         "expected ':'"),
        ("asks", 7, "cell-runs", "cell 2, which begins `input('Name?')`, raised an error, for it "
         "waits for input"),
        ("exits", 3, "cell-runs", "cell 1, which begins `import sys`, asked its kernel to exit"),
        ("leaves", 2, "cell-runs", "cell 1, which begins `exit()`, asked its kernel to exit"),
        ("dies", 2, "kernel-lives", "cell 1, which begins `import os`, killed its kernel "
         "(exit status 3)"),
        ("killed", 2, "kernel-lives", "(signal SIGKILL, perhaps for want of memory)"),
        ("inline", 1, "inline-code-runs", "the inline code `nope` raised NameError: name 'nope' is "
         "not defined"),
        ("stat", 5, "statistic-has-form", "data/datapackage.json"),
        ("alt", 2, "figure-has-alt", "the image of cell 1 'fig-pay' has no alternative text"),
        ("undrawn", 3, "cell-runs", "raised ValueError: "),
        ("moved", 0, "kernel-starts", "the chapter's kernel did not start: "),
    ],
)  # fmt: skip
def test_a_failure_names_its_place_and_cause(
    failures: dict[str, list[Problem]], chapter: str, line: int, code: str, says: str
) -> None:
    """The line in the source, the cell by number, label and first line, and what it said last."""
    problem = failures[chapter][0]
    assert says in problem.message
    assert (problem.place.line, problem.code) == (line, code)


def test_inline_failures_name_the_column(failures: dict[str, list[Problem]]) -> None:
    """Each expression without a value is reported by line and column."""
    assert [str(p.place) for p in failures["inline"]] == [
        "chapters/inline.qmd:1:5",
        "chapters/inline.qmd:2:5",
    ]


@pytest.mark.slow
def test_code_that_does_not_end_is_stopped(tmp_path: Path) -> None:
    """Over the limit of time, or printing without end, a cell is stopped at the line it was at."""
    chapters = write(
        tmp_path,
        hangs=cells("import time\nprint('waiting')\ntime.sleep(60)"),
        stubborn=cells("import time\nwhile True:\n    try:\n        while True: time.sleep(9)\n"
                       "    except KeyboardInterrupt: pass"),
        inline=cells("import time") + "\nOne `{python} 1`, then `{python} time.sleep(60)`.\n",
        prints=cells("while True:\n    print('a' * 100)"),
    )  # fmt: skip
    found = problems_of(tmp_path, chapters, timeout=4, jobs=4)
    assert {name: (problem.place.line, problem.code) for name, [problem] in found.items()} == {
        "hangs": (4, "cell-ends"),
        "stubborn": (2, "cell-ends"),
        "inline": (5, "cell-ends"),
        "prints": (3, "cell-ends"),
    }
    [hangs] = found["hangs"]
    assert "took more than 4 s and was stopped; it last printed `waiting`" in hangs.message
    assert "`imprint: timeout:` in _quarto.yml" in hangs.fix


# --- what is left behind ---


Processes = set[psutil.Process]


def processes() -> Processes:
    """Those that this process has started, and theirs."""
    return set(psutil.Process().children(recursive=True))


@pytest.fixture(scope="module", autouse=True)
def before() -> Processes:
    """Those of other tests."""
    return processes()


def test_a_run_leaves_nothing_behind(executed: Executed, before: Processes) -> None:
    """No process of ours outlives a run that succeeds."""
    assert processes() <= before


def test_failures_leave_nothing_behind(
    failures: dict[str, list[Problem]], before: Processes
) -> None:
    """No process of ours outlives one that fails, however it fails."""
    assert processes() <= before


@forks
def test_kernels_die_with_the_process_they_were_forked_from(
    tmp_path: Path, before: Processes
) -> None:
    """When that process is killed, the chapter's death is reported and nothing is left."""
    chapters = write(tmp_path, waits=cells("""
        import os, pathlib, signal, time
        assert "fork_server" in pathlib.Path(f"/proc/{os.getppid()}/cmdline").read_text()
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    """))  # fmt: skip
    [problem] = problems_of(tmp_path, chapters)["waits"]
    assert (problem.code, "SIGKILL" in problem.message) == ("kernel-lives", True)
    assert processes() <= before


@pytest.fixture
def short_temp() -> Iterator[Path]:
    """A folder for temporary files with room in it for a socket's name."""
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        yield Path(folder)


ENDS = {
    f"{number.name}, {start}": (number, start)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
    for start in STARTS
}


@pytest.mark.parametrize(
    ("number", "start"), cases(ENDS, {f"SIGTERM, {USUAL}", f"SIGKILL, {USUAL}", "SIGINT, plain"})
)
def test_kernels_die_with_the_program(
    tmp_path: Path, short_temp: Path, number: int, start: str
) -> None:
    """Interrupted, ended or killed, the program takes its kernels and what they started along."""
    write(tmp_path, waits=cells(f"""
        import os, pathlib, subprocess
        child = subprocess.Popen(["sleep", "60"])
        note = pathlib.Path({str(tmp_path)!r}, "pids")
        note.with_suffix(".new").write_text(f"{{os.getpid()}} {{child.pid}}")
        note.with_suffix(".new").rename(note)
        child.wait()
    """))  # fmt: skip
    program = f"""
        from pathlib import Path
        from imprint.read.chapters.notebooks import read_chapter
        from imprint.run import kernels
        from imprint.run.execute import RunOptions, run_chapters
        kernels.can_fork = lambda: {start == "forked"}
        root = Path({str(tmp_path)!r})
        chapters = [read_chapter(root, "chapters/waits.qmd", {{}})]
        run_chapters(root, chapters, RunOptions("file"))
    """
    environment = os.environ | {"TMPDIR": str(short_temp)}
    parent = subprocess.Popen(
        [sys.executable, "-c", dedent(program)], env=environment, stderr=subprocess.PIPE
    )
    _until((tmp_path / "pids").exists)
    kernel, child = map(int, (tmp_path / "pids").read_text().split())
    parent.send_signal(number)
    parent.communicate(timeout=120)
    _until(lambda: not _runs(kernel))
    if number == signal.SIGKILL and start == "plain":
        os.kill(child, signal.SIGKILL)
        return
    _until(lambda: not _runs(child))
    if number == signal.SIGKILL:
        return
    assert parent.returncode == (-signal.SIGINT if number == signal.SIGINT else 143)
    assert list(short_temp.iterdir()) == []


def _runs(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _until(true: Any, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
