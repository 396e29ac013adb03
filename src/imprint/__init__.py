"""Imprint: what a chapter may import."""

from imprint.authoring import claim, figure, stat, table

__all__ = ["claim", "figure", "stat", "table"]
