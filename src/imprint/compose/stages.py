"""The stages of composing that pandoc runs, several at a time, and what they made,
kept under the digest of all that they make it from.

Each stage is a function from a request to an answer, both JSON (`pandoc.py`, `lua/main.lua`):
`read` and `write` for each chapter, `cite`, `frame` and `phrases` once for a publication.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from imprint.compose.pandoc import FILTERS, LUA, PandocError, Pandocs
from imprint.core import digests, store
from imprint.core.memo import ValueMemo
from imprint.core.parallel import results
from imprint.core.problems import ReportError, problem
from imprint.core.scratch import scratch_folder
from imprint.read.packaged import installed
from imprint.read.pandoc import pandoc_identity

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class StageRequest:
    """One stage to be run."""

    stage: Literal["read", "cite", "write", "frame", "phrases"]
    file: str
    """Whose text it is about, for problems."""
    request: Mapping[str, Any]
    made_from: Any = None
    """What the answer depends on, where that is shorter than the request, or more."""
    code: tuple[Path, ...] = ()
    """Files of the extension that have a hand in it."""
    length: int = 0
    """Of its text; the longest begins first, so that it does not run alone at the end."""


@dataclass
class Stages:
    """Runs stages of composing for the project at `root`, `jobs` at a time; each once."""

    root: Path
    jobs: int
    keeps: bool
    """Take answers from the cache where they are there, and put them there."""
    derived: ValueMemo[Any] = field(default_factory=ValueMemo)
    """What was worked out on the way to requests and from answers, for the next time."""
    _answers: dict[str, Future[Answer]] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _held: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        """Make what all threads share; no thread starts yet."""
        self._pool = ThreadPoolExecutor(self.jobs, thread_name_prefix="pandoc")
        self._pandocs = Pandocs(self._held.enter_context(scratch_folder()), self.root)
        code = [digests.file_digests(it.glob("*.lua"), it) for it in (LUA, FILTERS)]
        self._tools = [code, installed(), pandoc_identity()]

    def __enter__(self) -> Stages:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Wait for what runs and leave nothing behind."""
        self._pool.shutdown(cancel_futures=True)
        self._pandocs.end()
        self._answers.clear()
        self._held.close()

    def begin(self, ask: StageRequest) -> None:
        """Have a stage run soon, that the answer be there when it is asked for."""
        self._begin(ask, self.name(ask))

    def answers(self, asks: Iterable[StageRequest]) -> list[Answer]:
        """The answers in order. Raises ReportError with the problems of all that fail."""
        return [answer for _, answer in self.named_answers(asks)]

    def named_answers(self, asks: Iterable[StageRequest]) -> list[tuple[str, Answer]]:
        """The same, each with the name under which it is kept."""
        named = [(ask, self.name(ask)) for ask in asks]
        longest_first = sorted(named, key=lambda it: -it[0].length)
        begun = {name: self._begin(ask, name) for ask, name in longest_first}
        found = results({name: begun[name] for _, name in named})
        return [(name, found[name]) for _, name in named]

    def _begin(self, ask: StageRequest, name: str) -> Future[Answer]:
        self._asked.add(name)
        future = self._answers.get(name)
        if future is None or (future.done() and (future.cancelled() or future.exception())):
            future = self._pool.submit(self._answer, ask, name)
            self._answers[name] = future
        return future

    def name(self, ask: StageRequest) -> str:
        """The name under which the answer is kept."""
        made_from = ask.request if ask.made_from is None else ask.made_from
        code = digests.file_digests(ask.code, self.root)
        return f"{ask.stage}/{digests.value_digest([made_from, code, self._tools])}"

    def forget(self) -> None:
        """Let go of answers that nobody has asked for since the last call, and of processes."""
        self._pandocs.end()
        self._answers = {n: made for n, made in self._answers.items() if n in self._asked}
        self._asked = set()

    def _answer(self, ask: StageRequest, name: str) -> Answer:
        made = partial(_answered, self._pandocs, ask)
        answer: Answer = json.loads(
            store.get_or_make(self.root, name, made) if self.keeps else made()
        )
        return answer


def _answered(pandocs: Pandocs, ask: StageRequest) -> bytes:
    request = json.dumps({"stage": ask.stage, **ask.request}, ensure_ascii=False)
    try:
        return pandocs.answer(request.encode())
    except PandocError as error:
        message = f"pandoc could not compose it: {str(error)[:400]}"
        fix = "take out parts of its text to find the one that pandoc stumbles over"
        raise ReportError([problem("book-composes", ask.file, 0, message, fix)]) from None


def lua_list(value: Any) -> list[Any]:
    """A list that Lua wrote: an empty one comes as an empty map."""
    return value if isinstance(value, list) else []
