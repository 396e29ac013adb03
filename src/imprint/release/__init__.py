"""A commit of a report -> a bundle that anyone can check and rebuild."""
