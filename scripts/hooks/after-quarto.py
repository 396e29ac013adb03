"""Quarto's post-render hook: complete the output with figures, names and the manifest."""

import sys

try:
    from imprint.cli import main
except ModuleNotFoundError as missing:
    sys.exit(
        f"{sys.executable} has no package '{missing.name}': run scripts/render once, which tells"
        " Quarto of .venv, or let QUARTO_PYTHON name a Python that has the report's packages"
    )

sys.exit(main(["finish"]))
