"""What was measured -> the tables and the plot of docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from statistics import median

from matplotlib.figure import Figure
from measure import Measured, Results, percentile
from scenes import FROM_NOTHING
from synthetic import ROOT

from imprint.charts import panel_chart, style

DOCUMENT = ROOT / "docs" / "benchmarks.md"
PLOT = ROOT / "docs" / "images" / "benchmarks.svg"
MARKERS = ("<!-- measured by scripts/bench -->", "<!-- end -->")
OF_EDITIONS = ("<!-- editions measured by scripts/bench -->", "<!-- end of editions -->")
STAGES = (
    ("start, read and check the sources, run the chapters", "composing"),
    ("compose", "setting"),
    ("set the PDFs, write pages, manifest and provenance", "review:"),
    ("keep a receipt", "rendered"),
)
"""What happens until a line that begins so is said."""


def write_document(results: Results) -> None:
    """Put tables and plot between the document's markers."""
    text = "\n".join(tables(results))
    put_between(MARKERS, f"{text}\n\n![{alt(results)}](images/{PLOT.name})")
    with style():
        plot(results).savefig(PLOT, metadata={"Date": None, "Creator": None})


def put_between(markers: tuple[str, str], text: str) -> None:
    """Put a text between two markers of the document; what stands around them is kept."""
    before, rest = DOCUMENT.read_text(encoding="utf-8").split(markers[0])
    after = rest.split(markers[1])[1]
    whole = f"{before}{markers[0]}\n\n{text}\n\n{markers[1]}{after}"
    DOCUMENT.write_text(whole, encoding="utf-8")


def tables(results: Results) -> Iterator[str]:
    """The lines of all tables, as Markdown."""
    asked = results.asked
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    yield f"Medians of {asked.runs} renders of this report and of {asked.runs_of_sizes} of each"
    yield f"made-up one, HTML and PDF, on {os.cpu_count()} cores ({platform.machine()},"
    yield f"{platform.system()}, Python {platform.python_version()}, {memory:.0f} GiB of memory;"
    yield f"load of {os.getloadavg()[1]:.1f} while measuring)."
    yield "Memory is the most that all processes held together, looked at each 0.1 s or, where"
    yield "that takes longer, for a twentieth of the time, as PSS."
    quarto = f"Quarto {results.quarto} rendered the same sources in the same run, by turns."
    yield quarto if results.quarto else "Quarto was not on the PATH."
    yield ""
    yield from _renders(results)
    yield from _stages(results)
    yield from _sizes(results)
    yield from _edits(results)


def _renders(results: Results) -> Iterator[str]:
    head = (
        "| Report | Before the render | Seconds | Processor seconds | Memory, MiB | Chapters run |"
    )
    yield head + (" Quarto's seconds | Times ours |" if results.quarto else "")
    yield "|---|---|---:|---:|---:|---:|" + ("---:|---:|" if results.quarto else "")
    for found in results.renders:
        cells = [found.subject.name, found.scene.name, f"{found.wall():.2f}"]
        cells += [f"{found.processors():.2f}", f"{found.memory():.0f}", f"{found.ran():.0f}"]
        if found.quarto:
            cells += [f"{median(r.wall for r in found.quarto):.2f}", f"{found.times_quarto():.1f}"]
        yield f"| {' | '.join(cells)} |"


def _stages(results: Results) -> Iterator[str]:
    """Where the time of this report's renders from nothing goes, by what they said when."""
    for found in results.renders:
        if found.scene is FROM_NOTHING and not found.subject.chapters:
            yield "\nWhere the time of a render of this report from nothing goes:\n"
            yield "| Stage | Seconds |"
            yield "|---|---:|"
            before = 0.0
            for name, mark in STAGES:
                at = median(
                    next((at for at, line in run.said if line.startswith(mark)), before)
                    for run in found.ours
                )
                yield f"| {name} | {max(0.0, at - before):.2f} |"
                before = max(before, at)


def _sizes(results: Results) -> Iterator[str]:
    """What a chapter costs in reports of several sizes, against the smallest."""
    sized = [found for found in results.renders if found.subject.chapters]
    smallest: dict[str, Measured] = {}
    if sized:
        yield "\nWhat a chapter costs, and how many times what it costs in the smallest report:\n"
        head = "| Chapters | Before the render | Seconds for each | Processor seconds for each |"
        yield f"{head} Ratio |"
        yield "|---:|---|---:|---:|---:|"
    for found in sorted(sized, key=lambda found: found.subject.chapters):
        least = smallest.setdefault(found.scene.name, found)
        each = found.processors() / found.subject.chapters
        ratio = each / (least.processors() / least.subject.chapters)
        cells = [str(found.subject.chapters), found.scene.name]
        cells += [f"{found.wall() / found.subject.chapters:.3f}", f"{each:.3f}", f"{ratio:.2f}"]
        yield f"| {' | '.join(cells)} |"


def _edits(results: Results) -> Iterator[str]:
    if results.edits:
        yield "\nFrom saving a sentence to holding its page, in `imprint preview`:\n"
        yield "| Report | Edits | Median, s | 95th percentile, s | Longest, s |"
        yield "|---|---:|---:|---:|---:|"
    for subject, took in results.edits:
        yield f"| {subject.name} | {len(took)} | {_figures(took)} |"
    if results.rows:
        yield "\nFrom saving a changed row of this report to all its pages and PDFs, in"
        yield "`imprint preview`:\n"
        yield "| Edits | Median, s | 95th percentile, s | Longest, s |"
        yield "|---:|---:|---:|---:|"
        yield f"| {len(results.rows)} | {_figures(results.rows)} |"


def _figures(took: Sequence[float]) -> str:
    figures = (median(took), percentile(took, 95), max(took))
    return " | ".join(f"{value:.2f}" for value in figures)


# --- the plot ----------------------------------------------------------------------------------


def plot(results: Results) -> Figure:
    """Processor seconds of each kind of render, one panel for each report."""
    panels: dict[str, list[dict[str, object]]] = {}
    for found in results.renders:
        value = found.processors()
        row = {"label": found.scene.name.capitalize(), "kind": "exact", "value": value}
        row["wording"] = f"{value:.1f}"
        panels.setdefault(found.subject.name.capitalize(), []).append(row)
    most = max(found.processors() for found in results.renders)
    return panel_chart(panels, _round(most), "processor seconds")


def alt(results: Results) -> str:
    """The plot in words."""
    told = (
        f"{found.subject.name}, {found.scene.name}, {found.processors():.1f}"
        for found in results.renders
    )
    return f"Bar chart of processor seconds for each kind of render: {'; '.join(told)}."


def _round(most: float) -> float:
    """The next end of a scale that its four steps divide evenly."""
    steps: Sequence[float] = (1, 2, 4, 8, 12, 20, 40, 60, 80, 120, 200, 400, 800, 1200, 2000, 4000)
    return next((step for step in steps if step >= most), most)
