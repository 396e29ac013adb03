"""Values and small services that depend on nothing else of the package."""
