"""One verb, one file. Each offers `EXAMPLES`, `add_arguments(parser)` and
`run(arguments, say) -> int`."""
