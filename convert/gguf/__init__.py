"""A model folder or an adapter becomes a GGUF file, by llama.cpp's own converter."""
