"""Reviewers' comments: read, kept beside the report, and placed at the words they were made on."""
