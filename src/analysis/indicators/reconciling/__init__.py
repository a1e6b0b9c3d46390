"""Every figure held against every other: what can be computed from declared rules, and what it says."""
