"""Chapters: cells, includes, notebooks and what their text mentions."""
