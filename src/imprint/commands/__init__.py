"""One verb, one file. Each offers `add_arguments(parser)` and `run(arguments, say) -> int`."""
