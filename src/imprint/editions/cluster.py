"""Editions -> what came of each, by the workers of a Dask cluster.

Dask does what a cluster needs: it deals tasks out, tries again, and survives workers that die.
"""

from __future__ import annotations

import io
import logging
import os
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from imprint.build.receipt import is_below, source_files
from imprint.core.commit import build_time
from imprint.core.digests import file_digest, value_digest
from imprint.core.problems import ReportError, problem
from imprint.editions.maker import Template
from imprint.editions.record import Made, put_in_place
from imprint.editions.table import Edition
from imprint.editions.worker import Job, WorkerError, differences, make_edition, versions

if TYPE_CHECKING:
    from distributed import Client

_ANSWERS_WITHIN = 20
"""Seconds that a scheduler, and the first worker, are waited for."""
_ATTEMPTS = 3
"""Times that an edition is begun on workers that cannot make it."""
_LARGEST = 500 * 1024**2
"""Bytes of a report that goes out to workers."""


@contextmanager
def cluster(scheduler: str, workers: int) -> Iterator[Client]:
    """A client of the cluster whose scheduler has an address, or is told of in a file of Dask's; of
    one of this machine's with so many workers where `scheduler` is empty.

    Raises ReportError where no scheduler answers, it has no worker, or a worker has other versions
    of what has a hand in editions.
    """
    # What Dask would log of connections that end is told of the editions that they cost.
    logging.disable()
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        message = "editions on a cluster need the package 'distributed', which is not installed"
        raise _refused(message, "add it to the report's packages, see docs/editions.md") from None
    with ExitStack() as held:
        asked: dict[str, object] = {"address": scheduler}
        if not scheduler:
            local = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
            asked = {"address": held.enter_context(local)}
        elif Path(scheduler).is_file():
            asked = {"scheduler_file": scheduler}
        try:
            client = held.enter_context(Client(**asked, timeout=_ANSWERS_WITHIN))
            client.wait_for_workers(1, timeout=_ANSWERS_WITHIN)
        except (OSError, TimeoutError, ValueError) as error:
            message = f"the scheduler '{scheduler}' cannot be used: {error or 'no worker answers'}"
            raise _refused(message, "start it and a worker, or fix its address") from None
        _require_versions(client)
        yield client


def make_on_cluster(
    client: Client,
    template: Template,
    editions: Mapping[str, Edition],
    folder: Path,
    without: Sequence[Path],
) -> Iterator[Made]:
    """Make editions on a cluster, and tell of each when it is in the folder or has failed.

    `editions` stand under the digests of all that they are made from. Of the report everything goes
    out, once for each worker, but the files and folders that editions are made `without`.
    Raises ReportError where the report is too large.
    """
    from distributed import as_completed
    from distributed.client import FutureCancelledError

    root = template.single.report.project.root
    files, packed = packed_report(root, without)
    asked = (
        template.single.file.relative_to(root).as_posix(), template.formats, build_time(root),
    )  # fmt: skip
    job = Job(value_digest([files, *asked]), *asked, versions())
    sent = client.scatter(packed, broadcast=True)
    waiting = {}
    for key, edition in editions.items():
        named = {"key": f"edition-{key}", "retries": _ATTEMPTS - 1}
        waiting[client.submit(make_edition, job, sent, edition, **named)] = edition
    for future in as_completed(list(waiting)):
        edition = waiting.pop(future)
        try:
            yield put_in_place(folder, *future.result())
        except FutureCancelledError:
            message = "the connection to the scheduler was lost: run the command again for the rest"
            yield Made(edition.name, problems=(message,))
        except WorkerError as error:
            yield Made(edition.name, problems=(str(error),))
        except Exception as error:
            said = " ".join(f"the cluster has given up: {type(error).__name__}: {error}".split())
            yield Made(edition.name, problems=(said,))
        future.release()


def packed_report(root: Path, without: Iterable[Path]) -> tuple[str, bytes]:
    """A digest of a report's files, and the files as an archive. Raises ReportError where they are
    too large."""
    left_out = [str(path) for path in without]
    paths = [path for path in source_files(root) if not is_below(path, left_out)]
    if sum(map(os.path.getsize, paths)) > _LARGEST:
        message = f"the folder holds over {_LARGEST // 1024**2} MB, too much to send to workers"
        fix = "move files out of it"
        raise ReportError([problem("report-is-small", root.name, 0, message, fix)])
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w:gz", dereference=True) as files:
        for path in paths:
            files.add(path, os.path.relpath(path, root))
    listed = [(os.path.relpath(path, root), file_digest(Path(path))) for path in paths]
    return value_digest(listed), into.getvalue()


def _require_versions(client: Client) -> None:
    ours = versions()
    problems = []
    for address, theirs in client.run(versions, on_error="return").items():
        # A worker that does not know the question has no Imprint.
        told = theirs if isinstance(theirs, dict) else {}
        if differing := differences(ours, told):
            message = f"the worker {address} has {differing}"
            problems.append(problem("worker-has-versions", "--scheduler", 0, message, _INSTALL))
    if problems:
        raise ReportError(problems)


_INSTALL = "install on it what the report's `uv.lock` names"


def _refused(message: str, fix: str) -> ReportError:
    return ReportError([problem("cluster-answers", "--scheduler", 0, message, fix)])
