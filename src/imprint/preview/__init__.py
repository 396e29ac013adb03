"""The live preview: edited sources -> pages in a browser on the same machine, problems over them.

`watching` tells of edits, `builder` makes pages and PDFs, `pages` keeps the folder they stand in,
`board` holds what browsers are told, `server` serves both, and `session` drives all of it.
"""
