"""The site: pages, templates, assets and search."""
