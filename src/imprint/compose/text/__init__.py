"""The text of a publication as a reader sees it, with the place of every run of words."""
