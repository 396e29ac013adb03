"""The PDF, set by Typst."""
