"""What an editor asks of an open report while its authors type: a language server."""
