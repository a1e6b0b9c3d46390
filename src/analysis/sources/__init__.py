"""Layer 1: data in. The only modules that read data files."""
