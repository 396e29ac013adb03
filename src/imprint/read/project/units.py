"""`imprint: units:` of `_quarto.yml` -> what is wrong with what a report declares there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imprint.core.problems import Problem
from imprint.read.node import Node

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


def unit_problems(name: str, declared: Node) -> Iterator[Problem]:
    """What is wrong with a unit whose values have their form (`unit-is-complete`): a name that no
    row can give, no plural or nothing to print at all, limits the wrong way round."""

    def problem(at: Node, message: str, fix: str) -> Problem:
        return Problem(at.key, "unit-is-complete", message, fix)

    said = {key: declared.text(key) for key in ("symbol", "singular", "plural", "after")}
    if not _NAME.match(name):
        fix = "write it in small letters, digits and underscores, such as tonnes_co2e"
        yield problem(declared, f"'{name}' is no name of a unit", fix)
    if said["singular"] and not said["plural"]:
        yield problem(
            declared.map["singular"],
            f"unit '{name}' has no plural",
            f"give `plural:`, even where it is '{said['singular']}' again",
        )
    elif said["plural"] and not said["singular"]:
        yield problem(
            declared.map["plural"],
            f"unit '{name}' has no singular",
            f"give `singular:`, even where it is '{said['plural']}' again",
        )
    elif said["symbol"] and not said["plural"]:
        fix = "give `singular:` and `plural:`, which stand where a sentence begins"
        yield problem(declared.map["symbol"], f"unit '{name}' has no plural, only a symbol", fix)
    elif not any(said.values()):
        fix = "give `singular:` and `plural:`, a `symbol:`, or what comes `after:` the number"
        yield problem(declared, f"unit '{name}' does not say how it prints", fix)
    least, most = declared.map.get("minimum"), declared.map.get("maximum")
    if least and most and float(least.text()) >= float(most.text()):
        yield problem(most, f"the limits of unit '{name}' allow none", "turn them round")
