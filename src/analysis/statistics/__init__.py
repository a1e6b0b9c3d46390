"""Layer 3: rows in, rows out. Nothing here knows an indicator, a file or an area."""
