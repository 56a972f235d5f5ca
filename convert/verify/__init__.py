"""What comes out is held against what went in: tokens, logits, verdicts."""
