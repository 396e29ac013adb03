"""Rules of the bibliography, citations and quotations."""
