"""Quarto's YAML: `_quarto.yml`, its profiles and what they list."""
