"""Commands that have a module of their own; `analysis.cli` registers them."""
