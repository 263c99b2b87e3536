"""The offline baseline: rules and similarity, no language model, no verdicts."""
