"""Two documents -> what is unlike in them: words, numbers, citations, floats, places."""
