"""Quantizations of one model side by side: size, memory, speed, quality."""
