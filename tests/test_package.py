"""The package: what the wheel holds, and that it works where there is nothing else of ours."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hatchling.builders.wheel import WheelBuilder

from imprint.read.packaged import DISTRIBUTION, VERSION, own_extension
from reports import ROOT, ReportFolder, made_once

CopyReport = Callable[[str], ReportFolder]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built once."""
    folder = made_once("wheel", build)
    return next(folder.glob("*.whl"))


def build(folder: Path) -> None:
    folder.mkdir()
    list(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"]))


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Callable[..., str]:
    """Run the wheel's own `imprint` in a folder; the repository's is out of reach."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")

    def run(folder: Path, *words: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "imprint", *words], cwd=folder, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return run


def test_one_version_everywhere() -> None:
    """Package, extension and citation file bear one number, so that a mismatch is a real one."""
    extension = yaml.safe_load((own_extension() / "_extension.yml").read_text("utf-8"))
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert extension["version"] == cited["version"] == VERSION
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["name"] == DISTRIBUTION


def test_the_wheel_holds_all_that_a_report_needs(wheel: Path) -> None:
    """Whatever the repository holds outside the package is in, and nothing of one report is."""
    names = zipfile.ZipFile(wheel).namelist()
    assert wheel.name == f"{DISTRIBUTION.replace('-', '_')}-{VERSION}-py3-none-any.whl"
    extension = ROOT / "_extensions" / "imprint"
    files = {
        path.relative_to(extension).as_posix() for path in extension.rglob("*") if path.is_file()
    }
    assert {f"imprint/extension/{name}" for name in files} <= set(names)
    for kind in ("lua/main.lua", "en_GB.dic", "templates/page.html", "template.typ", "rules.toml"):
        assert any(name.endswith(kind) for name in names), kind
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"imprint", f"{DISTRIBUTION.replace('-', '_')}-{VERSION}.dist-info"}
    assert not [name for name in names if re.search(r"safeguarding|__pycache__|\.pyc$", name)]


def test_the_same_commit_gives_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    """A report pins the wheel by its hash, so that building it again must not change it."""
    build(tmp_path / "again")
    assert next((tmp_path / "again").glob("*.whl")).read_bytes() == wheel.read_bytes()


@pytest.mark.slow
def test_a_report_without_the_extension_renders_with_the_packages_own(
    report: CopyReport, installed: Callable[..., str]
) -> None:
    """The installed package needs nothing of the repository, and the report no copy of the look."""
    made = report("minimal")
    shutil.rmtree(made.folder / "_extensions")
    installed(made.folder, "render", "--engine", "embedded")
    assert 'class="stat"' in made.page("review/chapters/findings.html")
    assert len(made.pdf("review/small-report.pdf").pages) > 3


def test_an_extension_of_another_version_is_one_problem(report: CopyReport) -> None:
    """Filters of one version must not meet the program of another in silence."""
    made = report("minimal")
    file = "_extensions/imprint/_extension.yml"
    made.edit(file, f"version: {VERSION}", "version: 0.0.9")
    for command in ("check", "render"):
        outcome = made.run(command)
        told = outcome.said + outcome.problems
        assert outcome.code == 1
        assert f"the extension is of version 0.0.9, Imprint itself of {VERSION}" in told
        assert f"fix: install {DISTRIBUTION} 0.0.9" in told
        assert "1 problem" in told.splitlines()[-1]
    assert not (made.folder / "_output").exists()


# --- from the wheel alone --------------------------------------------------------------------


@pytest.fixture(scope="session")
def imprint(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command as an installer puts it into an empty environment, no index being asked.

    The packages it depends on are those of the running environment, in which this repository's own
    package is out of reach.
    """
    uv = found_uv()

    def install(folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        command = [uv, "pip", "install", "--quiet", "--no-index", "--no-deps", "--python"]
        subprocess.run([*command, folder / "bin" / "python", wheel], check=True)
        packages = next(folder.glob("lib/python3*/site-packages"))
        (packages / "others.pth").write_text(f"{sysconfig.get_path('purelib')}\n")

    return made_once("environment", install) / "bin" / "imprint"


def found_uv() -> str:
    uv = shutil.which("uv") or shutil.which("uv", path=str(ROOT / ".venv" / "uv" / "bin"))
    if uv is None:
        pytest.skip("there is no uv")
    return uv


def ran(*command: str | Path, folder: Path, **variables: str) -> str:
    """What a command says that must end well; nothing of this repository's is in its way."""
    ours = ("PYTHONPATH", "VIRTUAL_ENV")
    others = {name: value for name, value in os.environ.items() if name not in ours}
    ended = subprocess.run(
        [*command], cwd=folder, capture_output=True, text=True, env={**others, **variables}
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.slow
def test_from_an_empty_folder_and_the_wheel_comes_a_report(imprint: Path, tmp_path: Path) -> None:
    """What is installed begins, checks and renders a report, and passes itself on unchanged."""
    said = ran(imprint, "new", "cycling", folder=tmp_path)
    assert "by the hash in its uv.lock" in said and f"{DISTRIBUTION}; nobody" in said
    folder = tmp_path / "cycling"
    assert ran(imprint, "check", folder=folder).endswith("8 statistics: no problems\n")
    ran(imprint, "render", "--engine", "embedded", folder=folder)
    made = ReportFolder(folder)
    assert "24 km of protected lanes" in made.words("report/chapters/costs.html")
    assert len(made.pdf("report/cycling.pdf").pages) > 5
    manifest = json.loads((folder / "_output" / "manifest.json").read_text("utf-8"))
    assert manifest["versions"]["imprint"] == VERSION


@pytest.mark.slow
@pytest.mark.thorough
def test_a_new_reports_scripts_set_it_up_render_and_test_it(imprint: Path, tmp_path: Path) -> None:
    """Two commands after `imprint new`: `.venv` holds what `uv.lock` and `vendor/` pin.

    Packages come from what uv has kept of them when this repository was set up, offline.
    """
    ran(imprint, "new", "cycling", folder=tmp_path)
    folder = tmp_path / "cycling"
    path = os.pathsep.join([str(Path(found_uv()).parent), os.environ["PATH"]])
    ran("scripts/render", folder=folder, UV_OFFLINE="1", PATH=path)
    assert (folder / "_output" / "summary" / "cycling-summary.pdf").is_file()
    assert "2 passed" in ran("scripts/test", folder=folder, UV_OFFLINE="1", PATH=path)
    installed = ran(folder / ".venv/bin/python", "-c", "import imprint as i; print(i.__file__)",
                    folder=folder)  # fmt: skip
    assert installed.startswith(str(folder / ".venv"))
