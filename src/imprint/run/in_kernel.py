"""What a chapter's kernel runs on the engine's behalf: errors, notes of reads, figure sizes.

Runs inside the kernel, so it imports nothing but the standard library until it is asked.
"""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
from pathlib import Path
from typing import Any

WORDS = "text/x-imprint-words"
"""The form of a value in which people write it."""

_PACKAGE = Path(__file__).resolve().parent.parent


def last_error() -> str:
    """Tell the kernel's last error as JSON and forget it; an empty string when there was none.

    The JSON holds `name`, `message` and `fix`; `ours`, true when a function of `imprint` raised it
    on purpose, so that its message says it all; and `frames`, outermost first: `[execution count,
    line]` in cells, `[file, line]` in the project's own modules. Frames of installed packages are
    left out.
    """
    error = getattr(sys, "last_value", None)
    if error is None:
        return ""
    steps = [(step.filename, step.lineno or 0) for step in traceback.extract_tb(sys.last_traceback)]
    if isinstance(error, SyntaxError) and error.filename:
        steps.append((error.filename, error.lineno or 0))
    sys.last_value = sys.last_traceback = None
    ours = type(error).__module__.split(".")[0] == "imprint"
    return json.dumps(
        {
            "name": type(error).__name__,
            "message": getattr(error, "message", str(error)) if ours else str(error),
            "fix": getattr(error, "fix", "") if ours else "",
            "ours": ours,
            "frames": [[where, line] for file, line in steps if (where := _where(file)) != ""],
        }
    )


def tell_values_in_words() -> None:
    """Let each value that people write otherwise than Python does say how it is written.

    Outputs then carry the form `WORDS` too: texts as they are, numbers of numpy without the name
    of their type, dates as `2 January 2020`. Inline code prints it, and cells do not.
    """
    from datetime import date, datetime, timedelta
    from decimal import Decimal
    from fractions import Fraction
    from pathlib import PurePath

    from IPython.core.formatters import BaseFormatter
    from traitlets import ObjectName, Unicode

    class WordsFormatter(BaseFormatter):
        format_type = Unicode(WORDS)
        print_method = ObjectName("_repr_words_")

    shell = _shell()
    formatter: Any = WordsFormatter(parent=shell.display_formatter)
    for kind in (str, Decimal, Fraction, PurePath):
        formatter.for_type(kind, str)
    formatter.for_type(date, _date_in_words)
    formatter.for_type(datetime, _time_in_words)
    formatter.for_type(timedelta, _span_in_words)
    formatter.for_type_by_name("numpy", "generic", str)
    formatter.for_type_by_name("numpy", "datetime64", _moment_in_words)
    formatter.for_type_by_name("pandas._libs.tslibs.period", "_Period", str)
    shell.display_formatter.formatters[WORDS] = formatter


def _date_in_words(day: Any) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _time_in_words(moment: Any) -> str:
    if moment != moment:  # pandas' NaT
        return "NaT"
    clock = f", {moment:%H:%M}" if (moment.hour, moment.minute) != (0, 0) else ""
    return _date_in_words(moment) + clock


def _moment_in_words(moment: Any) -> str:
    """A moment of numpy's, which knows days without hours."""
    found = moment.astype("datetime64[us]").item()
    return "NaT" if found is None else _time_in_words(found)


def _span_in_words(span: Any) -> str:
    if span != span:  # pandas' NaT
        return "NaT"
    seconds = round(span.total_seconds())
    days, rest = divmod(abs(seconds), 86_400)
    parts = (
        (days, "day"),
        (rest // 3600, "hour"),
        (rest // 60 % 60, "minute"),
        (rest % 60, "second"),
    )
    said: list[str] = [f"{count} {unit}{'s' * (count != 1)}" for count, unit in parts if count]
    sign = "minus " if seconds < 0 else ""
    return sign + (" ".join(said) or "0 seconds")


def begin_notes(variables: list[str]) -> None:
    """Take notes of all that the chapter's code reads, these variables among it."""
    from imprint.run.recorder import listen

    listen(Path(os.environ["QUARTO_PROJECT_DIR"]), variables, [os.environ["IPYTHONDIR"]])


def write_notes(file: str) -> None:
    """Write the notes to a file, which is then whole or not there."""
    from imprint.author import dependencies
    from imprint.core.files import write_atomically
    from imprint.run.recorder import notes_as_json

    text = notes_as_json()
    with dependencies.unseen():
        write_atomically((Path(file), text.encode()))


def figure_size(width: float, height: float) -> None:
    """Draw this cell's figures at this size in inches, and later ones at the size before.

    Works before matplotlib is imported too, and never imports it.
    """
    shell = _shell()
    usual = shell.config.InlineBackend.rc
    _set_figure_size(shell, {**usual, "figure.figsize": (width, height)})

    def restore(*_: Any) -> None:
        shell.events.unregister("post_run_cell", restore)
        _set_figure_size(shell, usual)

    shell.events.register("post_run_cell", restore)


def _set_figure_size(shell: Any, settings: dict[str, Any]) -> None:
    shell.config.InlineBackend.rc = settings
    # The backend takes the settings over when it is loaded, if that is still to come.
    if "matplotlib_inline.backend_inline" in sys.modules:
        sys.modules["matplotlib"].rcParams.update(settings)


def _where(file: str) -> int | str:
    """Name a frame's file: a cell by its execution count, a module by its path from the root."""
    if cell := _shell().compile.format_code_name(file):
        return int(re.sub(r"\D", "", cell[1]))
    if file.startswith("<"):
        return ""
    path = Path(file).resolve()
    root = Path(os.environ["QUARTO_PROJECT_DIR"]).resolve()
    if not path.is_relative_to(root) or path.is_relative_to(_PACKAGE):
        return ""
    inner = path.relative_to(root)
    if any(part.startswith(".") or part == "site-packages" for part in inner.parts):
        return ""
    return inner.as_posix()


def _shell() -> Any:
    from IPython.core.getipython import get_ipython

    return get_ipython()
