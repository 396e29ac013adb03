"""From chapters to finished files: execute, compose, write pages, set the PDF."""
