"""Evidence for short answers and essays."""
