"""Sets up `.venv` from `uv.lock`, once: nothing outside the repository, nothing without its hash.

Imported by the scripts beside it. Standard library alone, so that any Python from 3.11 on, on any
system, can run it. Packages come from wherever pip is set up to get them, a mirror included.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "imprint-stamp"
LEAST = (3, 11)
UV_VERSION = (0, 13, 9)
UV = "uv==" + ".".join(map(str, UV_VERSION))
UV_HASHES = (
    "16963d19594e18d746a70c7fce82237bde4f2cac4cfcf0ca2b84796fe9d0c6e9",
    "2c45530751517d6c3bbc69a19473f6effe47cce047bede01ffd8af7ea7b36b25",
    "3eeeb51a267a2144640fcd8f38d4a2f63439b39bc47445fd84727c3fc462c843",
    "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    "56ec37616c00220032fc7b8c9d0ef51367fd0d70d9cd6ddd841660f949f84fed",
    "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    "6a44b2ed8111d2f60d2b92627c5dccda3f7ed7570b18ce115e569cd68c28246b",
    "6b0c7b9f47a5d011939d61e324d3fe18a8bc155d8dd53add738709a92f290a7c",
    "6d5114bba238adddacb32fb11904f2b3ff4e988f8e9ff0d8d3b5e9822cf836b8",
    "7ec1e1dd9b6cb335c301afdf877989df384227313981850755a59561f75e4ab8",
    "a2ee66fe8b6608e1482ab1bde5799da04705c1cb40324c7f66054ecf46ae6e40",
    "a6e845f387e4ed55bb59342957a9179e24a631fcc7668bda3426ae1cef8ed4b9",
    "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",
    "c5dbdb7c8737cd183a9dce95b39cfd1f3d54ec2a27a1bb58f160293f9ba2c805",
    "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    "db5c8df7145c21ffea9c0f74e38823bac3af60cbadf0e26b8633f08627b17bab",
    "dd6f4f93ddf8a668c73f0945f3638444b2140a4e15a3912067493fc6335543e4",
    "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
    "eeb92051c2123b9730c46b04cc843cfa4bc7d7b0aec56df431a2215ef4cb0273",
)
"""Of its wheels and its source, by SHA-256: `uv pip compile --generate-hashes` tells them."""
WRITTEN_BY_US = "# written by scripts/bootstrap.py"

BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
EXE = ".exe" if os.name == "nt" else ""
PYTHON = BIN / f"python{EXE}"


def run_imprint(arguments: Sequence[str]) -> int:
    """Run `imprint` in the project's environment, setting it up first where needed."""
    signal.signal(signal.SIGINT, _stop)
    ensure_environment()
    command = [PYTHON, "-m", "imprint", *arguments]
    if os.name == "posix":
        # Signals wait until the program can hear them, and say in one line that it was stopped.
        signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
        # In this process's place, so that a signal reaches the program and nothing waits beside it.
        os.execve(PYTHON, command, environment())
    return subprocess.run(command, env=environment()).returncode


def _stop(*_: object) -> None:
    print("stopped", file=sys.stderr)
    sys.exit(130)


def environment() -> dict[str, str]:
    """The caller's environment with ours first on the PATH, as if it were activated."""
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path, "VIRTUAL_ENV": str(VENV), "PYTHONUTF8": "1"}


def ensure_environment() -> None:
    """Make `.venv` hold exactly what `uv.lock` lists; do nothing when it does already."""
    if sys.version_info < LEAST:
        wanted = ".".join(str(number) for number in LEAST)
        sys.exit(f"Python {wanted} or newer is needed; this is {sys.version.split()[0]}")
    if STAMP.is_file() and PYTHON.exists() and STAMP.read_text() == _fingerprint():
        tell_quarto(ROOT, VENV, PYTHON)
        return
    _refuse_link()
    print("setting up .venv from uv.lock (this happens once)", file=sys.stderr, flush=True)
    if not PYTHON.exists():
        _run([sys.executable, "-m", "venv", "--without-pip", VENV], "create .venv")
    uv = find_uv()
    mirror = _mirror()
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder, "requirements.txt")
        export = [uv, "export", "--quiet", "--frozen", "--all-groups", "--no-emit-project"]
        _run([*export, "--project", ROOT, "--output-file", requirements], "read uv.lock")
        sync = [uv, "pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes"]
        _run([*sync, "--python", PYTHON, requirements], "install the locked packages", mirror)
    if "[build-system]" in (ROOT / "pyproject.toml").read_text(encoding="utf-8"):
        install = [uv, "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
        install += ["--python", PYTHON, "--editable", ROOT]
        _run(install, "install the package itself", mirror)
        # Once for all, also where Python is told to write no bytecode: each start would compile it.
        _run(
            [PYTHON, "-m", "compileall", "-q", "-x", "scaffold.files", ROOT / "src"],
            "compile the package",
        )
    tell_quarto(ROOT, VENV, PYTHON)
    STAMP.write_text(_fingerprint())


def _refuse_link() -> None:
    """End where `.venv` is another folder's, which would get our packages and our path."""
    if VENV.is_symlink():
        where = os.path.realpath(VENV)
        sys.exit(f".venv is a link to {where}: delete it, and run this again to set up your own")


def tell_quarto(root: Path, venv: Path, python: Path) -> None:
    """Let a plain `quarto render` run our Python and find our fonts, from where it looks itself.

    What the caller's environment sets goes before this file, and a file of someone else's stays.
    """
    file = root / "_environment.local"
    try:
        if file.exists() and not file.read_text(encoding="utf-8").startswith(WRITTEN_BY_US):
            return
        packages = [*venv.glob("lib/python3*/site-packages"), venv / "Lib" / "site-packages"]
        fonts = [folder / "font_source_sans_pro" for folder in packages]
        settings = [("QUARTO_PYTHON", python)]
        settings += [("TYPST_FONT_PATHS", folder) for folder in fonts if folder.is_dir()][:1]
        lines = [WRITTEN_BY_US]
        for name, path in settings:
            quote = '"' if "'" in path.as_posix() else "'"
            lines.append(f"{name}={quote}{path.as_posix()}{quote}")
        text = "\n".join(lines) + "\n"
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
    except OSError:
        pass  # a folder that cannot be written to is no hindrance to our own engine


def _fingerprint() -> str:
    """Changes with whatever the environment is made from."""
    parts = [(ROOT / name).read_bytes() for name in ("uv.lock", "pyproject.toml")]
    parts += [(VENV / "pyvenv.cfg").read_bytes(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def find_uv() -> str:
    """A uv on the PATH that is new enough, else one installed into `.venv` by its hash."""
    found = shutil.which("uv")
    if found and _version(found) >= UV_VERSION:
        return found
    own = VENV / "uv"
    binary = own / "bin" / f"uv{EXE}"
    if not (binary.exists() and _version(str(binary)) == UV_VERSION):
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        pip += ["--root-user-action", "ignore", "--require-hashes", "--no-deps", "--upgrade"]
        with tempfile.TemporaryDirectory() as folder:
            wanted = Path(folder, "requirements.txt")
            wanted.write_text(" ".join([UV, *(f"--hash=sha256:{it}" for it in UV_HASHES)]))
            purpose = "install uv (is pip there? on Debian: python3-pip)"
            _run([*pip, "--target", own, "--requirement", wanted], purpose)
    return str(binary)


def _version(uv: str) -> tuple[int, ...]:
    """What a uv says of itself; nothing where it says no version."""
    try:
        told = subprocess.run([uv, "--version"], capture_output=True, text=True).stdout
    except OSError:
        return ()
    found = re.match(r"uv (\d+)\.(\d+)\.(\d+)", told)
    return tuple(map(int, found.groups())) if found else ()


def _mirror() -> dict[str, str]:
    """Where pip is pointed at a package mirror, point uv at it too."""
    if any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        return {}
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"],
        capture_output=True,
        text=True,
    )
    index = os.environ.get("PIP_INDEX_URL") or asked.stdout.strip()
    return {"UV_DEFAULT_INDEX": index} if index else {}


def _run(
    command: Sequence[str | Path], purpose: str, settings: dict[str, str] | None = None
) -> None:
    # The lock names files of the repository by their paths from its root.
    ran = subprocess.run(
        [str(word) for word in command], cwd=ROOT, env={**os.environ, **(settings or {})}
    )
    if ran.returncode:
        sys.exit(f"could not {purpose}: see the message above, then run this again")
