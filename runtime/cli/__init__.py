"""The command line: one module a command, dispatched by name."""
