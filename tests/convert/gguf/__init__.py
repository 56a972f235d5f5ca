"""Tests of the way from a Hugging Face folder to a GGUF file."""
