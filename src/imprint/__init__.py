"""Imprint: what a chapter may import."""

from imprint.author.calls import change, claim, compare, figure, stat, table

__all__ = ["change", "claim", "compare", "figure", "stat", "table"]
