"""How far a build has come, shown on a terminal or in a log."""
