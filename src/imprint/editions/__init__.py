"""A table of parameters -> one edition of a page per row."""
