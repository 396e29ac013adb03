"""A client of a running kernel: runs code and expressions within a time limit."""

from __future__ import annotations

import ast
import contextlib
import json
import re
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

_START_SECONDS = 60.0
_GRACE_SECONDS = 2.0
"""How long an interrupted cell has to stop before its kernel is killed."""
_POLL_SECONDS = 0.25
"""How soon the death of a kernel is noticed."""
_LONGEST_LOOK = 2.0
"""Seconds between two looks at a limit that count towards it."""
_MOST_TEXT = 5_000_000
"""Characters one cell may print; more is a loop that never ends."""

_LAST_ERROR = '__import__("imprint.run.in_kernel", fromlist=["_"]).last_error()'

Stop = Literal["", "time", "size"]


@dataclass(frozen=True)
class RaisedError:
    """An exception that code in the kernel did not catch."""

    name: str
    """Its class: `KeyError`."""
    message: str
    ours: bool = False
    """True when `imprint` raised it on purpose: the message says it all."""
    frames: tuple[tuple[int | str, int], ...] = ()
    """Where it happened, outermost first: execution count or file, and line."""
    fix: str = ""
    """How to put it right, where `imprint` raised it."""


def raised(told: Mapping[str, Any]) -> RaisedError:
    """The exception again that JSON tells of."""
    return RaisedError(**{**told, "frames": tuple((where, line) for where, line in told["frames"])})


@dataclass(frozen=True)
class Answer:
    """What came of running some code."""

    outputs: tuple[Mapping[str, Any], ...] = ()
    """Streams, displays and errors in order, as nbformat writes them."""
    failure: RaisedError | None = None
    values: tuple[Mapping[str, Any] | RaisedError, ...] = ()
    """For each expression its MIME bundle, or why it has none."""
    count: int = 0
    """Execution count, by which frames name the cell."""
    stopped: Stop = ""
    """`time` or `size` when the limit on time or on printed text ended it."""
    left: bool = False
    """True when the code asked its kernel to end, as `exit()` does."""


class KernelError(Exception):
    """The kernel could not start or has died; says how in a few words."""

    def __init__(self, how: str, outputs: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(how)
        self.outputs = tuple(outputs)


class Deadline:
    """A limit in seconds, less what passes between looks at it.

    A pause between two looks counts little: then the computer slept, or all of this was stopped,
    and the kernel could get no further.
    """

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self._looked = time.monotonic()

    def is_over(self) -> bool:
        """Whether the time is up."""
        now = time.monotonic()
        self._left -= min(now - self._looked, _LONGEST_LOOK)
        self._looked = now
        return self._left < 0


@dataclass
class Kernel:
    """A running kernel, as `start_kernel` yields it."""

    _manager: AsyncKernelManager
    _client: Any
    _root: Path
    """The report's folder, which warnings name before a module's path."""
    _displays: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def wait_until_ready(self, log: Path) -> None:
        """Wait for the kernel's first word. Raises KernelError when it dies or stays silent."""
        deadline = Deadline(_START_SECONDS)
        while not deadline.is_over():
            with contextlib.suppress(Empty):
                # ipykernel greets each subscriber; what is sent after that cannot be missed.
                await self._client.get_iopub_msg(timeout=_POLL_SECONDS)
                return
            if not await self._manager.is_alive():
                said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
                raise KernelError(said[-1] if said else await self._how_it_died())
        raise KernelError(f"it said nothing for {_START_SECONDS:.0f} s")

    async def run(self, code: str, timeout: float, expressions: Sequence[str] = ()) -> Answer:
        """Run code, then evaluate expressions in order; `timeout` is in seconds, for all of it.

        When the time is up the kernel is interrupted and, should that not help, killed.
        Raises KernelError when the kernel dies of itself.
        """
        # An error is asked for after each expression: the next one would overwrite it.
        both = [text for expression in expressions for text in (expression, _LAST_ERROR)]
        asked = {str(n): text for n, text in enumerate(both)}
        number = self._client.execute(
            code, store_history=bool(code), user_expressions=asked, allow_stdin=False
        )
        outputs, stopped = await self._listen(number, timeout)
        reply = {} if stopped == "killed" else await self._reply(number, outputs)
        size = sum(len(output.get("text", "")) for output in outputs)
        limit: Stop = "size" if size > _MOST_TEXT else "time" if stopped else ""
        # A figure that cannot be drawn is told as an output; the cell's own reply is then `ok`.
        errors = [output for output in outputs if output["output_type"] == "error"]
        failure = None
        if reply.get("status") == "error" or (errors and reply):
            failure = await self._last_error(errors[-1] if errors else reply)
        for output in outputs:
            if output.get("name") == "stderr":
                output["text"] = self._from_root(output["text"])
        return Answer(
            outputs=tuple(outputs),
            failure=failure,
            values=tuple(_values(reply.get("user_expressions", {}), len(expressions))),
            count=reply.get("execution_count", 0),
            stopped=limit,
            left=any(item.get("source") == "ask_exit" for item in reply.get("payload", ())),
        )

    def _from_root(self, text: str) -> str:
        """Warnings with the paths of the report's modules as they are on every machine."""
        place = rf"^{re.escape(str(self._root))}[/\\](?=\S+\.py:\d+: )"
        return re.sub(place, "", text, flags=re.MULTILINE)

    async def _listen(
        self, number: str, timeout: float
    ) -> tuple[list[dict[str, Any]], Literal["", "interrupted", "killed"]]:
        """Collect outputs until the kernel is idle again or has used up its time."""
        outputs: list[dict[str, Any]] = []
        stopped: Literal["", "interrupted"] = ""
        deadline = Deadline(timeout)
        clear_next = False
        printed = 0
        while True:
            if deadline.is_over() or (printed > _MOST_TEXT and not stopped):
                if stopped:
                    await self._manager.shutdown_kernel(now=True)
                    return outputs, "killed"
                stopped = "interrupted"
                deadline = Deadline(_GRACE_SECONDS)
                await self._manager.interrupt_kernel()
            try:
                message = await self._client.get_iopub_msg(timeout=_POLL_SECONDS)
            except Empty:
                if not await self._manager.is_alive():
                    raise KernelError(await self._how_it_died(), outputs) from None
                continue
            if message["parent_header"].get("msg_id") != number:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return outputs, stopped
            if kind == "clear_output":
                clear_next = True
                if not content.get("wait"):
                    outputs.clear()
                    clear_next = False
            elif kind in ("stream", "display_data", "execute_result", "error"):
                if clear_next:
                    outputs.clear()
                    clear_next = False
                printed += len(content.get("text", ""))
                if printed <= _MOST_TEXT or not stopped:
                    self._add(outputs, {"output_type": kind, **content})
            elif kind == "update_display_data":
                self._update(content)

    def _add(self, outputs: list[dict[str, Any]], output: dict[str, Any]) -> None:
        """Put an output to the others; text continues the stream it belongs to."""
        last = outputs[-1] if outputs else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] += output["text"]
            return
        if shown := output.pop("transient", {}).get("display_id"):
            self._displays[shown] = output
        outputs.append(output)

    def _update(self, content: Mapping[str, Any]) -> None:
        shown = self._displays.get(content.get("transient", {}).get("display_id", ""))
        if shown is not None:
            shown["data"] = content["data"]

    async def _reply(self, number: str, outputs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        while True:
            try:
                message = await self._client.get_shell_msg(timeout=_POLL_SECONDS)
            except Empty:
                if not await self._manager.is_alive():
                    raise KernelError(await self._how_it_died(), outputs) from None
                continue
            if message["parent_header"].get("msg_id") == number:
                content: dict[str, Any] = message["content"]
                return content

    async def _last_error(self, told: Mapping[str, Any]) -> RaisedError:
        """Ask the kernel where its last error happened; without an answer take what it told."""
        plain = RaisedError(told.get("ename", "Error"), told.get("evalue", ""))
        try:
            number = self._client.execute(
                "", silent=True, store_history=False, user_expressions={"0": _LAST_ERROR}
            )
            await self._listen(number, _GRACE_SECONDS)
            more = (await self._reply(number, ()))["user_expressions"]["0"]
        except (KernelError, KeyError):
            return plain
        return _failure(more) or plain

    async def _how_it_died(self) -> str:
        provisioner = self._manager.provisioner
        code = await provisioner.poll() if provisioner else None
        if code is None or code >= 0:
            return f"exit status {code or 0}"
        name = signal.Signals(-code).name
        return f"signal {name}" + (", perhaps for want of memory" if name == "SIGKILL" else "")


def _values(results: Mapping[str, Any], wanted: int) -> Iterator[Mapping[str, Any] | RaisedError]:
    for n in range(wanted):
        result, error = results.get(str(2 * n)), results.get(str(2 * n + 1), {})
        if result is None:
            yield RaisedError("NotEvaluated", "an earlier expression stopped the kernel")
        elif result["status"] == "ok":
            yield result["data"]
        else:
            yield _failure(error) or RaisedError(result["ename"], result["evalue"])


def _failure(told: Mapping[str, Any]) -> RaisedError | None:
    """Read what `inside.last_error` said: JSON, as the repr of a string."""
    text = ast.literal_eval(told.get("data", {}).get("text/plain", "''"))
    if not text:
        return None
    return raised(json.loads(text))
