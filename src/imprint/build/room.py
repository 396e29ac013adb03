"""What the system lets a process have: raised where it may be, told where it is too little."""

from __future__ import annotations

import os
import sys

from imprint.core.problems import ReportError, problem

FILES = 256
"""A small report on two cores has some sixty open at once."""
KIBIBYTES = 1_000_000
"""Address space without which pandoc and kernels do not start."""


def require_room() -> None:
    """Raise limits as far as the system lets us. Raises ReportError where they are too low."""
    if sys.platform == "win32":
        return
    import resource

    no_limit = resource.RLIM_INFINITY
    problems = []
    for kind, least, unit, letter, what in (
        (resource.RLIMIT_NOFILE, FILES, 1, "n", "open files"),
        (resource.RLIMIT_AS, KIBIBYTES, 1024, "v", "KiB of memory"),
    ):
        soft, hard = resource.getrlimit(kind)
        if soft != no_limit and soft < least * unit and soft != hard:
            soft = least * unit if hard == no_limit else min(hard, least * unit)
            resource.setrlimit(kind, (soft, hard))
        if soft != no_limit and soft < least * unit:
            message = f"the system allows {soft // unit} {what}, of which {least} are needed"
            fix = f"allow more: `ulimit -{letter} {least}`"
            problems.append(problem("system-has-room", "ulimit", 0, message, fix))
    if problems:
        raise ReportError(problems)


def keep_own_files() -> None:
    """Let us read and write what we have written, whatever the mask of rights says."""
    if os.name == "posix":
        os.umask(os.umask(0o077) & 0o077)
