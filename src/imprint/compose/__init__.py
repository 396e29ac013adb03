"""Executed chapters -> one composed book: pandoc, numbering, citing."""
