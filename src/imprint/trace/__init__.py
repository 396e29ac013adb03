"""Where a statistic, a source or a file goes, and what a changed number would change.

Everything is read from the sources: no kernel starts and nothing is written to the report.
"""
