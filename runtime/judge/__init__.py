"""The judge: GGUF models through llama.cpp's low-level API."""
