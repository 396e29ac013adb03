"""How deep, long and many things may be: beyond it a problem is told, for no report needs more, and
what is meant as harm would take minutes."""

from __future__ import annotations

DEEPEST = 100
"""Levels of lists and maps within each other, in YAML and JSON."""
DEEPEST_TEXT = 50
"""Lists and quotations within each other, in a chapter."""
DEEPEST_BRACKETS, MOST_OPEN = 8, 15
"""Square brackets within each other, and those that are open at a time without an end, in a
paragraph: with each more, pandoc takes twice as long."""
LONGEST_WORD = 5_000
"""Letters and digits without a break, in a chapter's prose."""
MOST_VALUES = 100_000
"""Values in one YAML text, aliases expanded; more is an alias bomb or a mistake."""
MOST_NUMBER = 2**53
"""Up to which all programs read a whole number alike."""
