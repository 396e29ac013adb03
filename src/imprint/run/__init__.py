"""Chapters -> executed chapters: kernels, the process they are forked from, and the cache."""
