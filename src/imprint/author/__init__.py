"""What `stat`, `claim`, `figure` and `table` do in a chapter."""
