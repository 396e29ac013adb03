"""Text as a reader meets it: paragraphs, sentences, amounts, spelling."""
