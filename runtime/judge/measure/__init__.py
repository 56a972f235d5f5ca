"""Measuring: how fast this machine computes, what a model will take on it, what it took."""
