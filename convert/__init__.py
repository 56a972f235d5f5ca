"""From base weights, adapters and heads to the GGUF files the runtime loads."""
