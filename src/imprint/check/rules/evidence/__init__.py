"""Rules of evidence: what the text says of a work is what the rows of that work say."""
