"""What a cell's options put around its code and outputs: labels, captions, layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from imprint.core.escaping import attribute

Lines = Sequence[str]
"""Lines of Markdown."""


@dataclass(frozen=True)
class OutputLines:
    """One output of a cell."""

    lines: Lines
    is_displayed: bool = True
    """Not printed, and so one that a caption may be for."""

    @property
    def is_image(self) -> bool:
        """Whether it is an image and nothing else."""
        return len(self.lines) == 1 and self.lines[0].startswith("![](")


def captioned(options: Mapping[str, Any], outputs: Sequence[OutputLines]) -> Iterator[Lines]:
    """Give the outputs their captions and, where it is one to refer to, the cell's label."""
    label = str(options.get("label") or "")
    kind = label.partition("-")[0]
    is_table = _is_table(options)
    caption = caption_of(options)
    content = _parts(outputs, label, captions_of(options), is_whole=isinstance(caption, list))
    names = kind in ("fig", "tbl") and not any(
        f"#{label}{end}" in line for block in content for line in block for end in (" ", "}")
    )
    layout = _layout(options)
    if not content or not (names or caption) or isinstance(caption, list):
        yield [f"::: {{{layout.strip()}}}"] if layout and len(content) > 1 else []
        yield from content
        yield [":::"] if layout and len(content) > 1 else []
    elif len(outputs) == 1 and outputs[0].is_image and not is_table:
        image = content[0][0].replace("![]", f"![{one_line(caption)}]", 1)
        yield [image.replace("{fig-alt", f"{{#{label} fig-alt", 1) if names else image]
    else:
        # A label's div holds the caption as its last paragraph.
        widths = options.get("tbl-colwidths")
        sized = f' tbl-colwidths="{attribute(str(widths))}"' if is_table and widths else ""
        yield [f"::: {{#{label}{sized}{layout}}}"] if names else []
        yield from content
        yield [one_line(caption)] if caption else []
        yield [":::"] if names else []


def caption_of(options: Mapping[str, Any]) -> str | list[str]:
    """The caption of all outputs together, or one for each; empty where there is none."""
    return options.get("tbl-cap" if _is_table(options) else "fig-cap") or ""


def _is_table(options: Mapping[str, Any]) -> bool:
    return str(options.get("label") or "").startswith("tbl-") or "tbl-cap" in options


def captions_of(options: Mapping[str, Any]) -> Sequence[str]:
    """Captions of single outputs, in their order."""
    caption = caption_of(options)
    if isinstance(caption, list):
        return caption
    return options.get("tbl-subcap" if "tbl-subcap" in options else "fig-subcap") or ()


def code_attributes(options: Mapping[str, Any]) -> str:
    """The attributes of a cell's code as it is shown: its name as a listing, its file's name."""
    label = str(options.get("lst-label") or options.get("label") or "")
    label = label if label.startswith("lst-") else ""
    given = {"lst-cap": options.get("lst-cap"), "filename": options.get("filename")}
    more = [f'{name}="{attribute(one_line(value))}"' for name, value in given.items() if value]
    return " ".join(["{" + (f"#{label} " if label else "") + ".python .cell-code", *more]) + "}"


def _layout(options: Mapping[str, Any]) -> str:
    """The attributes by which outputs stand beside each other."""
    names = ("layout", "layout-ncol", "layout-nrow")
    given = {name: options[name] for name in names if name in options}
    return "".join(f' {name}="{attribute(str(value))}"' for name, value in given.items())


def _parts(
    outputs: Sequence[OutputLines], label: str, captions: Sequence[str], *, is_whole: bool
) -> list[Lines]:
    """The outputs with captions of their own: as parts of the cell's figure or table, or each
    `is_whole`, of which the first one has the cell's label."""
    parts: list[Lines] = []
    number = 0
    for output in outputs:
        number += output.is_displayed
        caption = one_line(captions[number - 1]) if 0 < number <= len(captions) else ""
        name = f"#{label}" if is_whole else f"#{label}-{number}"
        name = f"{name} " if label and (number == 1 or not is_whole) else ""
        if not (caption and output.is_displayed):
            parts.append(output.lines)
        elif output.is_image:
            image = output.lines[0].replace("![]", f"![{caption}]", 1)
            parts.append([image.replace("{fig-alt", f"{{{name}fig-alt", 1)])
        elif name or not is_whole:
            named = name.strip() or ".part"
            parts.append([f"::: {{{named}}}", *output.lines, "", caption, ":::"])
        else:
            parts.append([*output.lines, "", caption])
    return parts


def one_line(text: Any) -> str:
    """An option's text without line breaks; empty for none."""
    return " ".join(str(text or "").split())
