"""Files of a report -> `Report`: project, chapters, data and bibliography, read and nothing run."""
