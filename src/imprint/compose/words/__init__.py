"""What a publication says of itself, and the words that the engine adds in its language."""
