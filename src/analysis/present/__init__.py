"""Layer 4: words, pictures and tables. Nothing here computes a statistic."""
