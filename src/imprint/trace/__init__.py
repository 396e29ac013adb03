"""Where a statistic, a source or a file goes, and what a changed row would change.

Told by the report's documents and by what its chapters were noted to read. Where things go is told
without running code; a changed row is tried out by building with it.
"""
