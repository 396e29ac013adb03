"""One look for figures, and ready charts."""
