"""`_brand.yml`, or what `brand:` names -> the colours of pages and print, what shortcodes print of
it, and what of it is not kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from imprint.core.problems import Place, Problem
from imprint.read.file_names import is_file
from imprint.read.node import Node, node_of
from imprint.read.project.colours import READABLE, contrast
from imprint.read.project.contents import path_named
from imprint.read.project.yaml_source import read_yaml_file

FILES = ("_brand.yml", "_brand.yaml", "_brand/_brand.yml", "_brand/_brand.yaml")
BRAND = "_brand"
"""The key of a publication's metadata that holds what shortcodes print of the brand."""
_KEPT = {"accent": "primary", "highlight": "secondary"}
"""Our names of colours, and the brand's."""
_NAMED = {
    "black": "#000000", "blue": "#0000ff", "gray": "#808080", "green": "#008000",
    "maroon": "#800000", "navy": "#000080", "olive": "#808000", "purple": "#800080",
    "red": "#ff0000", "silver": "#c0c0c0", "teal": "#008080", "white": "#ffffff",
}  # fmt: skip
_RGB = re.compile(r"rgb\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)")


def with_brand(root: Path, document: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata with the brand's colours under `imprint: colours:`, where they set none, and
    with what shortcodes print of it."""
    own = metadata.get("imprint")
    own = own if isinstance(own, Mapping) else {}
    project = metadata.get("project")
    given = project.get("brand") if isinstance(project, Mapping) else None
    given = metadata.get("brand", given)
    node, file, problems = _brand(root, document, given)
    found = _colours(node) if node and not problems and not own.get("colours") else {}
    colours = {name: colour for name, colour in found.items() if colour}
    shown = _shown(node, file or document) if node else {}
    if isinstance(given, Mapping) and "dark" in given:
        dark, file, _ = _brand(root, document, {"light": given["dark"]})
        of_dark = _shown(dark, file or document) if dark else {}
        shown |= {name: it for name, it in of_dark.items() if name.endswith(" dark")}
    kept = {**metadata, BRAND: shown} if shown else dict(metadata)
    return {**kept, "imprint": {**own, "colours": colours}} if colours else kept


def _shown(node: Node, file: str) -> dict[str, Any]:
    """What shortcodes print, by their words, of a brand written in this file: `color blue`, `color
    blue dark` -> a colour; `logo small` -> an image's `path` and `alt`."""
    colours, logos = node.at("color"), node.at("logo")
    palette, images = node.at("color", "palette"), node.at("logo", "images")
    names = {*(colours.map if colours else ()), *(palette.map if palette else ())}
    shown: dict[str, Any] = {}
    for mode in ("light", "dark"):
        for name in sorted(names - {"palette"}):
            shown[f"color {name} {mode}"] = _colour(node, name, mode)
        for name in sorted({*(logos.map if logos else ()), *(images.map if images else ())}):
            if name != "images" and (logo := _logo(node, name, mode)):
                path = logo["path"]
                path = path if "://" in path else "/" + path_named(file, path)
                shown[f"logo {name} {mode}"] = {**logo, "path": path}
    return {it.removesuffix(" light"): value for it, value in shown.items() if value} | shown


def _logo(node: Node, name: str, mode: str) -> dict[str, str]:
    """The path and the description of a logo by the name of its size or of its image."""
    found = _in_mode(node.at("logo", name), mode) or node.at("logo", "images", name)
    named = _in_mode(node.at("logo", "images", found.text()), mode) if found else None
    found = named or found
    if found is None:
        return {}
    path = found.text("path") if found.map else found.text()
    return {"path": path, "alt": found.text("alt") if found.map else ""} if path else {}


def brand_problems(root: Path, document: str, metadata: Node) -> tuple[list[str], list[Problem]]:
    """The brand's file from the root, and what of the brand is wrong or, as a warning, not kept."""
    given = metadata.at("brand") or metadata.at("project", "brand")
    light = (given.at("light") or given) if given else None
    node, file, problems = _brand(root, document, given.plain() if given else None)
    if light and light.map:
        node = light
    if node is not None:
        return [file] if file else [], problems or list(_not_kept(node))
    if light is None or not isinstance(light.value, str):
        return [], []
    message = f"brand file '{light.value}' does not exist"
    return [], [Problem(light.place, "file-exists", message, "fix the path")]


def _brand(root: Path, document: str, given: Any) -> tuple[Node | None, str, list[Problem]]:
    """What the brand says, the file that says it and what is wrong with that; None without one."""
    if given is False:
        return None, "", []
    if isinstance(given, Mapping):
        light = given.get("light", given)
        if not isinstance(light, str):
            return node_of(light, Place(document)), "", []
        given = light
    for path in [path_named(document, given)] if isinstance(given, str) else FILES:
        if not path.startswith("..") and is_file(root, path):
            node, problems = read_yaml_file(root / path, path)
            return node, path, problems
    return None, "", []


def _colours(node: Node) -> dict[str, str]:
    """The colours that are kept, as `#rrggbb`; empty texts for those that cannot be read."""
    written = {ours: _colour(node, theirs) for ours, theirs in _KEPT.items()}
    return {name: _as_hex(colour) for name, colour in written.items() if colour}


def _colour(node: Node, name: str, mode: str = "light") -> str:
    """A colour of the brand as it is written in the end, after its palette's names."""
    seen: set[str] = set()
    written = name
    while written not in seen:
        seen.add(written)
        places = (node.at("color", "palette", written), node.at("color", written))
        found = next((it for place in places if (it := _in_mode(place, mode))), None)
        if found is None:
            return written if written != name else ""
        written = found.text()
    return ""


def _in_mode(node: Node | None, mode: str) -> Node | None:
    """What holds in the light or the dark, where the two are told apart."""
    return node.at(mode) if node and node.map.keys() & {"light", "dark"} else node


def _as_hex(colour: str) -> str:
    colour = colour.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3}", colour):
        return "#" + "".join(sign * 2 for sign in colour[1:])
    if re.fullmatch(r"#[0-9a-f]{6}([0-9a-f]{2})?", colour):
        return colour[:7]
    if (rgb := _RGB.fullmatch(colour)) and all(int(part) < 256 for part in rgb.groups()):
        return "#" + bytes(int(part) for part in rgb.groups()).hex()
    return _NAMED.get(colour, "")


def _not_kept(node: Node) -> Iterator[Problem]:
    code, fix = "option-is-supported", "render with Quarto itself for them"
    for name in (it for it in node.map if it in ("logo", "typography", "defaults")):
        message = f"the embedded engine does not keep the brand's '{name}'"
        yield Problem(node.map[name].key, code, message, fix, "warning")
    colours = node.at("color")
    others = [it for it in (colours.map if colours else ()) if it not in _KEPT.values()]
    if colours and (others := [it for it in others if it != "palette"]):
        listed = ", ".join(others)
        message = f"only the brand's colours 'primary' and 'secondary' are kept, not {listed}"
        yield Problem(colours.key, code, message, fix, "warning")
    for ours, colour in _colours(node).items():
        place = (node.at("color", _KEPT[ours]) or node).place
        if not colour:
            message = f"the brand's colour '{_KEPT[ours]}' cannot be read here"
            yield Problem(place, code, message, 'write it as "#rrggbb"', "warning")
        elif ours == "accent" and contrast(colour, "#ffffff") < READABLE:
            message = f"text in '{colour}', the brand's 'primary', is hard to read on white"
            fix_colour = f"take a darker colour: readers need a contrast of {READABLE}"
            yield Problem(place, "colour-is-readable", message, fix_colour, "warning")
