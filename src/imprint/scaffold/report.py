"""A new report: every file of it as bytes, then written into a folder that is empty.

The templates stand in `files/`, as the report will hold them, with a few words to fill in; what
reports share with Imprint's own repository is taken from there, or from its copy in the wheel.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from imprint.core.digests import bytes_digest
from imprint.core.escaping import escape, slug
from imprint.core.files import writing
from imprint.core.problems import Problem, ReportError, problem
from imprint.read.packaged import DISTRIBUTION, PACKAGE, own_extension, packaged
from imprint.scaffold.lock import report_lock
from imprint.scaffold.wheel import WHEEL, own_wheel

FILES = PACKAGE / "scaffold" / "files"
SHARED = (
    ".github/workflows/pages.yml", ".github/workflows/release.yml", ".github/workflows/review.yml",
    ".gitlab-ci.yml", ".pre-commit-config.yaml",
    "scripts/bootstrap.py", "scripts/check", "scripts/preview", "scripts/release", "scripts/render",
    "scripts/hooks/after-quarto.py", "scripts/hooks/before-quarto.py",
    "styles/imprint.csl", "styles/imprint.scss",
)  # fmt: skip
"""Files that a report has from Imprint's repository as they are."""
EXAMPLE = "chapters/schools.qmd"
"""The chapter that an example has besides."""
LONGEST_TITLE = 200
"""In characters."""
LONGEST_NAME = 255
"""In bytes: what file systems hold."""
_HIDDEN = "dot-"
"""Begins the name of a template that tools would take for ours if it were hidden here too."""


def plan_report(
    folder: Path, title: str | None = None, *, example: bool = False
) -> dict[str, bytes]:
    """Every file of a new report in `folder` by its path there; nothing is written.

    Without a title it is called after the folder; an `example` has one chapter more.
    Raises ReportError with every problem of folder and title.
    """
    _require_names(folder)
    folder = folder.resolve()
    title = _titled(folder.name) if title is None else _plain(title)
    problems = [*_folder_problems(folder), *_title_problems(title)]
    if problems:
        raise ReportError(problems)
    words = {
        "%TITLE%": json.dumps(title, ensure_ascii=False),
        "%HEADING%": title,
        # In Markdown, of which the colophon keeps emphasis alone.
        "%CITED%": f"*{title}*" if escape(title) == title else "*This report*",
        "%NAME%": slug(folder.name) or slug(title) or "report",
        "%MORE%": f"\n    - {EXAMPLE}" if example else "",
        "%DISTRIBUTION%": DISTRIBUTION,
        "%WHEEL%": f"vendor/{WHEEL}",
    }
    files = dict(_templates(FILES / "report", words))
    for name, content in _templates(FILES / "example", words) if example else ():
        files[name] = files.get(name, b"") + content  # rows and works go after the others
    for path in SHARED:
        files[path] = packaged(f"scaffold/shared/{path}", path).read_bytes()
    look = own_extension()
    for file in filter(Path.is_file, look.rglob("*")):
        files[f"_extensions/imprint/{file.relative_to(look).as_posix()}"] = file.read_bytes()
    wheel = own_wheel()
    files[words["%WHEEL%"]] = wheel
    lock = report_lock(words["%WHEEL%"], bytes_digest(wheel))
    files["uv.lock"] = lock.encode()
    return dict(sorted(files.items()))


def write_report(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a planned report; what cannot be written whole is taken away again.

    Raises ReportError where the disk refuses.
    """
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        with writing(folder):
            for name, content in files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("xb") as file:
                    file.write(content)
                if content.startswith(b"#!"):
                    path.chmod(path.stat().st_mode | 0o111)
    except BaseException:
        if made:
            shutil.rmtree(made[-1], ignore_errors=True)
        else:
            for top in {name.partition("/")[0] for name in files}:
                path = folder / top
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        raise


def _templates(folder: Path, words: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """Every template of a folder by its path in the report, filled in."""
    unfilled = re.compile("|".join(words))
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or "__pycache__" in path.parts:
            continue
        name = "/".join(
            f".{part.removeprefix(_HIDDEN)}" if part.startswith(_HIDDEN) else part
            for part in path.relative_to(folder).parts
        )
        text = path.read_text(encoding="utf-8")
        yield name, unfilled.sub(lambda found: words[found[0]], text).encode()


def _require_names(folder: Path) -> None:
    """Raise ReportError where a part of the path can be no name of a folder."""
    for name in folder.parts:
        if not all(map(_prints, name)) or len(os.fsencode(name)) > LONGEST_NAME:
            message = "this can be no folder's name: it is too long, or not all of it prints"
            fix = "give a short name in letters"
            raise ReportError([problem("folder-has-name", name[:60], 0, message, fix)])


def _folder_problems(folder: Path) -> Iterator[Problem]:
    inside = next((path for path in (folder, *folder.parents) if os.path.lexists(path)), folder)
    if not inside.is_dir():
        message = f"'{inside.name}' is a file, so there can be no folder of that name"
        yield problem("folder-is-empty", folder.name, 0, message, "give another name")
    elif inside == folder and any(path.name != ".git" for path in folder.iterdir()):
        message = "the folder is not empty, and a new report overwrites nothing"
        yield problem("folder-is-empty", folder.name, 0, message, "give the name of a new folder")


def _title_problems(title: str) -> Iterator[Problem]:
    if len(title) > LONGEST_TITLE:
        message = f"the title has {len(title)} characters, and {LONGEST_TITLE} at most fit a cover"
        yield problem("title-has-words", "--title", 0, message, "shorten it")
    elif not any(map(str.isalnum, title)):
        message = f"the title '{title}' has no letter or digit"
        fix = "give one with `--title`, in words that a reader can say"
        yield problem("title-has-words", "--title", 0, message, fix)


def _plain(text: str) -> str:
    """Text on one line, without what does not print."""
    return " ".join("".join(it for it in text if it.isspace() or _prints(it)).split())


def _prints(character: str) -> bool:
    """Whether a character is more than a control, or what no YAML file may hold."""
    return unicodedata.category(character) not in ("Cc", "Cs") and character not in "\ufffe\uffff"


def _titled(name: str) -> str:
    """A folder's name as a title: `bus-lanes` is Bus lanes."""
    words = _plain(re.sub("[-_]", " ", name))
    return words[:1].upper() + words[1:]
