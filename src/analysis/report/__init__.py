"""Layer 5: notebooks run, exported and listed. The only modules that write outputs."""
