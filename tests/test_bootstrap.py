"""What the scripts set up, and what CI takes from elsewhere."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "bootstrap.py"


@pytest.fixture(scope="module")
def bootstrap() -> ModuleType:
    described = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    assert described and described.loader
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module


def test_quarto_is_told_of_python_and_fonts(bootstrap: ModuleType, tmp_path: Path) -> None:
    """Quarto finds the report's Python and typeface, whatever the folder's name holds."""
    root = tmp_path / "rapport d’été"
    fonts = root / ".venv/lib/python3.11/site-packages/font_source_sans_pro"
    fonts.mkdir(parents=True)
    bootstrap.tell_quarto(root, root / ".venv", root / ".venv/bin/python")
    told = (root / "_environment.local").read_text(encoding="utf-8").splitlines()
    assert f"QUARTO_PYTHON='{root}/.venv/bin/python'" in told
    assert f"TYPST_FONT_PATHS='{fonts}'" in told


def test_settings_of_ones_own_stay(bootstrap: ModuleType, tmp_path: Path) -> None:
    """Whoever keeps settings for Quarto keeps them."""
    own = tmp_path / "_environment.local"
    own.write_text("QUARTO_PYTHON=/opt/python\n", encoding="utf-8")
    bootstrap.tell_quarto(tmp_path, tmp_path / ".venv", tmp_path / ".venv/bin/python")
    assert own.read_text(encoding="utf-8") == "QUARTO_PYTHON=/opt/python\n"


def fake_uv(folder: Path, says: str) -> Path:
    """A program called uv that says this of its version."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "uv"
    program.write_text(f"#!/bin/sh\necho '{says}'\n", encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.mark.skipif(os.name != "posix", reason="the programs are shell scripts")
@pytest.mark.parametrize(
    ("says", "is_taken"),
    [("uv 0.13.9 (linux)", True), ("uv 1.0.0", True), ("uv 0.13.8", False), ("hello", False)],
)
def test_uv_on_the_path_is_new_enough(
    bootstrap: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    says: str,
    is_taken: bool,
) -> None:
    """Else the one that is named is installed, by its hashes alone."""
    found = fake_uv(tmp_path / "bin", says)
    ran: list[list[str]] = []

    def run(command: list[str], _purpose: str) -> None:
        ran.append([str(word) for word in command])
        ran.append([Path(command[-1]).read_text()])

    monkeypatch.setenv("PATH", str(found.parent))
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "_run", run)
    assert (bootstrap.find_uv() == str(found)) is is_taken
    assert bool(ran) is not is_taken
    if ran:
        assert "--require-hashes" in ran[0]
        assert ran[1][0].startswith("uv==0.13.9 --hash=sha256:")


@pytest.mark.skipif(os.name != "posix", reason="Windows has links for few")
def test_a_linked_environment_is_left_alone(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clone whose `.venv` leads to another folder's would put its own path into it."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (tmp_path / ".venv").symlink_to(theirs)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv/imprint-stamp")
    with pytest.raises(SystemExit, match="is a link to"):
        bootstrap.ensure_environment()
    assert list(theirs.iterdir()) == []


def test_actions_of_ci_are_named_by_their_commits() -> None:
    """A tag may move to other code; a commit may not. Each says which version it is."""
    root = SCRIPT.parents[1]
    found: dict[str, set[str]] = {}
    for workflow in (*root.glob(".github/*/*.yml"), *root.glob("src/**/workflows/*.yml")):
        for line in workflow.read_text(encoding="utf-8").splitlines():
            if "uses:" in line:
                used = re.search(
                    r"uses: (?P<action>[\w/-]+)@(?P<commit>[0-9a-f]{40} # v[\d.]+)$", line
                )
                assert used, f"{workflow.name}: {line}"
                found.setdefault(used["action"], set()).add(used["commit"])
    assert len(found) == 8
    assert {action for action, commits in found.items() if len(commits) > 1} == set()


@pytest.mark.skipif(not (SCRIPT.parents[1] / ".venv").is_dir(), reason="a copy without .venv")
def test_what_is_installed_is_listed(bootstrap: ModuleType, tmp_path: Path) -> None:
    """The bill of materials names packages of this environment, with version and hash."""
    bill = tmp_path / "sbom.json"
    audit = [sys.executable, SCRIPT.parents[1] / ".ci" / "audit", bill]
    offline = {**os.environ, "UV_OFFLINE": "1", "UV_HTTP_RETRIES": "0"}
    made = subprocess.run(audit, capture_output=True, text=True, env=offline)
    assert made.returncode == 0, made.stderr
    told = json.loads(bill.read_text(encoding="utf-8"))
    files = [file for component in told["components"] for file in component["externalReferences"]]
    assert files
    assert all(file["hashes"] for file in files)
    listed = {it["name"]: it["version"] for it in told["components"]}
    assert listed == {name: metadata.version(name) for name in listed}
    assert {"pypandoc-binary", "typst", "pytest", "pyzmq"} <= set(listed)
    assert len(listed) == len(told["components"])
