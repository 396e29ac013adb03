"""Which Imprint this is. The package is built with this number, and the extension bears it too."""

VERSION = "0.1.0"
DISTRIBUTION = "imprint-reports"
"""What the package is called where packages are installed from."""
