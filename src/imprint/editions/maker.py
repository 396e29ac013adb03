"""Editions -> their files, one after the other, in a process that keeps what they share."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Self

from imprint.build.plan import Request
from imprint.build.single import judge_of, render_file
from imprint.compose.stages import Stages
from imprint.core.digests import bytes_digest
from imprint.core.events import ignore_events
from imprint.core.model import Format
from imprint.core.problems import Problem, ReportError
from imprint.editions.record import Made
from imprint.editions.table import Edition
from imprint.read.parameters import with_parameters
from imprint.read.single_file import SingleFile
from imprint.run.kernels import kernel_environment

_FORGETS = 50
"""Editions after which a process lets go of what it keeps for the next."""


@dataclass(frozen=True)
class Template:
    """What all editions are made from."""

    single: SingleFile
    problems: tuple[Problem, ...]
    """Of reading it."""
    formats: tuple[Format, ...]
    in_folders: bool = False
    """Whether each edition has a folder of its own."""


class EditionMaker:
    """Makes editions one after the other, with one pandoc and what kernels are forked from."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._count = 0
        self._held = ExitStack()
        root = template.single.report.project.root
        self._stages = self._held.enter_context(Stages(root, 1, keeps=False))
        self._kernels = self._held.enter_context(kernel_environment(root))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def make(self, edition: Edition) -> tuple[Made, dict[str, bytes]]:
        """Make one edition, and its files by name: none where it fails, which is told of it."""
        began = time.monotonic()
        noted: list[Problem] = []
        content: dict[str, bytes] = {}
        try:
            content = self._files(edition, noted)
            problems = on_one_line(noted)
        except ReportError as error:
            problems = on_one_line(error.problems)
        except Exception as error:
            problems = (" ".join(f"internal error: {type(error).__name__}: {error}".split()),)
        digests = {name: bytes_digest(it) for name, it in content.items()}
        size, seconds = sum(map(len, content.values())), round(time.monotonic() - began, 3)
        return Made(edition.name, seconds, digests, size, problems), content

    def _files(self, edition: Edition, noted: list[Problem]) -> dict[str, bytes]:
        template = self._template
        single = replace(
            template.single,
            file=template.single.file.with_name(f"{edition.name}.qmd"),
            report=with_parameters(template.single.report, edition.values),
            around=with_parameters(template.single.around, edition.values),
        )
        request = Request(template.formats, None, 1, keeps=False, ahead=self._kernels)
        judge = judge_of(single, template.problems, noted)
        made = render_file(single, request, ignore_events, judge, self._stages)
        self._count += 1
        if self._count % _FORGETS == 0:
            # The first call ends the turn, the second drops what the last turn did not use.
            self._stages.forget()
            self._stages.forget()
        folder = f"{edition.name}/" if template.in_folders else ""
        return {f"{folder}{path.name}": content for path, content in made.items()}


def on_one_line(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Problems as tables hold them."""
    return tuple(f"{it.place}: {it.message} [{it.code}]" for it in problems)
