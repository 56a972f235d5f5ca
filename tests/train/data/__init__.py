"""Training data: loaders, audit, balance, splits, saving and their command."""
