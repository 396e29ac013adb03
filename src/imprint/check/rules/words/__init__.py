"""Rules of names, abbreviations, spelling and marks."""
