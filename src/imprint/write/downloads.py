"""Figures for download: each as it was drawn, the same in pixels, and the rows behind it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path

import typst

from imprint.core import digests, store
from imprint.core.files import DRAWN
from imprint.read.packaged import installed
from imprint.write.pdf.typeset import fonts
from imprint.write.provenance import drawn_by
from imprint.write.site.planned import PlannedFile, copied

PPI = 200
"""Pixels per inch of a figure in pixels."""

_PAGES = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#for path in sys.inputs.paths.split("\\n") { page(image(path)) }
"""
_TOGETHER = 25
"""Figures; each holds some five megabytes until all of them are made."""
_AFTER_HEADER = 8 + 25
"""Bytes of a PNG's signature and first chunk."""


def figure_files(root: Path, names: Iterable[str], *, keeps: bool) -> Iterator[PlannedFile]:
    """The files of the named figures, as far as they have been drawn; paths are those in the
    output. `keeps`: take pixels from the cache where they are there, and put them there."""
    files = {name: root / DRAWN / f"{name}.svg" for name in sorted(names)}
    drawn = {name: file for name, file in files.items() if file.is_file()}
    pixels = cache(partial(_kept_pixels if keeps else in_pixels, root, drawn))

    def pixels_of(name: str) -> bytes:
        return pixels()[name]

    for name, file in files.items():
        if name in drawn:
            yield copied(file, f"figures/{name}.svg")
            made_from = digests.file_digest(file)
            yield PlannedFile(f"figures/{name}.png", made_from, partial(pixels_of, name))
        rows = file.with_suffix(".csv")
        if rows.is_file():
            yield copied(rows, f"figures/{name}.csv")


def figures_among(images: Iterable[str]) -> set[str]:
    """Names of the figures among images, which are paths from the root."""
    return {name for image in images if (name := drawn_by(image))}


def in_pixels(root: Path, drawn: Mapping[str, Path]) -> dict[str, bytes]:
    """Figures as PNG by name, as large as they are printed; the same drawing gives the same bytes.

    Many are set together, for whatever Typst has set makes it forget some of what it has laid out
    before, and a PDF may be under way; but no more than there is room for.
    """
    names, pictures = sorted(drawn), list[bytes]()
    for begun in range(0, len(names), _TOGETHER):
        files = [drawn[name] for name in names[begun : begun + _TOGETHER]]
        paths = "\n".join(f"/{file.relative_to(root).as_posix()}" for file in files)
        asked = {"paths": paths}
        compiler = typst.Compiler(_PAGES, root=root, font_paths=fonts(), sys_inputs=asked)
        made = compiler.compile(format="png", ppi=PPI)
        pictures += [made] if isinstance(made, bytes) else made or []
    whole = (it[:_AFTER_HEADER] + _resolution() + it[_AFTER_HEADER:] for it in pictures)
    return dict(zip(names, whole, strict=True))


def _resolution() -> bytes:
    """The chunk `pHYs` of the PNG specification, which Typst leaves out: with it a word processor
    shows a figure at the size at which it is printed."""
    metres = round(PPI / 0.0254)
    chunk = b"pHYs" + struct.pack(">IIB", metres, metres, 1)
    return struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))


def _kept_pixels(root: Path, drawn: Mapping[str, Path]) -> dict[str, bytes]:
    tools = [digests.file_digest(Path(__file__)), installed()]
    kept = {
        name: f"pixels/{digests.value_digest([digests.file_digest(file), tools])}"
        for name, file in drawn.items()
    }
    found = {name: content for name, it in kept.items() if (content := store.get(root, it))}
    new = in_pixels(root, {name: drawn[name] for name in drawn if name not in found})
    for name in found:
        store.touch(root, kept[name])
    for name, content in new.items():
        store.put(root, kept[name], content)
    return found | new
