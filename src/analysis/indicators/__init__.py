"""Layer 2: what is measured: definitions, and the observations of one question."""
