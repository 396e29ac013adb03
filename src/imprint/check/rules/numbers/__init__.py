"""Rules of statistics, claims and the numbers in prose."""
