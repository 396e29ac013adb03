"""The data package and the rows of its tables."""
