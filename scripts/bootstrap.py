"""Sets up `.venv` from `uv.lock`, once: nothing outside the repository, nothing without its hash.

Imported by the scripts beside it. Standard library alone, so that any Python from 3.11 on, on any
system, can run it. Packages come from wherever pip is set up to get them, a mirror included.
"""

from __future__ import annotations

import hashlib
import os
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
UV = "uv==0.13.9"
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
    print("setting up .venv from uv.lock (this happens once)", file=sys.stderr, flush=True)
    if not PYTHON.exists():
        _run([sys.executable, "-m", "venv", "--without-pip", VENV], "create .venv")
    uv = _uv()
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
    tell_quarto(ROOT, VENV, PYTHON)
    STAMP.write_text(_fingerprint())


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


def _uv() -> str:
    """The uv on the PATH, else one installed into `.venv`, for this repository alone."""
    found = shutil.which("uv")
    if found:
        return found
    own = VENV / "uv"
    binary = own / "bin" / f"uv{EXE}"
    if not binary.exists():
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--root-user-action",
            "ignore",
        ]
        _run([*pip, "--target", own, UV], "install uv (is pip there? on Debian: python3-pip)")
    return str(binary)


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
