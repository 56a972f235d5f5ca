"""The practice judge, trained from scratch."""
