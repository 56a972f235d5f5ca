"""Bundles: models, question sets and Kindmark itself in one signed file, for USB sticks."""
