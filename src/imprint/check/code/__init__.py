"""What the code of chapters and figures would print, read without running it."""
