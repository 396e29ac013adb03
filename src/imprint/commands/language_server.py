"""`imprint language-server`: names, hovers and problems for editors, over stdin and stdout."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

EXAMPLES = """\
imprint language-server                      started by an editor; see docs/editors.md
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command has no options of its own."""
    parser.add_argument("--stdio", action="store_true", help="the default, for editors that ask it")


def run(_arguments: argparse.Namespace, _say: Callable[[str], None]) -> int:
    """Answer an editor until it is done."""
    from imprint.editor.server import report_server

    server = report_server()
    # The editor's own pipe: what anything else prints must not come between its messages.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        server.start_io(sys.stdin.buffer, answers)
    finally:
        server.close()
    return 0
