"""A notebook's stored outputs -> the answers of a kernel: Quarto prints what is stored and runs a
notebook of its own accord only where `execute: enabled: true` asks for it."""

from __future__ import annotations

from collections.abc import Mapping

from imprint.core.model import Cell
from imprint.read.chapters.ipynb import load_notebook, stored_outputs
from imprint.read.single_file import SingleFile
from imprint.run.cache import CachedRun
from imprint.run.current import Current
from imprint.run.execute import CacheLookup, run_request
from imprint.run.kernel_client import Answer


def stored_results(single: SingleFile) -> CacheLookup | None:
    """What the notebook of a plain project holds; None for any other file, and where
    inline code needs a kernel."""
    project, chapter = single.report.project, single.chapter
    execute = chapter.metadata.get("execute")
    enabled = isinstance(execute, Mapping) and execute.get("enabled") is True
    if not chapter.path.endswith(".ipynb") or not project.is_plain or enabled:
        return None
    data, _ = load_notebook(single.file.read_text(encoding="utf-8-sig"), chapter.path)
    code = [cell for cell in data["cells"] if cell.get("cell_type") == "code"] if data else []
    cells = [part for part in chapter.parts if isinstance(part, Cell)]
    waiting = list(zip(cells, code, strict=False))
    request = run_request(project.root, chapter, project.execute_dir)
    answers = []
    for asked, expressions in request.questions:
        if expressions:
            return None
        found = next((pair for pair in waiting if pair[0].code.strip() == asked.strip()), None)
        if found:
            waiting.remove(found)
        answers.append(Answer(tuple(stored_outputs(found[1])) if found else ()))
    stored = CachedRun("stored", tuple(answers), (), (), {})
    current = Current(project.root, single.report.statistics)
    return CacheLookup(current, {chapter.path: (request, stored)})
