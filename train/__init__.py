"""The training half: from graded work to adapters and heads."""
