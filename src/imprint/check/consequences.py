"""Problems that only follow from others, or say the same again."""

from __future__ import annotations

from collections.abc import Iterable

from imprint.core.problems import Problem, passes_on


def without_consequences(found: Iterable[Problem], read: Iterable[Problem]) -> list[Problem]:
    """The problems that rules found and those told before, each thing once.

    What was told while the report was read, run or composed goes where a rule tells the same of
    the same line, and where it passes on what is wrong with another file without being code.
    """
    found, read = list(found), list(read)
    vague = {_rule_and_line(it) for it in found}
    told = vague | {_rule_and_line(it) for it in read if it.place.column}
    said = {(it.place.file, it.message) for it in found}
    causes = [it for it in (*found, *read) if it.severity == "error" and it.place.line]
    places = {f"{it.place.file}:{it.place.line}": it for it in causes}

    def follows(problem: Problem) -> bool:
        is_told = _rule_and_line(problem) in (vague if problem.place.column else told)
        again = (problem.place.file, problem.message) in said
        passed_on = (it for place, it in places.items() if place in problem.message)
        passed_on = (it for it in passed_on if not passes_on(problem))
        return is_told or again or any(it != problem for it in passed_on)

    # What two readers tell of one place is told by the first.
    first = {(it.code, it.place): it for it in reversed(read)}
    once = (it for it in read if not it.place.column or first[it.code, it.place] == it)
    return [*found, *(it for it in once if not follows(it))]


def _rule_and_line(problem: Problem) -> tuple[str, str, int]:
    return problem.code, problem.place.file, problem.place.line
