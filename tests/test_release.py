"""`imprint release` and `imprint verify`: a bundle that anyone can check and rebuild."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import pypdf
import pytest

from imprint.core.problems import ReportError
from imprint.release.archive import bundle_contents, packed
from imprint.release.facts import PublicationFacts, ReleaseFacts
from imprint.release.records import citation_cff, codemeta_json, ro_crate, zenodo_json
from imprint.release.ris import ris
from reports import ReportFolder, copy_report, pdf_words
from versioned import git, versioned

NAME = "minimal-1.0"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """The minimal report with a version, and its bundle in dist/."""
    made = copy_report("minimal", tmp_path_factory.mktemp("release") / "report")
    text = (made.folder / "_quarto.yml").read_text()
    assert "imprint:" not in text
    made.write("_quarto.yml", text + '\nimprint: {version: "1.0", licence-id: CC-BY-4.0}\n')
    made.write(".gitignore", "/dist/\n/_output/\n/.imprint/\n/figures/drawn/\n")
    versioned(made)
    outcome = made.run("release")
    assert outcome.code == 0, outcome.problems
    return made


@pytest.fixture
def bundle(released: ReportFolder, tmp_path: Path) -> Path:
    """A copy of the bundle's folder."""
    found = next(it for it in (released.folder / "dist").iterdir() if it.is_dir())
    return Path(shutil.copytree(found, tmp_path / found.name))


def archive_of(released: ReportFolder) -> Path:
    """The bundle's archive."""
    return next((released.folder / "dist").glob("*.zip"))


def test_a_bundle_holds_what_readers_archives_and_rebuilders_want(bundle: Path) -> None:
    """Everything is there, says the same of the release, and is checked without Imprint."""
    files = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    assert files >= {
        ".zenodo.json", "CITATION.cff", "README.txt", "SHA256SUMS", "codemeta.json",
        "data/datapackage.json", "data/statistics.csv", "manifest.json", "provenance.intoto.json",
        "provenance.json", "references/references.bib", "references/references.json",
        "references/references.ris", "ro-crate-metadata.json", "sbom.cdx.json", "site/index.html",
    }  # fmt: skip
    assert [it for it in files if it.startswith("pdf/") and it.endswith(".pdf")]
    ran = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=bundle, check=False)
    assert ran.returncode == 0
    manifest = json.loads((bundle / "manifest.json").read_text())
    assert manifest["release"] == "1.0"
    said = f"1.0, made from revision {manifest['commit'][:10]}"
    assert f"<p>{said}</p>" in (bundle / "site/review/index.html").read_text()
    built = json.loads((bundle / "site/manifest.json").read_text())
    assert built["revision"] == manifest["commit"][:10]
    pdf = pypdf.PdfReader(next((bundle / "pdf").glob("*.pdf")))
    assert said in pdf_words(pdf)
    for name in ("CITATION.cff", "README.txt", "codemeta.json", ".zenodo.json"):
        assert "1.0" in (bundle / name).read_text()
    for name in ("CITATION.cff", "README.txt", ".zenodo.json", "provenance.intoto.json"):
        assert manifest["commit"] in (bundle / name).read_text()
    bill = json.loads((bundle / "sbom.cdx.json").read_text())
    names = {it["name"] for it in bill["components"]}
    assert {"imprint-reports", "pandas", "typst"} <= names
    assert "pytest" not in names, "what tests alone need has no hand in a report"


def test_a_bundle_is_verified_and_what_was_changed_is_named(
    released: ReportFolder, bundle: Path
) -> None:
    """A file changed, added, missing."""
    sound = released.run("verify", str(archive_of(released)))
    assert sound.code == 0, sound.problems
    assert "not checked: there is no signature" in sound.said
    (bundle / "site/index.html").write_text("Hello")
    (bundle / "more.txt").write_text("Hello")
    (bundle / "CITATION.cff").unlink()
    outcome = released.run("verify", str(bundle))
    assert outcome.code == 1
    told = [line for line in outcome.said.splitlines() if line.startswith("differs")]
    assert told == [
        "differs: CITATION.cff: missing", "differs: site/index.html: changed",
        "differs: more.txt: added",
    ]  # fmt: skip


def test_a_commit_gives_the_same_bytes_again(
    released: ReportFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In another clone, below another home, with another clock zone and mask."""
    git(tmp_path, "clone", "-q", str(released.folder), "elsewhere with a space")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("HOME", str(tmp_path))
    before = os.umask(0o077)
    try:
        clone = ReportFolder(tmp_path / "elsewhere with a space")
        outcome = clone.run("verify", str(archive_of(released)), "--rebuild")
    finally:
        os.umask(before)
    assert outcome.code == 0, outcome.said + outcome.problems
    assert "are the same bytes when built again" in outcome.said


def test_what_may_not_be_released_is_one_problem(released: ReportFolder, tmp_path: Path) -> None:
    """What is there already, what is not committed, a report without version or with a problem."""
    assert "this bundle is there already" in released.run("release").problems
    git(tmp_path, "clone", "-q", str(released.folder), "clone")
    clone = ReportFolder(tmp_path / "clone")
    clone.write("new.txt", "")
    assert "git: not committed: new.txt" in clone.run("release").problems
    (clone.folder / "new.txt").unlink()
    clone.edit("_quarto.yml", 'version: "1.0", ', "")
    git(clone.folder, "commit", "-qam", "Take the version away")
    assert "the report gives no version" in clone.run("release").problems
    git(clone.folder, "reset", "-q", "--hard", "HEAD^")
    clone.edit("chapters/method.qmd", "# Method", "# Method @nobody_2000")
    git(clone.folder, "commit", "-qam", "Cite nobody")
    outcome = clone.run("release")
    assert "chapters/method.qmd" in outcome.problems and outcome.code == 1
    assert not (clone.folder / "dist").exists()


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH signs releases")
def test_a_signed_bundle_says_who_signed_it(released: ReportFolder, bundle: Path) -> None:
    """By a key that is trusted; a signature of something else does not count."""
    from imprint.release.verify import SIGNATURE, sign

    key = bundle.parent / "key"
    asked = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)]
    subprocess.run(asked, check=True)
    signers = bundle.parent / "signers"
    signers.write_text(f"ada@example.org {key.with_suffix('.pub').read_text()}")
    (bundle / SIGNATURE).write_bytes(sign((bundle / "SHA256SUMS").read_bytes(), key))
    outcome = released.run("verify", str(bundle), "--signers", str(signers))
    assert "matches: signed by ada@example.org" in outcome.said, outcome.said
    (bundle / SIGNATURE).write_bytes(sign(b"something else", key))
    outcome = released.run("verify", str(bundle), "--signers", str(signers))
    assert outcome.code == 1 and "no signature of SHA256SUMS" in outcome.said
    with pytest.raises(ReportError, match="cannot sign"):
        sign(b"", key.with_suffix(".nowhere"))


# --- archives ----------------------------------------------------------------------------------

WHEN = "2026-11-30T10:53:18Z"


def zipped(path: Path, *entries: tuple[str, bytes, int]) -> Path:
    """An archive of entries by name, content and mode."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, mode in entries:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            archive.writestr(entry, content)
    return path


def test_archives_are_the_same_bytes_and_come_back_whole() -> None:
    """Whatever the order in which files are given."""
    files = {"a.txt": b"one", "b/c.txt": b"two"}
    made = packed("report-1.0", files, WHEN)
    assert made == packed("report-1.0", dict(reversed(files.items())), WHEN)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.namelist() == ["report-1.0/a.txt", "report-1.0/b/c.txt"]


@pytest.mark.parametrize(
    ("name", "mode", "said"),
    [
        ("report/../../etc/passwd", stat.S_IFREG, "leads out of the bundle"),
        ("/etc/passwd", stat.S_IFREG, "leads out of the bundle"),
        ("report\\..\\x", stat.S_IFREG, "leads out of the bundle"),
        ("report/link", stat.S_IFLNK, "is a link"),
        ("top.txt", stat.S_IFREG, "in no folder"),
    ],
)
def test_archives_that_would_do_harm_are_refused(
    name: str, mode: int, said: str, tmp_path: Path
) -> None:
    """Nothing is unpacked."""
    made = zipped(tmp_path / "x.zip", (name, b"x", mode))
    with pytest.raises(ReportError, match=said):
        bundle_contents(made)


def test_what_is_no_bundle_is_one_problem(tmp_path: Path) -> None:
    """No file, no archive, one that says it is larger than any bundle, one cut off."""
    text = tmp_path / "x.zip"
    with pytest.raises(ReportError, match="no such file"):
        bundle_contents(text)
    text.write_text("Hello")
    with pytest.raises(ReportError, match="this is no bundle"):
        bundle_contents(text)
    whole = zipped(tmp_path / "y.zip", ("report/a", b"x" * 10_000, stat.S_IFREG)).read_bytes()
    text.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ReportError, match="this is no bundle"):
        bundle_contents(text)
    said = int.to_bytes(10_000, 4, "little")
    text.write_bytes(whole.replace(said, int.to_bytes(2**32 - 2, 4, "little")))
    with pytest.raises(ReportError, match="more than a bundle may"):
        bundle_contents(text)


def test_a_manifest_of_a_later_version_is_left_to_that_version(
    released: ReportFolder, bundle: Path
) -> None:
    """And a folder that is no bundle is told as such."""
    manifest = json.loads((bundle / "manifest.json").read_text())
    (bundle / "manifest.json").write_text(json.dumps(manifest | {"version": 99}))
    assert "is of form 99" in released.run("verify", str(bundle)).problems
    (bundle / "manifest.json").write_text("[" * 100_000)
    assert "no manifest.json of a release" in released.run("verify", str(bundle)).problems


# --- records -----------------------------------------------------------------------------------

FACTS = ReleaseFacts(
    "rides", "1.0", "a" * 40, WHEN, "en-GB", ("cycling",), "CC-BY-4.0", "10.1234/rides",
    frozenset({"Institute of Rides"}),
    (PublicationFacts("review", "Rides", ("Ada Lovelace", "Institute of Rides"), "rides.pdf"),),
)  # fmt: skip


def test_records_agree_on_the_release() -> None:
    """Version, title, authors, date and identifier, each in the record's own words."""
    cff = citation_cff(FACTS)
    for said in ("version: '1.0'", "title: Rides", "family-names: Lovelace", "doi: 10.1234/rides",
                 "date-released: '2026-11-30'", "name: Institute of Rides"):  # fmt: skip
        assert said in cff
    zenodo = zenodo_json(FACTS)
    assert zenodo["creators"] == [{"name": "Lovelace, Ada"}, {"name": "Institute of Rides"}]
    assert (zenodo["version"], zenodo["doi"]) == ("1.0", "10.1234/rides")
    assert [it["@type"] for it in codemeta_json(FACTS)["author"]] == ["Person", "Organization"]
    graph = {it["@id"]: it for it in ro_crate(FACTS, {"a.txt": 3})["@graph"]}
    assert graph["./"]["identifier"] == "https://doi.org/10.1234/rides"
    assert graph["a.txt"]["contentSize"] == "3"


def test_works_are_written_for_reference_managers() -> None:
    """Names, dates and pages as RIS has them."""
    work = {
        "id": "berg_2010", "type": "article-journal", "title": "On rides", "page": "3–9",
        "author": [{"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
                   {"literal": "Institute of Rides"}],
        "issued": {"date-parts": [[2010, 5]]}, "DOI": "10.1/x", "container-title": "Rides",
    }  # fmt: skip
    assert ris([work]).split("\r\n") == [
        "TY  - JOUR", "ID  - berg_2010", "AU  - van der Berg, Jan", "AU  - Institute of Rides",
        "PY  - 2010", "DA  - 2010/05//", "TI  - On rides", "T2  - Rides", "DO  - 10.1/x",
        "SP  - 3", "EP  - 9", "ER  - ", "", "",
    ]  # fmt: skip
