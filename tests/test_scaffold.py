"""`imprint new`: a report that is whole at once, and that grows and shrinks as authors write."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import jsonschema
import pytest
import yaml

from imprint.core.store import FOLDER
from imprint.read.packaged import DISTRIBUTION
from imprint.scaffold.report import SHARED
from imprint.scaffold.wheel import WHEEL
from reports import ROOT, Outcome, ReportFolder, made_once, pdf_words, problems_of, tree
from thorough import cases


def new(folder: Path, *words: str) -> Outcome:
    """Begin a report in a folder, from the folder above it."""
    return ReportFolder(folder.parent).run("new", folder.name, *words)


def with_memo(report: ReportFolder, begun: ReportFolder) -> ReportFolder:
    """A new report that need not run the code that another has run."""
    shutil.copytree(begun.folder / FOLDER, report.folder / FOLDER)
    return report


# --- what it holds ---------------------------------------------------------------------------


def test_a_new_report_is_clean_and_has_each_kind_of_thing(begun: ReportFolder) -> None:
    """It checks without a problem and prints numbers in units of its own subject."""
    assert problems_of(begun) == ""
    riding = begun.words("report/chapters/riding.html")
    assert "18 per cent of residents ride" in riding
    assert "5.5 km" in riding and "Figure 1.1" in riding and "Box 1.1: A street" in riding
    costs = begun.words("report/chapters/costs.html")
    assert "24 km of protected lanes for £3.6 million" in costs and "Table 2.1" in costs
    assert "24 km" in begun.words("summary/index.html")


def test_its_publications_come_as_pages_and_as_pdf(begun: ReportFolder) -> None:
    """The report and its summary bear title and folder's name."""
    assert "Cycling in Milford" in pdf_words(begun.pdf("report/begun.pdf"))
    summary = begun.pdf("summary/begun-summary.pdf")
    assert len(summary.pages) == 1
    assert "Executive summary" in pdf_words(summary)
    landing = begun.words("index.html")
    assert landing.count("Executive summary") == 1, "a publication is named once"
    assert "<footer" not in begun.page("index.html"), "nothing to say leaves no empty bar"


def test_it_installs_the_wheel_in_its_vendor_folder_by_hash(begun: ReportFolder) -> None:
    """No index is asked for a name that somebody else might register there."""
    lock = tomllib.loads((begun.folder / "uv.lock").read_text("utf-8"))
    own = next(it for it in lock["package"] if it["name"] == DISTRIBUTION)
    digest = hashlib.sha256((begun.folder / "vendor" / WHEEL).read_bytes()).hexdigest()
    assert own["source"] == {"path": f"vendor/{WHEEL}"}
    assert own["wheels"] == [{"filename": WHEEL, "hash": f"sha256:{digest}"}]
    project = tomllib.loads((begun.folder / "pyproject.toml").read_text("utf-8"))
    assert project["tool"]["uv"]["sources"] == {DISTRIBUTION: {"path": f"vendor/{WHEEL}"}}
    assert (
        WHEEL in (said := new(begun.folder.parent / "said").said) and "Do not ask an index" in said
    )


def test_its_lock_file_is_what_uv_would_write(begun: ReportFolder) -> None:
    """Every other package is the one that this Imprint is tested with, and none is missing."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(ROOT / ".venv" / "uv" / "bin"))
    if uv is None:
        pytest.skip("there is no uv")
    command = [uv, "lock", "--check", "--offline", "--project", str(begun.folder)]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    versions = [
        {it["name"]: it.get("version") for it in tomllib.loads(path.read_text("utf-8"))["package"]}
        for path in (begun.folder / "uv.lock", ROOT / "uv.lock")
    ]
    assert versions[0].items() - versions[1].items() <= {
        ("report", "1.0.0"),
        (DISTRIBUTION, "0.1.0"),
    }


def test_scripts_and_style_are_the_repositorys_own(begun: ReportFolder) -> None:
    """There is one copy to change, and the wheel packs each of them."""
    for name in SHARED:
        assert (begun.folder / name).read_bytes() == (ROOT / name).read_bytes()
    hatch = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]
    packed = hatch["build"]["targets"]["wheel"]["force-include"]
    folders = [name for name, to in packed.items() if to == f"imprint/scaffold/shared/{name}"]
    assert {name for name in SHARED if not name.startswith(tuple(folders))} == set()
    modes = {name: os.access(begun.folder / name, os.X_OK) for name in (*SHARED, "scripts/test")}
    assert {name for name, runs in modes.items() if runs} == {
        "scripts/check", "scripts/preview", "scripts/release", "scripts/render", "scripts/test"
    }  # fmt: skip


def test_editors_find_the_schema_of_its_settings(begun: ReportFolder) -> None:
    """Each project file names the schema for an editor; it is there, and the file keeps to it."""
    for name in ("_quarto.yml", "_quarto-summary.yml"):
        text = (begun.folder / name).read_text("utf-8")
        opening, path = text.splitlines()[0].split("$schema=")
        assert opening == "# yaml-language-server: "
        schema = json.loads((begun.folder / path).read_text("utf-8"))
        validator = jsonschema.Draft202012Validator(schema)
        settings = yaml.safe_load(text)
        assert validator.is_valid(settings)
        assert not validator.is_valid({"imprint": {**settings["imprint"], "lable": "A"}})


def test_its_own_tests_pass(begun: ReportFolder) -> None:
    """`scripts/test` has something true to say from the first day."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"],
        cwd=begun.folder, capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 0 and "2 passed" in ran.stdout, ran.stdout


def test_an_example_is_clean_too(tmp_path: Path) -> None:
    """The longer report shows more kinds of things, one of them an exception with its reason."""
    assert new(tmp_path / "cycling", "--example").code == 0
    outcome = ReportFolder(tmp_path / "cycling").run("check")
    assert outcome.code == 0, outcome.said
    assert outcome.said.endswith("6 chapters, 12 statistics: no problems\n")


# --- titles, folders and bad input -----------------------------------------------------------


TITLES = {
    "quotes": '"Three" rides: what\'s #1?',
    "accents": "Évaluer le vélo – 50 % en 2026 🚲",
    "markup": "Back\\slash *stars* [link](x) $5 <b> & `code` %TITLE%",
    "number": "1",
}


@pytest.mark.parametrize("title", cases(TITLES, ("quotes", "markup")))
def test_any_title_will_do(tmp_path: Path, begun: ReportFolder, title: str) -> None:
    """The project file says just these words, and no check takes them for something else."""
    assert new(tmp_path / "cycling", "--title", title).code == 0
    report = ReportFolder(tmp_path / "cycling")
    settings = yaml.safe_load((report.folder / "_quarto.yml").read_text("utf-8"))
    summary = yaml.safe_load((report.folder / "_quarto-summary.yml").read_text("utf-8"))
    assert settings["book"]["title"] == summary["title"] == title
    assert problems_of(with_memo(report, begun)) == ""


def test_what_does_not_print_is_left_out_of_a_title(tmp_path: Path) -> None:
    """A title pasted with a stray control character or line break gives files that can be read."""
    assert new(tmp_path / "cycling", "--title", "Bus\x07 \n lanes\ufffe\u2028now").code == 0
    settings = yaml.safe_load((tmp_path / "cycling" / "_quarto.yml").read_text("utf-8"))
    assert settings["book"]["title"] == "Bus lanes now"


def test_a_subtitle_is_held_to_the_rows_and_a_title_is_a_name(
    tmp_path: Path, begun: ReportFolder
) -> None:
    """What a publication says of itself is a statement; what it is called is none."""
    assert new(tmp_path / "cycling", "--title", "Three rides").code == 0
    report = ReportFolder(tmp_path / "cycling")
    report.edit("_quarto-summary.yml", '"Executive summary"', '"Three rides in 40 towns"')
    told = problems_of(with_memo(report, begun))
    assert "'40'" in told and told.count("[number-has-source]") == 2, told
    assert "_quarto.yml" not in told


def test_any_folder_will_do(tmp_path: Path, begun: ReportFolder) -> None:
    """Quotes, spaces and accents in its path do no harm; the files take what every system can."""
    folder = tmp_path / "above" / 'it\'s a "new" & 100% ünï 🚲'
    assert ReportFolder(tmp_path).run("new", f"above/aside/../{folder.name}").code == 0
    assert not (folder.parent / "aside").exists()
    assert problems_of(with_memo(ReportFolder(folder), begun)) == ""
    assert "output-file: it-s-a-new-100-uni\n" in (folder / "_quarto.yml").read_text("utf-8")
    assert "It's a" in (folder / "README.md").read_text("utf-8")


def test_an_empty_clone_will_do(tmp_path: Path) -> None:
    """A folder that holds nothing but git's own becomes the report, from within too."""
    (tmp_path / "bus-lanes" / ".git").mkdir(parents=True)
    assert ReportFolder(tmp_path / "bus-lanes").run("new", ".").code == 0
    assert 'title: "Bus lanes"' in (tmp_path / "bus-lanes" / "_quarto.yml").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["full"], "folder-is-empty", "overwrites nothing"),
        (["file.txt"], "folder-is-empty", "'file.txt' is a file"),
        (["file.txt/below"], "folder-is-empty", "'file.txt' is a file"),
        ([""], "folder-has-name", "no name"),
        (["a\nb"], "folder-has-name", "not all of it prints"),
        (["a\0b"], "folder-has-name", "not all of it prints"),
        (["a" * 256], "folder-has-name", "too long"),
        (["new", "--title", "🚲🚲"], "title-has-words", "no letter or digit"),
        (["new", "--title", '"«’'], "title-has-words", "no letter or digit"),
        (["new", "--title", ""], "title-has-words", "no letter or digit"),
        (["🚲"], "title-has-words", "`--title`"),
        (["new", "--title", "long " * 50], "title-has-words", "shorten"),
    ],
)
def test_bad_input_is_one_problem(tmp_path: Path, words: list[str], code: str, says: str) -> None:
    """What cannot be is reported once, with what to do, and nothing is written."""
    report = ReportFolder(tmp_path).write("full/mine.txt", "mine").write("file.txt", "mine")
    before = tree(tmp_path)
    outcome = report.run("new", *words)
    assert outcome.code == 1
    assert says in outcome.problems and f"[{code}]" in outcome.problems
    assert outcome.problems.endswith("\n1 problem\n")
    assert tree(tmp_path) == before and len(list(tmp_path.iterdir())) == 2


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a report would be in the way of the next try; what was there stays."""
    (tmp_path / "clone" / ".git").mkdir(parents=True)

    def full(path: Path, mode: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "chmod", full)
    for name in ("above/cycling", "clone"):
        outcome = ReportFolder(tmp_path).run("new", name)
        assert outcome.code == 1 and "[disk-has-room]" in outcome.problems
    assert [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*"))] == [
        "clone", "clone/.git"
    ]  # fmt: skip


# --- the installed package -------------------------------------------------------------------


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, begun: ReportFolder) -> Path:
    """A folder of packages that holds the installed wheel alone."""

    def install(folder: Path) -> None:
        with zipfile.ZipFile(begun.folder / "vendor" / WHEEL) as archive:
            archive.extractall(folder)

    return made_once("site", install)


def run_installed(site: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "imprint", *words], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(site), "PYTHONPYCACHEPREFIX": str(folder / "pyc")},
    )  # fmt: skip


def test_the_installed_package_begins_the_same_report(site: Path, tmp_path: Path) -> None:
    """From the wheel alone come the same files as from the checkout, and a wheel of the same."""
    for name in ("one/cycling", "two/cycling"):
        ran = run_installed(site, tmp_path, "new", name)
        assert ran.returncode == 0, ran.stderr
    one, two = tree(tmp_path / "one"), tree(tmp_path / "two")
    assert one == two
    assert new(tmp_path / "cycling").code == 0
    ours = {f"cycling/{name}": text for name, text in tree(tmp_path / "cycling").items()}
    assert one.keys() == ours.keys()
    differing = {name for name in ours if one[name] != ours[name]}
    assert differing <= {f"cycling/vendor/{WHEEL}", "cycling/uv.lock"}
    wheels = [
        zipfile.ZipFile(tmp_path / folder / "cycling" / "vendor" / WHEEL) for folder in ("one", ".")
    ]
    assert sorted(wheels[0].namelist()) == sorted(wheels[1].namelist())
    assert wheels[0].testzip() is None


def test_a_changed_package_is_not_passed_on(site: Path, tmp_path: Path) -> None:
    """What is pinned in a new report is what was released, or nothing."""
    spoilt = tmp_path / "spoilt"
    shutil.copytree(site, spoilt)
    with (spoilt / "imprint" / "cli.py").open("a") as file:
        file.write("# mine\n")
    ran = run_installed(spoilt, tmp_path, "new", "cycling")
    assert ran.returncode == 1
    assert "its file imprint/cli.py is not as it was installed [package-is-whole]" in ran.stderr
    assert ran.stderr.endswith("1 problem\n") and not (tmp_path / "cycling").exists()
