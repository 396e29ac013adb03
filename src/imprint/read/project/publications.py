"""`_quarto.yml` and its profiles -> Project with every publication, or all its problems."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, Literal

from imprint.core.model import Project, Publication
from imprint.core.problems import Place, Problem, ReportError, nearest
from imprint.core.root import PROJECT_FILE
from imprint.read.chapters.ipynb import cell_source, load_notebook
from imprint.read.chapters.markdown_source import front_matter_end
from imprint.read.file_names import is_file
from imprint.read.node import Node
from imprint.read.project.brand import brand_problems, with_brand
from imprint.read.project.contents import Contents, near_files, path_named
from imprint.read.project.dates import with_day
from imprint.read.project.extensions import OWN, extension_problems, installed_extensions
from imprint.read.project.folder_metadata import with_folder_metadata
from imprint.read.project.put_in import read_put_in
from imprint.read.project.quarto_subset import level_problems, metadata_problems, sound
from imprint.read.project.settings import OWN_KEY, schema, settings_of
from imprint.read.project.yaml_source import located, merge, read_text, read_yaml, read_yaml_file

VARIABLES = "_variables"
"""The key of a publication's metadata that holds what `_variables.yml` names."""


def read_project(root: Path) -> Project:
    """Read the project and all its publications, that of the default profile first.

    Raises ReportError with every problem of `_quarto.yml` and the profile files where one of them
    is an error.
    """
    project, problems = survey_project(root)
    if any(found.severity == "error" for found in problems):
        raise ReportError(problems)
    return project


def survey_project(root: Path) -> tuple[Project, list[Problem]]:
    """Read as much of the project as can be read, and say what is wrong with the rest.

    Raises ReportError where nothing can be read: `_quarto.yml` is no map that YAML can read.
    """
    base, problems = read_yaml_file(root / PROJECT_FILE, PROJECT_FILE)
    base, wrong = _require_map(base)
    problems += wrong
    if problems:
        raise ReportError(problems)
    profiles: dict[str, Node] = {}
    for path in sorted(root.glob("_quarto-*.yml")):
        node, wrong = read_yaml_file(path, path.name)
        node, not_a_map = _require_map(node)
        profiles[path.stem.removeprefix("_quarto-")] = node
        problems += wrong + not_a_map

    problems += brand_problems(root, "", base)[1]
    problems += extension_problems(root)
    extensions = installed_extensions(root)
    for node in (base, *profiles.values()):
        problems += metadata_problems(node, "project file", extensions)
        problems += read_put_in(root, "", sound(node))[2]
        problems += level_problems(node.at("project"), "project")
        problems += level_problems(node.at("book"), "book")

    names, wrong = _publication_names(base, profiles)
    problems += wrong
    settings = Node({k: n for k, n in base.map.items() if k != "profile"}, base.place, base.key)
    publications = []
    merged = [settings]
    for name in names:
        node = merge(settings, profiles[name]) if name in profiles else settings
        file = f"_quarto-{name}.yml" if name in profiles else PROJECT_FILE
        publication, wrong = _publication(root, name, file, node)
        publications.append(publication)
        merged.append(node)
        problems += wrong
    named: list[tuple[str, ...]] = []
    for keys in (("bibliography",), ("csl",), ("imprint", "cover", "image")):
        files, wrong = source_files(root, merged, *keys)
        named.append(files)
        problems += wrong
    bibliography, styles, _ = named
    execute_dir, wrong = _execute_dir(settings)
    problems += wrong
    csl = styles[0] if styles else ""
    own = settings_of(base)
    plain = not any(uses_ours(node.plain()) for node in merged) and not has_our_files(root)
    project = Project(root, tuple(publications), execute_dir, bibliography, csl, own, plain)
    return project, problems


def select(project: Project, names: Sequence[str]) -> tuple[Publication, ...]:
    """The named publications in the project's order; all of them where no name is given.

    Raises ReportError for every unknown name.
    """
    known = [publication.name for publication in project.publications]
    unknown = [
        Problem(
            Place(PROJECT_FILE),
            "publication-exists",
            f"there is no publication '{name}'",
            nearest(name, known) or f"known are {', '.join(known)}",
        )
        for name in names
        if name not in known
    ]
    if unknown:
        raise ReportError(unknown)
    return tuple(p for p in project.publications if not names or p.name in names)


def uses_ours(metadata: Mapping[str, Any]) -> bool:
    """Whether metadata name our formats, or settings of ours."""
    formats = metadata.get("format")
    names = [formats] if isinstance(formats, str) else formats
    own = metadata.get(OWN_KEY)
    settings = own.keys() & schema()["properties"].keys() if isinstance(own, Mapping) else set()
    ours = any(str(name).startswith(f"{OWN}-") for name in names or ())
    return ours or bool(settings - {"values"})


def has_our_files(root: Path) -> bool:
    """Whether a folder holds our extension, or data that we describe."""
    return is_file(root, f"_extensions/{OWN}/_extension.yml") or is_file(
        root, "data/datapackage.json"
    )


def _require_map(node: Node) -> tuple[Node, list[Problem]]:
    empty = Node({}, node.place, node.key)
    if node.value is None:
        return empty, []
    if isinstance(node.value, dict):
        return node, []
    message = "the file must hold `key: value` lines"
    return empty, [Problem(node.place, "yaml-is-valid", message, "begin with `project:`")]


def _publication_names(base: Node, profiles: dict[str, Node]) -> tuple[list[str], list[Problem]]:
    """Publications in the order of the profile groups, then by name; the default one first."""
    grouped = [member for item in base.items_at("profile", "group") for member in item.items]
    default = base.at("profile", "default")
    chosen = default.items if default else tuple(grouped[:1])
    is_book = base.text("project", "type") == "book"
    plain = chosen[0].text() if chosen else ("report" if is_book else "document")
    problems = []
    if len(chosen) > 1:
        message = "the embedded engine renders one profile at a time"
        problems.append(Problem(chosen[1].place, "profile-exists", message, "name one default"))
    names = [plain]
    for member in grouped:
        name = member.text()
        if name not in profiles and name != plain:
            message = f"profile '{name}' has no file `_quarto-{name}.yml`"
            fix = nearest(name, profiles) or "write the file or delete the name"
            problems.append(Problem(member.place, "profile-exists", message, fix))
        elif name not in names:
            names.append(name)
    return names + [name for name in profiles if name not in names], problems


def _publication(root: Path, name: str, file: str, node: Node) -> tuple[Publication, list[Problem]]:
    kind = node.at("project", "type")
    kind_name = kind.text() if kind else "default"
    problems: list[Problem] = []
    if kind and kind_name not in ("book", "default"):
        message = f"the embedded engine does not render projects of type '{kind_name}'"
        fix = nearest(kind_name, ("book", "default")) or "use `book` or `default`"
        problems.append(Problem(kind.place, "project-is-supported", message, fix))
    is_book = kind_name == "book"
    reader = Contents(root)
    entries = reader.book(node, file) if is_book else reader.single(node, file)
    problems += reader.problems
    if is_book:
        title, document = node.text("book", "title"), ""
        stem = node.text("book", "output-file") or node.text("output-file")
        stem = stem or re.sub(r"[^\w]+", "-", title).strip("-").lower() or name
    else:
        document = entries[0].path if entries else ""
        node = merge(node, front_matter_of(root, document))
        stems = [form.text("output-file") for form in node.map_at("format").values()]
        stem = node.text("output-file") or next(filter(None, stems), "") or Path(document).stem
    if "/" in stem or "\\" in stem:
        place = (node.at("book", "output-file") or node.at("output-file") or node).place
        message = f"output file '{stem}' must be a name without folders"
        problems.append(Problem(place, "output-is-a-name", message, "delete the folder"))
    stem = re.sub(r"\.(pdf|html)$", "", stem)
    own = settings_of(node)
    kept = sound(node)
    metadata = with_day(root, document or PROJECT_FILE, kept.plain())
    metadata = with_brand(root, document, metadata | read_put_in(root, document, kept)[0])
    if is_file(root, f"{VARIABLES}.yml"):
        named, wrong = read_yaml_file(root / f"{VARIABLES}.yml", f"{VARIABLES}.yml")
        problems += wrong
        metadata = {**metadata, VARIABLES: named.plain() or {}}
    return Publication(name, is_book, tuple(entries), metadata, stem, file, own), problems


def front_matter_of(root: Path, document: str) -> Node:
    """Front matter of a one-page publication; what is wrong with it, reading the chapter tells."""
    empty = Node({}, Place(document), Place(document))
    text = read_text(root / document, document)[0] if document else ""
    if document.endswith(".ipynb"):
        notebook, _ = load_notebook(text, document)
        text = cell_source(next(iter(notebook["cells"]), {})) if notebook else ""
    lines = text.split("\n")
    inner = "\n".join(lines[1 : max(front_matter_end(lines), 1)])
    node = read_yaml(inner, located(document, 2))[0]
    return with_folder_metadata(root, document, node if isinstance(node.value, dict) else empty)[0]


def source_files(
    root: Path, nodes: Sequence[Node], *keys: str, document: str = ""
) -> tuple[tuple[str, ...], list[Problem]]:
    """The files that project files name from the root, or the front matter of a document from its
    folder or the root, and what is wrong with them."""
    files: list[str] = []
    problems = []
    for item in (item for node in nodes for item in node.items_at(*keys)):
        beside, path = path_named(document, item.text()), path_named("", item.text())
        path = beside if is_file(root, beside) else path
        wrong = _unreadable(root, path, item, " ".join(keys))
        if wrong:
            problems.append(wrong)
        elif path not in files:
            files.append(path)
    return tuple(files), problems


def _unreadable(root: Path, path: str, item: Node, kind: str) -> Problem | None:
    """Why a file that is named under a key cannot serve; None where it can."""
    if "://" in item.text():
        message = f"{kind} '{item.text()}' is an address, and nothing is fetched"
        return Problem(item.place, "file-exists", message, "save it in the project, and name that")
    if not is_file(root, path):
        fix = near_files(root, path, (PurePath(path).suffix,))
        fix = fix or "fix the path, which starts at the project's root"
        return Problem(item.place, "file-exists", f"{kind} file '{path}' does not exist", fix)
    return None


def _execute_dir(node: Node) -> tuple[Literal["file", "project"], list[Problem]]:
    given = node.at("project", "execute-dir")
    if given is None or given.value == "file":
        return "file", []
    if given.value == "project":
        return "project", []
    message = f"execute-dir '{given.text()}' is neither `file` nor `project`"
    return "file", [Problem(given.place, "project-is-supported", message, "write `project`")]
