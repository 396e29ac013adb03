"""Imprint: what a chapter may import."""

from imprint.author.calls import claim, figure, stat, table

__all__ = ["claim", "figure", "stat", "table"]
