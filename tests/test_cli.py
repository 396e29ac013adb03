"""The command line itself: what it says of its commands and helps shells to complete."""

from __future__ import annotations

import errno
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from imprint.cli import COMMANDS, SHELLS, main
from imprint.read.packaged import VERSION

Captured = pytest.CaptureFixture[str]


def said(capsys: Captured, *words: str) -> str:
    """What a command prints that ends well by itself."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_the_module_is_the_command() -> None:
    """`python -m imprint` is the same program as `imprint`."""
    ran = subprocess.run(
        [sys.executable, "-m", "imprint", "--version"], capture_output=True, text=True, check=True
    )
    assert ran.stdout == f"imprint {VERSION}\n"


def test_what_the_system_keeps_from_the_user_is_a_problem(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Wherever it is come upon; it is no fault of ours."""

    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "data/a.csv"))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("imprint.commands.dictionary.run", refuse)
    assert main(["dictionary"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("data/a.csv: this user may not read or write it")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_examples_that_can_be_typed(name: str, capsys: Captured) -> None:
    """Each command's help ends with lines to copy, and these name options that there are."""
    helped = said(capsys, name, "--help")
    module = import_module(f"imprint.commands.{name.replace('-', '_')}")
    examples = module.EXAMPLES.splitlines()
    assert helped.splitlines()[-len(examples) - 1 :] == [
        "examples:", *(f"  {line}" for line in examples)
    ]  # fmt: skip
    assert all(f"imprint {name}" in line and len(line) <= 100 for line in examples)
    options = {word for line in examples for word in line.split() if word.startswith("--")}
    assert {option for option in options if option not in helped} == set()


def test_help_of_the_whole_shows_examples(capsys: Captured) -> None:
    """Who types `imprint --help` sees how to begin."""
    assert "\nexamples:\n  imprint " in said(capsys, "--help")


@pytest.mark.parametrize("shell", SHELLS)
def test_shells_complete_commands_and_their_options(shell: str, capsys: Captured) -> None:
    """The script knows every command, and options that only a command's own module declares."""
    pytest.importorskip("shtab")
    script = said(capsys, "--completion", shell)
    assert all(name in script for name in COMMANDS)
    assert "no-browser" in script
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)
