"""The command line: the table of commands. The only module that prints or exits."""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import os
import signal
import sys
import textwrap
import traceback
from collections.abc import Container, Sequence
from importlib import import_module
from pathlib import Path
from types import FrameType, ModuleType
from typing import NoReturn

from imprint.build.room import keep_own_files
from imprint.core.numbers import counted
from imprint.core.problems import Problem, ReportError, by_cause, following, problem
from imprint.core.root import from_root
from imprint.read.packaged import VERSION

COMMANDS = {
    "new": "begin a report: a small complete one in a new folder",
    "render": "build the publications, or single files",
    "preview": "show the pages in the browser and keep them up to date while you edit",
    "check": "find every problem without rendering",
    "trace": "say where a source, statistic or file goes, or what a new value would change",
    "editions": "make one edition of a page for each row of a table",
    "compare": "say what changed for a reader between two revisions",
    "comments": "list what reviewers say, answer it, take in what they send",
    "release": "make the bundle of a commit, which anyone can check and rebuild",
    "verify": "say whether a bundle is what was released, and what its commit gives again",
    "why": "say what made a chapter run, or would make it run again",
    "convert": "turn a chapter into a Jupyter notebook, or back",
    "language-server": "answer an editor: names, what they print, and problems as you type",
    "parity": "hold what Quarto made of a report beside what the embedded engine made",
    "finish": "complete an output that `quarto render` made",
    "dictionary": "write docs/data-dictionary.md from the data package",
}
"""Each command is a module of `imprint.commands`, loaded only when it is called."""

OVERVIEW = """\
imprint new cycling             begin a report in the new folder `cycling`
imprint check                   find every problem without rendering
imprint render                  build every publication
imprint render --help           what a command can do, with examples
imprint --completion bash       print what makes the shell complete commands and options
"""
SHELLS = ("bash", "zsh", "tcsh")

OUR_FAULT = 70
"""Exit code for a mistake in imprint itself: EX_SOFTWARE of sysexits.h."""


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 for problems, 2 for wrong usage, 70 for our fault,
    130 where Ctrl-C or SIGTERM stops it. Signals keep the handlers that they have."""
    try:
        return _run(list(sys.argv[1:] if words is None else words))
    except KeyboardInterrupt:
        return _stopped()


def _stopped() -> int:
    print("stopped; the output is the last good one", file=sys.stderr)
    return 130


def _run(words: Sequence[str]) -> int:
    debug = "--debug" in words
    # Nearly all that a command makes it needs to its end: to look for what it could forget, as
    # often as Python does of itself, takes a twentieth of its time.
    gc.set_threshold(20_000, 20, 20)
    try:
        arguments = _parsed(words)
        command = _module(arguments.command)
        code: int = command.run(arguments, lambda line: print(line, flush=True))
    except ReportError as error:
        if debug:
            traceback.print_exc()
        _print_problems(error)
        return 1
    except BrokenPipeError:
        # Who reads the output, such as `head`, has read enough; Python would write at its end, too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if debug:
            raise
        if isinstance(error, PermissionError) and error.filename:
            _print_problems(ReportError([_refused(os.fsdecode(error.filename))]))
            return 1
        said = " ".join(f"{type(error).__name__}: {error}".split())
        fix = "run again with --debug and report it"
        print(f"internal error: {said}; {fix}", file=sys.stderr)
        return OUR_FAULT
    return code


def _refused(file: str) -> Problem:
    """The problem of a file or folder that the system keeps from whoever runs the command."""
    message = "this user may not read or write it, or look into its folder"
    fix = "allow it, or let its owner run the command"
    return problem("file-is-readable", from_root(Path(file), Path.cwd()), 0, message, fix)


def _parsed(words: Sequence[str]) -> argparse.Namespace:
    wanted = next((word for word in words if not word.startswith("-")), "")
    return _parser([wanted]).parse_args(words)


def _parser(loaded: Container[str]) -> argparse.ArgumentParser:
    """The parser of the command line, with the options and examples of the `loaded` commands."""
    parser = argparse.ArgumentParser(
        "imprint",
        description="Reproducible evidence reports.",
        epilog=_examples(OVERVIEW),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"imprint {VERSION}")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    parser.add_argument(
        "--completion", action=_Completion, choices=SHELLS, help="print a shell's completion script"
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, purpose in COMMANDS.items():
        subparser = subparsers.add_parser(
            name,
            help=purpose,
            description=purpose,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        subparser.add_argument(
            "--debug", action="store_true", default=argparse.SUPPRESS, help="show tracebacks"
        )
        if name in loaded:
            command = _module(name)
            command.add_arguments(subparser)
            subparser.epilog = _examples(command.EXAMPLES)
    return parser


def _module(command: str) -> ModuleType:
    return import_module(f"imprint.commands.{command.replace('-', '_')}")


def _examples(lines: str) -> str:
    return "examples:\n" + textwrap.indent(lines, "  ")


class _Completion(argparse.Action):
    """Prints a completion script that knows every command's options, and ends."""

    def __call__(self, _asked: object, _found: object, shell: object, *_: object) -> NoReturn:
        import shtab

        print(shtab.complete(_parser(COMMANDS), shell=str(shell)))
        raise SystemExit(0)


def _print_problems(error: ReportError) -> None:
    causes = by_cause(error.problems)
    for found, others in causes.items():
        print(found, file=sys.stderr)
        if others:
            print(f"  {following(others)}", file=sys.stderr)
    print(counted(len(causes), "problem"), file=sys.stderr)


class Stopped(KeyboardInterrupt):
    """A signal ends the command. Where the very KeyboardInterrupt passes through code that is made
    from text, as that of dataclasses is, Python would end itself by SIGINT though it is handled."""


_STOPS = (signal.SIGINT, signal.SIGTERM)


def _hear_signals() -> None:
    """Let both signals end a command in the same way, those too that came before it could hear."""
    for number in _STOPS:
        signal.signal(number, _stop)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)


def _ignore_signals() -> None:
    """Hear no more: who presses Ctrl-C again would stop the command from clearing up."""
    for number in _STOPS:
        signal.signal(number, signal.SIG_IGN)


def _stop(_signum: int, _frame: FrameType | None) -> None:
    _ignore_signals()
    raise Stopped


def program() -> NoReturn:
    """Run one command. Where it ended well, end at once: everything is closed by then, and to take
    down all that has been imported takes as long as to find that nothing has changed."""
    try:
        _hear_signals()
        keep_own_files()
        for stream in (sys.stdout, sys.stderr):
            # Names of files may be no text, and a terminal's encoding may have few letters.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        code = main()
    except KeyboardInterrupt:
        code = _stopped()
    finally:
        _ignore_signals()
    if code:
        # Of what was cut short, something may be cleared up only with the values that held it.
        sys.exit(code)
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    program()
