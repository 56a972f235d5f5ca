"""The embedded default: MiniLM's weights and our adapter become GGUF files, without torch."""
