"""Quarto's pre-render hook: show every problem before Quarto starts a kernel."""

import sys

try:
    from imprint.cli import main
except ModuleNotFoundError as missing:
    sys.exit(
        f"{sys.executable} has no package '{missing.name}': run scripts/render once, which tells"
        " Quarto of .venv, or let QUARTO_PYTHON name a Python that has the report's packages"
    )

sys.exit(main(["check", "--for-quarto"]))
