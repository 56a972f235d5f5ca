"""Maths evidence: what the child answered, whether it is equal, which line went wrong."""
