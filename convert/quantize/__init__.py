"""A GGUF file becomes smaller ones, by llama.cpp's own quantizer."""
