"""The plan of a build: which value is made from which, and what is put into `_output/`."""
