"""The two profiles of the tests: the ordinary one, and one that takes as long as it needs."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Any

import pytest

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
"""Whether everything is tried: nightly in CI, and once by whoever closes an issue."""


def cases(all_of_them: Mapping[str, Any], always: Collection[str] = ()) -> list[Any]:
    """Parameters of a test by their ids: one value, or a tuple of as many as the test takes.

    Those named in `always` are tried in every run, the others in the thorough profile.
    """
    assert set(always) <= set(all_of_them), set(always) - set(all_of_them)
    return [
        pytest.param(
            *(values if isinstance(values, tuple) else (values,)),
            id=name,
            marks=() if name in always else pytest.mark.thorough,
        )
        for name, values in all_of_them.items()
    ]
