"""Graded work for training: one schema, loaders, audit, balance, splits, and how it is saved."""
