"""Real Quarto: found and run."""
