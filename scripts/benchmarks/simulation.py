"""A cluster of any size, by what a small one took: time, bytes moved, the scheduler's share.

Workers make editions one after the other. What they made goes through the scheduler to the client,
over one link; scheduler and client serve one edition at a time, each by what it took of a
processor when it was measured. Dask hands out editions before they are asked for, so that no worker
waits for the next.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Recorded:
    """What editions took on a real cluster."""

    seconds: tuple[float, ...]
    """Of each edition, at its worker."""
    size: float
    """Bytes of an edition, on average."""
    archive: int
    """Bytes of the report as it goes out."""
    scheduler: float
    """Processor seconds of the scheduler for each edition."""
    client: float
    """The same of the process that asks."""


@dataclass(frozen=True)
class Simulated:
    """What a larger cluster would take."""

    seconds: float
    moved: float
    """Bytes, each counted once on each way."""
    scheduler: float
    """Share of the time in which the scheduler works."""
    client: float
    """The same of the process that asks."""
    workers: float
    """The same of a worker, on average."""


def simulate(
    recorded: Recorded, editions: int, workers: int, bandwidth: float, seed: int = 0
) -> Simulated:
    """Make editions on so many workers, over links of so many bytes a second."""
    drawn = random.Random(seed)
    out = recorded.archive / bandwidth
    # The report goes to the scheduler's side once, and from there to each worker.
    begin = out * (1 + workers)
    # The first edition of a worker also starts what makes editions.
    start = max(recorded.seconds)
    free = [begin + start] * workers
    heapq.heapify(free)
    worked, ends = 0.0, []
    for _ in range(editions):
        took = drawn.choice(recorded.seconds)
        worked += took
        end = heapq.heappop(free) + took
        ends.append(end)
        heapq.heappush(free, end)
    on_the_way = recorded.size / bandwidth
    scheduler = link = client = begin
    for end in sorted(ends):
        scheduler = max(scheduler, end) + recorded.scheduler
        link = max(link, scheduler) + 2 * on_the_way
        client = max(client, link) + recorded.client
    moved = recorded.archive * (1 + workers) + 2 * recorded.size * editions
    busy = (recorded.scheduler * editions, recorded.client * editions, worked / workers)
    return Simulated(client, moved, *(it / client for it in busy))


def simulation_table(recorded: Recorded, editions: int, bandwidth: float) -> Iterator[str]:
    """What clusters of several sizes would take, as Markdown."""
    yield f"By simulation, {editions:,} editions, over links of {bandwidth * 8 / 1e9:.0f} Gbit/s,"
    yield f"with the times of {len(recorded.seconds)} editions on the cluster above"
    yield f"({recorded.size / 1e3:,.0f} kB each, the report {recorded.archive / 1e6:.1f} MB;"
    yield f"{recorded.scheduler * 1e3:.1f} ms of the scheduler and {recorded.client * 1e3:.1f} ms"
    yield "of the process that asks for each):"
    yield ""
    yield "| Workers | Minutes | Moved, GB | Scheduler works | Client works | Workers work |"
    yield "|---:|---:|---:|---:|---:|---:|"
    for workers in (10, 50, 200):
        it = simulate(recorded, editions, workers, bandwidth)
        shares = " | ".join(f"{share:.0%}" for share in (it.scheduler, it.client, it.workers))
        yield f"| {workers} | {it.seconds / 60:.1f} | {it.moved / 1e9:.1f} | {shares} |"
