"""What a cell's options put around its code and outputs: labels, captions, layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from imprint.core.escaping import attribute

Block = Sequence[str]
"""Lines of Markdown."""


def captioned(
    options: Mapping[str, Any], outputs: Sequence[Block], shows_images: bool
) -> Iterator[Block]:
    """Give the outputs their caption and, where it is one to refer to, the cell's label."""
    label = str(options.get("label") or "")
    content = _parts(options, label, outputs)
    kind = label.partition("-")[0]
    is_table = kind == "tbl" or "tbl-cap" in options
    caption = one_line(options.get("tbl-cap" if is_table else "fig-cap"))
    names = kind in ("fig", "tbl") and not any(
        f"#{label}{end}" in line for block in content for line in block for end in (" ", "}")
    )
    layout = _layout(options)
    if not content or not (names or caption):
        yield [f"::: {{{layout.strip()}}}"] if layout and len(content) > 1 else []
        yield from content
        yield [":::"] if layout and len(content) > 1 else []
    elif len(content) == 1 and shows_images and not is_table:
        image = content[0][0].replace("![]", f"![{caption}]", 1)
        yield [image.replace("{fig-alt", f"{{#{label} fig-alt", 1) if names else image]
    else:
        # A label's div holds the caption as its last paragraph.
        widths = options.get("tbl-colwidths")
        sized = f' tbl-colwidths="{attribute(str(widths))}"' if is_table and widths else ""
        yield [f"::: {{#{label}{sized}{layout}}}"] if names else []
        yield from content
        yield [caption] if caption else []
        yield [":::"] if names else []


def code_attributes(options: Mapping[str, Any]) -> str:
    """The attributes of a cell's code as it is shown: its name as a listing, its file's name."""
    label = options.get("lst-label")
    given = {"lst-cap": options.get("lst-cap"), "filename": options.get("filename")}
    more = [f'{name}="{attribute(one_line(value))}"' for name, value in given.items() if value]
    return " ".join(["{" + (f"#{label} " if label else "") + ".python .cell-code", *more]) + "}"


def _layout(options: Mapping[str, Any]) -> str:
    """The attributes by which outputs stand beside each other."""
    names = ("layout", "layout-ncol", "layout-nrow")
    given = {name: options[name] for name in names if name in options}
    return "".join(f' {name}="{attribute(str(value))}"' for name, value in given.items())


def _parts(options: Mapping[str, Any], label: str, outputs: Sequence[Block]) -> list[Block]:
    """The outputs with captions of their own, as parts of the cell's figure or table."""
    captions = options.get("tbl-subcap" if "tbl-subcap" in options else "fig-subcap") or ()
    parts: list[Block] = []
    for number, block in enumerate(outputs, 1):
        caption = one_line(captions[number - 1]) if number <= len(captions) else ""
        name = f"#{label}-{number} " if label else ""
        if not caption:
            parts.append(block)
        elif len(block) == 1 and block[0].startswith("![]("):
            image = block[0].replace("![]", f"![{caption}]", 1)
            parts.append([image.replace("{fig-alt", f"{{{name}fig-alt", 1)])
        else:
            parts.append([f"::: {{{name.strip() or '.part'}}}", *block, "", caption, ":::"])
    return parts


def one_line(text: Any) -> str:
    """An option's text without line breaks; empty for none."""
    return " ".join(str(text or "").split())
