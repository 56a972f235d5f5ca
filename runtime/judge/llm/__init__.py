"""Items to judgements and feedback with a causal model."""
