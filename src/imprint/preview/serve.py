"""A preview served from its start to its end: the server, the watch over files and the session."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import socket

import uvicorn

from imprint.core.scratch import scratch_folder
from imprint.preview import watching
from imprint.preview.admission import MOST_BYTES, BoundedProtocol, Reach
from imprint.preview.server import application
from imprint.preview.session import Say, Session


@contextlib.contextmanager
def scratch() -> Iterator[None]:
    """A folder for all temporary files of a preview and of what it starts; it goes with it."""
    before = os.environ.get("TMPDIR"), tempfile.tempdir
    with scratch_folder() as folder:
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
        try:
            yield
        finally:
            os.environ.pop("TMPDIR", None)
            if before[0] is not None:
                os.environ["TMPDIR"] = before[0]
            tempfile.tempdir = before[1]


async def preview(
    root: Path,
    listener: socket,
    started: Callable[[], None],
    say: Say,
    reach: Reach,
    reviewed: bool = False,
) -> None:
    """Serve the project at `root` on a socket that listens, until SIGINT or SIGTERM.

    `started` is called once pages are served; `say` hears what an author wants to know. `reach`
    tells who is answered. Where it is `reviewed`, readers may comment.
    """
    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # On Windows, Ctrl-C cancels this task instead.
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, over.set)
    with scratch():
        session = Session(root, say, is_shared=bool(reach.host))
        asks = {"pdfs": session.ask_pdfs, "render": session.ask_build}
        commenting = session.commenting if reviewed else None
        app = application(session.pages, session.board, reach, asks, commenting)
        server = _Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="off",
                http=BoundedProtocol,
                h11_max_incomplete_event_size=MOST_BYTES,
                ws="none",
                ssl_certfile=reach.certificate or None,
                ssl_keyfile=reach.key or None,
                server_header=False,
                timeout_graceful_shutdown=1,
            )
        )
        working = (
            server.serve([listener]),
            watching.watch(root, watching.states(root), session.edited),
            watching.watch_elsewhere(root, session.elsewhere, session.edited),
            session.run(),
        )
        serving, *others = tasks = [asyncio.create_task(work) for work in working]
        ended = asyncio.create_task(over.wait())
        try:
            started()
            done, _ = await asyncio.wait([*tasks, ended], return_when=asyncio.FIRST_COMPLETED)
        finally:
            session.end()
            server.should_exit = True
            for task in (*others, ended):
                task.cancel()
            await asyncio.gather(serving, *others, return_exceptions=True)
            await session.close()
        for task in done - {ended}:
            task.result()


class _Server(uvicorn.Server):
    """Leaves signals to us."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do nothing about signals."""
        yield
