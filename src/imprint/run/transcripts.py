"""What is asked of a chapter's kernel and what it answered, so that it can be told again.

A chapter asks the same questions, in the same order, for as long as its code stays the same; its
prose and the options that say what is printed are no part of them.
"""

from __future__ import annotations

from collections.abc import Coroutine, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from imprint.run.kernel_client import Answer, RaisedError, raised

INSIDE = '__import__("imprint.run.in_kernel", fromlist=["_"])'
"""How the engine's questions name what they run inside a kernel."""

Question = tuple[str, tuple[str, ...]]
"""Code and expressions, as `Kernel.run` takes them."""


class Answers(Protocol):
    """Whoever answers: a running kernel, or one of those below."""

    async def run(self, code: str, timeout: float, expressions: Sequence[str] = ()) -> Answer:
        """Run code, then evaluate expressions in order."""
        ...


class Rehearsal:
    """Notes the questions and answers nothing."""

    def __init__(self) -> None:
        self.questions: list[Question] = []

    async def run(self, code: str, _timeout: float, expressions: Sequence[str] = ()) -> Answer:
        """Note a question."""
        self.questions.append((code, tuple(expressions)))
        return Answer(values=({},) * len(expressions))


@dataclass
class Recording:
    """A kernel whose answers are kept."""

    kernel: Answers
    answers: list[Answer] = field(default_factory=list)

    async def run(self, code: str, timeout: float, expressions: Sequence[str] = ()) -> Answer:
        """Ask the kernel."""
        answer = await self.kernel.run(code, timeout, expressions)
        self.answers.append(answer)
        return answer


class Replay:
    """Gives the answers that were given before to the same questions."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self._answers = iter(answers)

    async def run(self, _code: str, _timeout: float, _expressions: Sequence[str] = ()) -> Answer:
        """Give the next answer."""
        return next(self._answers)


def at_once(play: Coroutine[Any, Any, None]) -> None:
    """Run to its end what waits for no one, as no kernel is asked; no event loop is needed."""
    try:
        play.send(None)
    except StopIteration:
        return
    raise RuntimeError("it waits for something")


def to_json(answer: Answer) -> dict[str, Any]:
    """An answer as JSON can hold it."""
    return {
        "outputs": [
            # Nobody prints a traceback, and it names folders of this machine.
            {name: value for name, value in output.items() if name != "traceback"}
            for output in answer.outputs
        ],
        "failure": asdict(answer.failure) if answer.failure else None,
        "values": [
            {"failure": asdict(it)} if isinstance(it, RaisedError) else {"data": dict(it)}
            for it in answer.values
        ],
        "count": answer.count,
    }


def from_json(written: Mapping[str, Any]) -> Answer:
    """The answer again. Raises KeyError or TypeError where it is none."""
    return Answer(
        outputs=tuple(written["outputs"]),
        failure=raised(written["failure"]) if written["failure"] else None,
        values=tuple(
            raised(it["failure"]) if "failure" in it else it["data"] for it in written["values"]
        ),
        count=written["count"],
    )
