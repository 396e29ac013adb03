"""Quarto's pre-render hook: show every problem before Quarto starts a kernel."""

import os
import sys

from imprint.cli import main

sys.exit(0 if os.environ.get("IMPRINT_RENDERS") else main(["check"]))
