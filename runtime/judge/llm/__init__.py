"""Judging with a causal model: items in, score distributions and feedback out."""
