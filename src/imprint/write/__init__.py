"""A composed book -> files: the site, the PDF and what stands behind them."""
