"""Quarto's post-render hook: complete the output with figures, names and the manifest."""

import sys

from imprint.cli import main

sys.exit(main(["finish"]))
